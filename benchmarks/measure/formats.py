# SPDX-License-Identifier: Apache-2.0
"""Each format by one thread: reading and writing, against a checksum in C and against Python."""

import json
import os
import pathlib
import random
import shutil
import statistics
import subprocess
import time
from collections import namedtuple

from . import floor, generation, planning, program, rounds
from .format_cases import (
    BY_RANGE,
    DISPLAY_NAMES,
    PACKAGES,
    READERS,
    SIDES,
    STREAMED,
    WRITERS,
    read_cases,
    written_cases,
)

CHUNK_BYTES = 1 << 20

# Of the processor: long enough for the clock and for the compiler, short enough to alternate often.
PASS_SECONDS = 0.15
WARM_UP_SECONDS = {"ours": 1.0, "yardstick": 0.3}
WARM_UP_LIMIT_SECONDS = 10

READING_HEADINGS = (
    ["reading", "storage / sample bytes", "GB/s", "CPU us/sample", "floor", "ratio", "by CPU"]
    + ["yardstick", "CPU us/sample", "ratio", "by CPU", "ratio per round"]
)
WRITING_HEADINGS = (
    ["generation", "storage / sample bytes", "GB/s", "CPU us/sample", "yardstick", "GB/s"]
    + ["CPU us/sample", "ratio", "by CPU", "ratio per round"]
)

Pass = namedtuple("Pass", "seconds cpu_seconds sample_bytes storage_bytes")


class Worker:
    """A process that makes a pass for each line."""

    def __init__(self, command):
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def __enter__(self):
        return self

    def __exit__(self, *failure):
        self._process.stdin.close()
        self._process.wait()

    def answer(self):
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"'{self._process.args[0]}' ended early; its messages are above")
        return json.loads(line)

    def ask(self, request):
        self._process.stdin.write(request + "\n")
        self._process.stdin.flush()
        return self.answer()


def _python(options, packages):
    script = pathlib.Path(__file__).with_name("yardsticks.py")
    worker = Worker([program.require(options.python), str(script), *packages])
    missing = worker.answer()["missing"]
    if missing is not None:
        raise program.Unavailable(f"'{options.python}' has no package '{missing}'")
    return worker


class Side:
    """One of those compared: makes passes of a length that suits it."""

    def __init__(self, worker, case, what, folder, before=lambda files: None):
        self._worker = worker
        self._case = case
        self._what = what
        self._folder = folder
        self._before = before
        self._files = case.files

    def warm_up(self, cpu_seconds):
        """Until this much was worked; then finds how many files make a pass."""
        self._files = 1
        self.run()
        worked = 0
        end = time.monotonic() + WARM_UP_LIMIT_SECONDS
        while worked < cpu_seconds and time.monotonic() < end:
            per_file = self.run().cpu_seconds * self._case.samples
            worked += per_file * self._files
            self._files = max(1, min(self._case.files, int(PASS_SECONDS / per_file)))

    def run(self):
        """A pass; all figures per sample."""
        self._before(self._files)
        result = self._worker.ask(self._case.request(self._what, self._folder, self._files))
        samples = result["samples"]
        return Pass(
            result["seconds"] / samples,
            result["cpu_seconds"] / samples,
            result["sample_bytes"] / samples,
            result.get("storage_bytes", 0) / samples,
        )


class Floor:
    """read_checksum.c over the bytes that a sample needs."""

    def __init__(self, binary, case, folder, work):
        self._binary = binary
        self._list = work / "stretches.txt"
        self._samples = case.samples * case.files
        lines = []
        for path in sorted((folder / "train").glob(f"f_*.{case.format}")):
            if case.format in STREAMED:
                lines.append(f"0 -1 {path}\n")
                continue
            for k in range(case.samples):
                if case.format in BY_RANGE:
                    length = path.stat().st_size // case.samples
                    lines.append(f"{k * length} {length} {path}\n")
                else:
                    lines.append(f"0 -1 {path}\n")
        if case.format not in STREAMED:
            random.Random(1).shuffle(lines)
        self._list.write_text("".join(lines), encoding="utf-8")

    def run(self):
        result = subprocess.run(
            [str(self._binary), str(self._list), str(CHUNK_BYTES), "3"],
            check=True,
            capture_output=True,
            text=True,
        )
        # The first repetition touches its memory for the first time.
        lines = [line.split() for line in result.stdout.splitlines()[1:]]
        seconds, cpu = (statistics.median(float(line[i]) for line in lines) for i in (2, 3))
        stored = int(lines[0][1])
        return Pass(seconds / self._samples, cpu / self._samples, 0, stored / self._samples)


def _chosen(options, cases):
    if options.formats == "all":
        return list(cases)
    wanted = options.formats.split(",")
    unknown = set(wanted) - set(READERS)
    if unknown:
        raise RuntimeError(f"no format {', '.join(unknown)}; there are {', '.join(READERS)}")
    return [case for case in cases if case.format in wanted]


def _median(passes, field):
    return statistics.median(getattr(one, field) for one in passes)


def _ratios(ours, theirs):
    """By time, by processor time, and the range of the first over the rounds."""
    wall = [b.seconds / a.seconds for a, b in zip(ours, theirs)]
    return (
        f"{_median(theirs, 'seconds') / _median(ours, 'seconds'):.2f}",
        f"{_median(theirs, 'cpu_seconds') / _median(ours, 'cpu_seconds'):.2f}",
        f"{min(wall):.2f} - {max(wall):.2f}",
    )


def _rate(passes, sample_bytes):
    return f"{sample_bytes / _median(passes, 'seconds') / 1e9:.3g}"


def _micros(passes):
    micros = 1e6 * _median(passes, "cpu_seconds")
    return f"{micros:,.0f}" if micros >= 100 else f"{micros:.3g}"


def _warm_up(sides):
    for name, side in sides.items():
        if isinstance(side, Side):
            side.warm_up(WARM_UP_SECONDS["ours" if name == "ours" else "yardstick"])


def _read(options, case, java, python, binary):
    work = pathlib.Path(options.dir)
    data = work / "formats"
    java.ask(case.request("write", data, case.files))
    try:
        sides = {
            "ours": Side(java, case, "read", data),
            "floor": Floor(binary, case, data, work),
        }
        for yardstick in case.yardsticks():
            sides[yardstick] = Side(python, case, yardstick, data)
        _warm_up(sides)
        # Compressed files take long.
        count = options.rounds if case.compression == "none" else (options.rounds + 1) // 2
        figures = rounds.in_turn(case.name, count, {name: side.run for name, side in sides.items()})
    finally:
        shutil.rmtree(data, ignore_errors=True)
    ours, lowest = figures["ours"], figures["floor"]
    sample_bytes = ours[0].sample_bytes
    rows = []
    for yardstick in case.yardsticks():
        theirs = figures[yardstick]
        if theirs[0].sample_bytes != sample_bytes:
            raise RuntimeError(f"{case.name}: {yardstick} has read {theirs[0]}, ours {ours[0]}")
        name = DISPLAY_NAMES[yardstick]
        rows.append(
            [
                case.name,
                f"{lowest[0].storage_bytes / sample_bytes:.2f}",
                _rate(ours, sample_bytes),
                _micros(ours),
                _micros(lowest),
                *_ratios(ours, lowest)[:2],
                name,
                _micros(theirs),
                *_ratios(ours, theirs),
            ]
        )
    return rows


def _write(options, case, java, python):
    data = pathlib.Path(options.dir) / "generated"
    sample_bytes = SIDES[case.size] ** 2

    def empty(files):
        shutil.rmtree(data, ignore_errors=True)
        data.mkdir()
        generation.Ballast(files * case.samples * sample_bytes).release()

    writer = WRITERS[case.format]
    try:
        sides = {
            "ours": Side(java, case, "write", data, empty),
            writer: Side(python, case, writer, data, empty),
        }
        _warm_up(sides)
        figures = rounds.in_turn(
            case.name, options.rounds, {name: side.run for name, side in sides.items()}
        )
    finally:
        shutil.rmtree(data, ignore_errors=True)
    ours, theirs = figures["ours"], figures[writer]
    return [
        case.name,
        f"{ours[0].storage_bytes / sample_bytes:.2f}",
        _rate(ours, sample_bytes),
        _micros(ours),
        DISPLAY_NAMES[writer],
        _rate(theirs, sample_bytes),
        _micros(theirs),
        *_ratios(ours, theirs),
    ]


def memory_folder():
    """A file system in memory, if there is one: what a disk takes to create a file is not ours."""
    folder = pathlib.Path("/dev/shm")
    return folder if os.access(folder, os.W_OK) else None


def formats(options):
    """Each format, single thread: reading and generation, against C and Python."""
    options.python = options.python or os.environ.get("DLIO_FLINK_PYTHON", "python3")
    work = pathlib.Path(options.dir)
    binary = floor.build("read_checksum", work)
    reading, writing = _chosen(options, read_cases()), _chosen(options, written_cases())
    kinds = [kind for kind in READERS if any(case.format == kind for case in reading)]
    with _python(options, sorted({name for kind in kinds for name in PACKAGES[kind]})):
        pass  # better now than in the middle
    command = [
        program.require("java"),
        "-cp",
        planning.class_path(work),
        "io.dlioflink.benchmark.FormatPasses",
    ]
    read_rows, written_rows = [], []
    try:
        for kind in kinds:
            # A JVM for each format: what it learns of one must not harm or help another.
            with Worker(command) as java, _python(options, PACKAGES[kind]) as python:
                for case in reading:
                    if case.format == kind:
                        read_rows += _read(options, case, java, python, binary)
                for case in writing:
                    if case.format == kind:
                        written_rows.append(_write(options, case, java, python))
    finally:
        rounds.table(READING_HEADINGS, read_rows)
        print()
        rounds.table(WRITING_HEADINGS, written_rows)
