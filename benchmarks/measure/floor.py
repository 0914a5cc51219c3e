# SPDX-License-Identifier: Apache-2.0
"""The floor: a C loop over the same files, or fio on the same folder."""

import json
import pathlib
import random
import shutil
import subprocess
from collections import namedtuple

from . import program

SOURCES = pathlib.Path(__file__).resolve().parents[1] / "floor"

Reading = namedtuple("Reading", "files bytes seconds user_seconds system_seconds")


def build(name, folder):
    compiler = program.require("cc")
    binary = pathlib.Path(folder) / name
    subprocess.run(
        [compiler, "-O2", "-pthread", "-o", str(binary), str(SOURCES / f"{name}.c")], check=True
    )
    return binary


def file_list(dataset, suffix, work):
    """The files of a dataset in a fixed random order, since training reads them so too."""
    names = sorted(str(path) for path in pathlib.Path(dataset, "train").rglob(f"*.{suffix}"))
    random.Random(1).shuffle(names)
    target = pathlib.Path(work) / "files.txt"
    target.write_text("".join(name + "\n" for name in names), encoding="utf-8")
    return target, names


def read_files(binary, names, threads, chunk_bytes, repetitions):
    result = subprocess.run(
        [str(binary), str(names), str(threads), str(chunk_bytes), str(repetitions)],
        check=True,
        capture_output=True,
        text=True,
    )
    return [
        Reading(int(f), int(b), float(w), float(u), float(s))
        for f, b, w, u, s in (line.split() for line in result.stdout.splitlines())
    ]


def get_objects(binary, port, names, threads, requests):
    """Wall and processor seconds of requests on as many connections as threads."""
    result = subprocess.run(
        [str(binary), str(port), str(names), str(threads), str(requests)],
        check=True,
        capture_output=True,
        text=True,
    )
    _, _, seconds, user, system = map(float, result.stdout.split())
    return seconds, user + system


def fio_direct_read(names, depth, block_bytes, loops):
    """Bytes per second of fio over the files, one synchronous job for each place of the depth."""
    command = [program.require("fio"), "--output-format=json", "--group_reporting"]
    for job in range(depth):
        share = ":".join(name.replace(":", "\\:") for name in names[job::depth])
        command += [
            f"--name=read{job}",
            "--rw=read",
            "--direct=1",
            "--ioengine=psync",
            "--file_service_type=sequential",
            f"--bs={block_bytes}",
            f"--loops={loops}",
            f"--filename={share}",
        ]
    result = subprocess.run(command, check=True, capture_output=True, text=True)
    read = json.loads(result.stdout[result.stdout.index("{") :])["jobs"][0]["read"]
    return read["bw_bytes"]


def write_sequentially(folder, jobs, total_bytes, block_bytes, writer, past_cache):
    """Bytes per second of a sequential write of fresh random bytes; the files are deleted."""
    target = pathlib.Path(folder) / "floor"
    target.mkdir()
    try:
        if writer is not None:
            result = subprocess.run(
                [str(writer), str(target), str(jobs), str(total_bytes // jobs), str(block_bytes)],
                check=True,
                capture_output=True,
                text=True,
            )
            written, seconds = result.stdout.split()
            return int(written) / float(seconds)
        result = subprocess.run(
            [
                "fio",
                "--output-format=json",
                "--group_reporting",
                "--name=write",
                "--rw=write",
                "--ioengine=psync",
                f"--direct={int(past_cache)}",
                "--fallocate=none",
                "--end_fsync=0",
                "--refill_buffers",
                f"--bs={block_bytes}",
                f"--numjobs={jobs}",
                f"--size={total_bytes // jobs}",
                f"--directory={target}",
            ],
            check=True,
            capture_output=True,
            text=True,
        )
        return json.loads(result.stdout[result.stdout.index("{") :])["jobs"][0]["write"]["bw_bytes"]
    finally:
        shutil.rmtree(target)
