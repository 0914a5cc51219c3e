#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks indexed binary files of ours with NumPy, and writes some as DLIO does.

check_indexed.py check LIST    each line of LIST: path, dtype, shape of a sample (1,2,3), CRC-32 of
                               each sample (decimal, comma-separated), separated by tabs
check_indexed.py write FOLDER  writes files part-SAMPLES-BYTES.FORMAT with their indexes; those named
                               restart have offsets that start anew within the file
"""

import os
import sys
import zlib

import numpy as np


def check(path, dtype, shape, crcs):
    # As dlio_benchmark/reader/indexed_binary_mmap_reader.py.
    offsets = np.memmap(path + ".off.idx", dtype=np.uint64, mode="r")
    sizes = np.memmap(path + ".sz.idx", dtype=np.uint64, mode="r")
    data = np.memmap(path, dtype=np.uint8, mode="r")
    problems = []
    if len(offsets) != len(crcs) or len(sizes) != len(crcs):
        problems.append(f"{len(offsets)} offsets, {len(sizes)} sizes, expected {len(crcs)}")
    if data.size != int(sizes.sum()):
        problems.append(f"{data.size} bytes, sizes add up to {sizes.sum()}")
    found = []
    for offset, size in zip(offsets.tolist(), sizes.tolist()):
        sample = np.frombuffer(data[offset : offset + size], dtype=dtype).reshape(shape)
        found.append(zlib.crc32(sample.tobytes()))
    if found != crcs:
        problems.append(f"CRCs of samples {found}, expected {crcs}")
    return problems


def check_all(list_path):
    failed = 0
    files = 0
    with open(list_path) as lines:
        for line in lines:
            path, dtype, shape, crcs = line.rstrip("\n").split("\t")
            problems = check(
                path,
                dtype,
                tuple(int(n) for n in shape.split(",")),
                [int(crc) for crc in crcs.split(",")],
            )
            files += 1
            if problems:
                failed += 1
                print(f"{path}: {'; '.join(problems)}")
    print(f"{files} files checked, {failed} failed")
    return failed == 0


def write(path, samples, size, per_buffer):
    """As dlio_benchmark/data_generator/indexed_binary_generator.py with more files than ranks."""
    generator = np.random.default_rng(10)
    with open(path, "wb") as data:
        with open(path + ".off.idx", "wb") as off, open(path + ".sz.idx", "wb") as sz:
            for first in range(0, samples, per_buffer):
                count = min(per_buffer, samples - first)
                data.write(generator.integers(0, 255, count * size, dtype=np.uint8).tobytes())
                off.write((np.arange(count, dtype=np.uint64) * size).tobytes())
                sz.write(np.full(count, size, dtype=np.uint64).tobytes())


def write_all(folder):
    for name in ("indexed_binary", "mmap_indexed_binary"):
        for samples in (1, 3, 1000):
            for size in (1, 2048, 5000):
                path = os.path.join(folder, f"part-{samples}-{size}")
                write(f"{path}.{name}", samples, size, samples)
                write(f"{path}-restart.{name}", samples, size, max(1, samples // 4))


if __name__ == "__main__":
    command, argument = sys.argv[1:3]
    if command == "check":
        sys.exit(0 if check_all(argument) else 1)
    if command == "write":
        write_all(argument)
    else:
        sys.exit(f"no command {command}")
