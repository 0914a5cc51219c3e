#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks NumPy files of ours with NumPy, and writes some of NumPy's own.

check_numpy.py check LIST    each line of LIST: path, dtype, shape (1,2,3), CRC-32 of each sample
                             (decimal, comma-separated), all separated by tabs
check_numpy.py write FOLDER  writes arrays of all types as npy, npz and compressed npz
check_numpy.py load FILE     prints dtype, shape and CRC-32 of one (large) file
"""

import io
import os
import sys
import warnings
import zipfile
import zlib

import numpy as np

TYPES = "int8 int16 int32 int64 uint8 uint16 uint32 uint64 float16 float32 float64".split()


def check(path, dtype, shape, crcs):
    with open(path, "rb") as file:
        written = file.read()
    problems = []
    if path.endswith(".npz"):
        with np.load(path) as archive:
            if archive.files != ["x", "y"]:
                problems.append(f"members {archive.files}")
            x, y = archive["x"], archive["y"]
        if y.dtype != np.int64 or y.shape != (shape[-1],) or y.any():
            problems.append(f"labels {y.dtype} {y.shape} {y}")
        with zipfile.ZipFile(path) as archive:
            if archive.testzip() is not None:
                problems.append(f"zipfile finds {archive.testzip()} broken")
            stored = all(i.compress_type == zipfile.ZIP_STORED for i in archive.infolist())
            for info in archive.infolist():
                if (info.create_system, info.date_time) != (3, (1980, 1, 1, 0, 0, 0)):
                    problems.append(f"entry {info}")
        if stored:
            own = io.BytesIO()
            np.savez(own, x=x, y=[0] * shape[-1])
            if own.getvalue() != written:
                problems.append("numpy.savez writes other bytes")
    else:
        x = np.load(path)
        own = io.BytesIO()
        np.save(own, x)
        if own.getvalue() != written:
            problems.append("numpy.save writes other bytes")
    if x.dtype != np.dtype(dtype) or x.shape != shape or not x.flags.c_contiguous:
        problems.append(f"{x.dtype} {x.shape}, expected {dtype} {shape}")
    found = [zlib.crc32(x[..., k].tobytes()) for k in range(x.shape[-1])]
    if found != crcs:
        problems.append(f"CRCs of samples {found}, expected {crcs}")
    if x.dtype.kind == "f" and not ((x >= 0) & (x < 1)).all():
        problems.append("numbers outside [0, 1)")
    return problems


def check_all(listing):
    failed = checked = 0
    with open(listing, encoding="utf-8") as lines:
        for line in lines:
            path, dtype, shape, crcs = line.rstrip("\n").split("\t")
            numbers = [int(n) for n in crcs.split(",")]
            problems = check(path, dtype, tuple(int(n) for n in shape.split(",")), numbers)
            checked += 1
            failed += bool(problems)
            for problem in problems:
                print(f"{path}: {problem}")
    print(f"{checked} files checked, {failed} failed, NumPy {np.__version__}")
    return 1 if failed or not checked else 0


def write_all(folder):
    generator = np.random.default_rng(5)

    def path(kind, name, samples, suffix):
        return os.path.join(folder, f"{kind}-{name}-{samples}.{suffix}")

    for name in TYPES:
        for samples in (1, 3):
            x = (generator.random((6, 5, samples)) * 100).astype(name)
            y = [0] * samples
            np.save(path("plain", name, samples, "npy"), x)
            np.savez(path("plain", name, samples, "npz"), x=x, y=y)
            np.savez_compressed(path("deflated", name, samples, "npz"), x=x, y=y)
            np.savez(path("swapped", name, samples, "npz"), y=y, x=x)
            np.save(path("fortran", name, samples, "npy"), np.asfortranarray(x))
            np.save(path("bigendian", name, samples, "npy"), x.astype(x.dtype.newbyteorder(">")))
            for version in (2, 3):
                with open(path(f"version{version}", name, samples, "npy"), "wb") as file:
                    with warnings.catch_warnings():
                        warnings.simplefilter("ignore")
                        np.lib.format.write_array(file, x, version=(version, 0))
            write_unseekable(path("streamed", name, samples, "npz"), x, np.array(y))


def write_unseekable(path, x, y):
    """A zip as it is written to a pipe: CRC and sizes behind the data."""

    class Pipe(io.RawIOBase):
        def __init__(self):
            self.bytes = bytearray()

        def writable(self):
            return True

        def write(self, piece):
            self.bytes += piece
            return len(piece)

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, array in (("x.npy", x), ("y.npy", y)):
            with archive.open(name, "w", force_zip64=True) as member:
                np.lib.format.write_array(member, array)
    with open(path, "wb") as file:
        file.write(pipe.bytes)


def load(path):
    x = np.load(path)
    if path.endswith(".npz"):
        x = x["x"]
    crc = 0
    flat = x.reshape(-1)
    for start in range(0, flat.size, 1 << 26):
        crc = zlib.crc32(flat[start : start + (1 << 26)].tobytes(), crc)
    print(x.dtype, x.shape, crc)


if __name__ == "__main__":
    if sys.argv[1] == "check":
        sys.exit(check_all(sys.argv[2]))
    elif sys.argv[1] == "write":
        write_all(sys.argv[2])
    else:
        load(sys.argv[2])
