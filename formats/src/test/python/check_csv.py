#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks CSV files of ours with pandas, and writes some of pandas' own.

check_csv.py check LIST    each line of LIST: path, dtype, rows, compression, separated by tabs;
                           PATH.raw holds the elements
check_csv.py write FOLDER  writes frames of all types in all compressions, as DLIO does
"""

import os
import sys
import warnings

import numpy as np
import pandas as pd

TYPES = "int8 int16 int32 int64 uint8 uint16 uint32 uint64 float16 float32 float64".split()
COMPRESSIONS = [None, "gzip", "bz2", "zip", "xz", "zstd"]


def check(path, dtype, rows, compression):
    expected = np.fromfile(path + ".raw", dtype).reshape(rows, -1)
    problems = []
    frame = pd.read_csv(
        path,
        header=None,
        compression=None if compression == "none" else compression,
        float_precision="round_trip",
        dtype="float64" if expected.dtype.kind == "f" else dtype,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = frame.to_numpy().astype(dtype)
    if found.shape != expected.shape:
        problems.append(f"shape {found.shape}, expected {expected.shape}")
    elif not np.array_equal(found, expected, equal_nan=expected.dtype.kind == "f"):
        problems.append("other values")
    if compression == "none":
        own = pd.DataFrame(expected).to_csv(index=False, header=False, lineterminator="\n")
        with open(path, "rb") as file:
            written = file.read()
        if own.encode() != written:
            pairs = zip(own.replace("\n", ",").split(","), written.decode().replace("\n", ",").split(","))
            different = [f"{a} (ours {b})" for a, b in pairs if a != b]
            problems.append(f"pandas writes {len(different)} others: {different[:5]}")
    return problems


def check_all(listing):
    failed = checked = 0
    with open(listing, encoding="utf-8") as lines:
        for line in lines:
            path, dtype, rows, compression = line.rstrip("\n").split("\t")
            problems = check(path, dtype, int(rows), compression)
            checked += 1
            failed += bool(problems)
            for problem in problems:
                print(f"{path}: {dtype} {compression}: {problem}")
    print(f"{checked} files checked, {failed} failed, pandas {pd.__version__}")
    return 1 if failed or not checked else 0


def write_all(folder):
    generator = np.random.default_rng(5)
    for name in TYPES:
        for rows in (1, 3):
            x = np.frombuffer(generator.bytes(rows * 30 * np.dtype(name).itemsize), name)
            x = x.reshape(rows, 30)
            for compression in COMPRESSIONS:
                path = os.path.join(folder, f"{compression}-{name}-{rows}.csv")
                pd.DataFrame(x).to_csv(path, compression=compression, index=False, header=False)


if __name__ == "__main__":
    if sys.argv[1] == "check":
        sys.exit(check_all(sys.argv[2]))
    else:
        write_all(sys.argv[2])
