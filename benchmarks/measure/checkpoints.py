# SPDX-License-Identifier: Apache-2.0
"""Writing and reading checkpoints against fio on files of the same sizes."""

import json
import os
import pathlib
import shutil
import statistics
import subprocess

from . import program, rounds
from .generation import Ballast

# What the program asks of storage at once.
BLOCK_BYTES = 4 << 20


def checkpoint(options):
    """Checkpoints written and read back, each rank one file, against fio's sequential I/O."""
    program.require("fio")
    folder = pathlib.Path(options.dir) / "checkpoints"
    size = options.mib << 20
    rows = [
        _compare(f"write, {name}", options, folder, size, scheme, _ours_write, _fio_write)
        for name, scheme in (("page cache and fsync", ""), ("O_DIRECT and fsync", "direct://"))
    ]
    _ours(options, folder, size, "", options.checkpoints, 0)
    rows += [
        _compare(f"read and verify, {name}", options, folder, size, scheme, _ours_read, _fio_read)
        for name, scheme in (("page cache, cold", ""), ("O_DIRECT", "direct://"))
    ]
    options.remove(folder)
    rounds.table(rounds.COMPARISON_HEADINGS, rows)


def _compare(name, options, folder, size, scheme, ours, floor):
    return rounds.comparison(
        f"{name}: {options.ranks} x {options.mib} MiB",
        "MiB/s",
        *rounds.alternate(
            options.rounds,
            lambda: ours(options, folder, size, scheme),
            lambda: floor(options, folder, size, scheme),
            "MiB/s",
        ),
    )


def _ours(options, folder, size, scheme, write, read):
    """MiB/s by the slowest rank; the median of all checkpoints but the first, which warms up."""
    run = program.execute(
        "checkpoint",
        folder.parent / "out",
        {
            "model.type": "cnn",
            "model.model_size_bytes": size,
            "model.parallelism.zero_stage": 1,
            "checkpoint.checkpoint_folder": f"{scheme}{folder}",
            "checkpoint.num_checkpoints_write": write,
            "checkpoint.num_checkpoints_read": read,
            "checkpoint.time_between_checkpoints": 0,
            "checkpoint.fsync": "true",
        },
        accelerators=options.ranks,
    )
    figures = [
        checkpoint["payload_bytes_per_second"] / 2**20
        for checkpoint in run.report()["checkpoints"]["rounds"]
    ]
    return statistics.median(figures[1:] or figures)


def _ours_write(options, folder, size, scheme):
    os.sync()
    Ballast(size * options.ranks * options.checkpoints).release_when_there(folder)
    figure = _ours(options, folder, size, scheme, options.checkpoints, 0)
    shutil.rmtree(folder)
    return figure


def _fio_write(options, folder, size, scheme):
    os.sync()
    folder.mkdir(parents=True)
    Ballast(size * options.ranks * options.checkpoints).release()
    figures = []
    for number in range(options.checkpoints):
        figures.append(
            _fio(
                "write",
                f"--name=write{number}",
                "--rw=write",
                f"--direct={int(bool(scheme))}",
                "--fallocate=none",
                "--end_fsync=1",
                f"--numjobs={options.ranks}",
                f"--size={size}",
                f"--directory={folder}",
            )
        )
    shutil.rmtree(folder)
    return statistics.median(figures[1:] or figures)


def _drop(folder):
    for path in folder.glob("*/model_states-*.pt"):
        descriptor = os.open(path, os.O_RDONLY)
        os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
        os.close(descriptor)


def _ours_read(options, folder, size, scheme):
    _drop(folder)
    log = folder.parent / "out" / "dlio.log"
    log.unlink(missing_ok=True)
    Ballast(size * options.ranks * options.checkpoints).release_when_told(log, "Running")
    return _ours(options, folder, size, scheme, 0, options.checkpoints)


def _fio_read(options, folder, size, scheme):
    _drop(folder)
    Ballast(size * options.ranks * options.checkpoints).release()
    figures = []
    for checkpoint_folder in sorted(folder.glob("global_epoch1_step*")):
        jobs = []
        for path in sorted(checkpoint_folder.glob("model_states-*.pt")):
            jobs += [f"--name={path.stem}", "--rw=read", f"--filename={path}"]
            jobs += [f"--direct={int(bool(scheme))}", f"--size={size}", "--invalidate=0"]
            jobs += ["--ioengine=psync", f"--bs={BLOCK_BYTES}"]
        figures.append(_fio("read", *jobs))
    return statistics.median(figures[1:] or figures)


def _fio(direction, *arguments):
    result = subprocess.run(
        [
            "fio",
            "--output-format=json",
            "--group_reporting",
            *([] if direction == "read" else ["--ioengine=psync", f"--bs={BLOCK_BYTES}"]),
            *arguments,
        ],
        check=True,
        capture_output=True,
        text=True,
    )
    text = result.stdout
    return json.loads(text[text.index("{") :])["jobs"][0][direction]["bw_bytes"] / 2**20
