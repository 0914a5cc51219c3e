# SPDX-License-Identifier: Apache-2.0
"""Runs the program and reads its reports; watches its processor time while it runs."""

import datetime
import json
import os
import pathlib
import shutil
import subprocess
import threading
import time

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
LAUNCHER = REPOSITORY / "bin" / "dlio-flink"
WORKLOAD = REPOSITORY / "benchmarks" / "workload" / "bench.yaml"
TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")


class Unavailable(Exception):
    """Something this machine would need is missing."""


def require(tool):
    if shutil.which(tool) is None:
        raise Unavailable(f"'{tool}' is not on the PATH; this comparison needs it")
    return tool


class ProcessorTime(threading.Thread):
    """Notes (wall time, processor seconds so far) of a process, twenty times a second."""

    def __init__(self, pid):
        super().__init__(daemon=True)
        self._stat = f"/proc/{pid}/stat"
        self._notes = []
        self._ended = threading.Event()

    def run(self):
        while not self._ended.wait(0.05):
            try:
                with open(self._stat, encoding="ascii") as stat:
                    fields = stat.read().rsplit(")", 1)[1].split()
            except OSError:
                return
            self._notes.append((time.time(), (int(fields[11]) + int(fields[12])) / TICKS_PER_SECOND))

    def end(self):
        self._ended.set()
        self.join()

    def between(self, start, end):
        """Processor seconds between two wall times, interpolated."""
        return self._at(end) - self._at(start)

    def _at(self, when):
        before = None
        for note in self._notes:
            if note[0] >= when:
                if before is None:
                    return note[1]
                part = (when - before[0]) / (note[0] - before[0])
                return before[1] + part * (note[1] - before[1])
            before = note
        return before[1] if before else 0.0


class Run:
    """One finished run: its result files."""

    def __init__(self, output, processor):
        self.output = pathlib.Path(output)
        self._processor = processor

    def read(self, name):
        with open(self.output / name, encoding="utf-8") as file:
            return json.load(file)

    def report(self):
        return self.read("report.json")

    def steady_passes(self):
        """The second half of the passes: the first half warms up the compiler and the caches."""
        passes = self.report()["passes"]
        return passes[len(passes) // 2 :]

    def steady_processor_seconds_per_sample(self):
        stats = self.read("0_per_epoch_stats.json")
        passes = self.steady_passes()
        stamp = lambda text: datetime.datetime.fromisoformat(text).timestamp()
        start = stamp(stats[str(passes[0]["epoch"])]["start"])
        end = stamp(stats[str(passes[-1]["epoch"])]["end"])
        return self._processor.between(start, end) / sum(p["samples"] for p in passes)


def overrides(settings):
    return [f"++workload.{key}={value}" for key, value in settings.items()]


def start(command, output, settings, accelerators=1, cluster=None, java_options=""):
    """Starts the program; the caller waits for it."""
    shutil.rmtree(output, ignore_errors=True)
    pathlib.Path(output).mkdir(parents=True)
    where = ["--cluster", cluster] if cluster else ["--port", "0"]
    environment = dict(os.environ)
    environment["DLIO_FLINK_JAVA_OPTS"] = " ".join(
        filter(None, [os.environ.get("DLIO_FLINK_JAVA_OPTS", ""), java_options])
    )
    return subprocess.Popen(
        [str(LAUNCHER), command, "--config", str(WORKLOAD), "--output", str(output)]
        + ["--accelerators", str(accelerators)]
        + where
        + overrides(settings),
        stdout=open(pathlib.Path(output) / "console.log", "w", encoding="utf-8"),
        stderr=subprocess.STDOUT,
        env=environment,
    )


def execute(command, output, settings, accelerators=1, cluster=None):
    """Runs the program to its end; a run that is not valid is no measurement."""
    process = start(command, output, settings, accelerators, cluster)
    processor = ProcessorTime(process.pid)
    processor.start()
    code = process.wait()
    processor.end()
    if code != 0:
        console = (pathlib.Path(output) / "console.log").read_text(encoding="utf-8")
        raise RuntimeError(f"dlio-flink {command} ended with {code}:\n{console[-4000:]}")
    return Run(output, processor)
