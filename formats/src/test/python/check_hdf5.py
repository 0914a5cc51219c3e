#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks HDF5 files of ours with h5py, and writes some of h5py's own.

check_hdf5.py check LIST    each line of LIST: path, dtype, datasets, shape (1,2,3), then chunks,
                            maxshape, compression and level as given to h5py (- for none), whether
                            h5py must write the same bytes (1 or 0), and CRC-32 of each sample
                            (decimal, comma-separated), all separated by tabs
check_hdf5.py write FOLDER  writes files of all layouts and types, and FOLDER/list: file, dtype,
                            datasets, samples, bytes of a sample, then for each sample the CRC-32C
                            of its elements as stored and the ranges of the file it is in (or ?)
check_hdf5.py time FILE     prints seconds for reading each sample once, as DLIO does
"""

import itertools
import os
import sys
import time
import zlib

import h5py
import numpy as np

TYPES = "int8 int16 int32 int64 uint8 uint16 uint32 uint64 float16 float32 float64".split()

# The library whose files ours are equal to, byte for byte; older ones write other versions of some
# structures.
WRITES_LIKE_US = h5py.version.hdf5_version_tuple[0] >= 2


def numbers(text):
    return None if text == "-" else tuple(int(n) for n in text.split(","))


def check(path, dtype, datasets, shape, chunks, maxshape, compression, level, same, crcs):
    problems = []
    options = {}
    if chunks:
        options["chunks"] = chunks
    if maxshape:
        options["maxshape"] = maxshape
    if compression:
        options["compression"] = compression
        options["compression_opts"] = level
    names = [f"records_{i}" for i in range(datasets)]
    # As DLIO does; a dataset that is kept open is written later, and elsewhere.
    with h5py.File(path) as file, h5py.File(path + ".own", "w", libver="latest") as own:
        for name in names:
            own.create_dataset(name, shape, dtype=dtype, data=file[name][...], **options)
        own.create_dataset("labels", data=[0] * shape[0])
    with h5py.File(path) as file, h5py.File(path + ".own") as own:
        if sorted(file) != sorted(names + ["labels"]):
            problems.append(f"datasets {list(file)}")
        records = [file[name] for name in names]
        for name, found in zip(names, records):
            expected = own[name]
            for what in "shape dtype chunks maxshape compression compression_opts fillvalue".split():
                if getattr(found, what) != getattr(expected, what):
                    problems.append(
                        f"{name} {what} {getattr(found, what)}, h5py has {getattr(expected, what)}")
            ours, theirs = (d.id.get_create_plist() for d in (found, expected))
            for what in "get_alloc_time get_fill_time get_layout get_nfilters".split():
                if getattr(ours, what)() != getattr(theirs, what)():
                    problems.append(f"{name} {what} {getattr(ours, what)()}")
            for i in range(ours.get_nfilters()):
                if ours.get_filter(i) != theirs.get_filter(i):
                    problems.append(f"{name} {ours.get_filter(i)}, h5py has {theirs.get_filter(i)}")
        labels = file["labels"]
        if labels.dtype != np.int64 or labels.shape != shape[:1] or labels[...].any():
            problems.append(f"labels {labels.dtype} {labels.shape}")
        found = []
        for k in range(shape[0]):
            crc = 0
            for record in records:
                crc = zlib.crc32(record[k].tobytes(), crc)
            found.append(crc)
        if found != crcs:
            problems.append(f"CRCs of samples {found}, expected {crcs}")
    with open(path, "rb") as file, open(path + ".own", "rb") as own:
        if same and WRITES_LIKE_US and file.read() != own.read():
            problems.append("h5py writes other bytes")
    os.remove(path + ".own")
    return problems


def check_all(listing):
    failed = checked = equal = 0
    with open(listing, encoding="utf-8") as lines:
        for line in lines:
            path, dtype, datasets, shape, chunks, maxshape, compression, level, same, crcs = (
                line.rstrip("\n").split("\t"))
            problems = check(
                path, np.dtype(dtype), int(datasets), numbers(shape), numbers(chunks),
                numbers(maxshape), None if compression == "-" else compression,
                None if level == "-" else int(level), same == "1", list(numbers(crcs)))
            checked += 1
            equal += same == "1" and WRITES_LIKE_US
            failed += bool(problems)
            for problem in problems:
                print(f"{path} {shape}: {problem}")
    print(f"{checked} files checked, {failed} failed, {equal} of them equal to h5py's, "
          f"h5py {h5py.__version__}, HDF5 {h5py.version.hdf5_version}")
    return 1 if failed or not checked else 0


def crc32c(data, crc=0, table=[]):
    if not table:
        for byte in range(256):
            for _ in range(8):
                byte = byte >> 1 ^ (0x82F63B78 if byte & 1 else 0)
            table.append(byte)
    crc ^= 0xFFFFFFFF
    for byte in data:
        crc = table[(crc ^ byte) & 0xFF] ^ crc >> 8
    return crc ^ 0xFFFFFFFF


def places(dataset):
    """The chunks of a dataset that were written, by origin; None if HDF5 does not know."""
    found = {}
    if dataset.chunks:
        if None in dataset.maxshape[1:] and dataset.maxshape.count(None) == 1:
            # HDF5 2.0 itself is wrong about the places of chunks if only such an axis is unlimited.
            return None
        dataset.id.chunk_iter(lambda info: found.update({info.chunk_offset: info}))
    return found


def pieces(dataset, sample, stored):
    """Bytes and ranges of the file a reader of one sample passes, in the order of the chunks."""
    if dataset.chunks is None:
        start = dataset.id.get_offset()
        if start is not None:
            size = dataset[sample].nbytes
            yield dataset[sample].tobytes(), start + sample * size, size
        return
    chunks = dataset.chunks
    grid = [-(-size // chunk) for size, chunk in zip(dataset.shape, chunks)]
    first = sample // chunks[0] * chunks[0]
    whole = np.zeros([chunks[0], *(n * c for n, c in zip(grid[1:], chunks[1:]))], dataset.dtype)
    rows = dataset[first : first + chunks[0]]
    whole[tuple(slice(size) for size in rows.shape)] = rows
    filtered = dataset.id.get_create_plist().get_nfilters() > 0
    for place in itertools.product(*[range(0, n * c, c) for n, c in zip(grid[1:], chunks[1:])]):
        chunk = whole[(..., *(slice(o, o + c) for o, c in zip(place, chunks[1:])))]
        if stored is None:
            start, size = 0, 0
            if not chunk.any():
                continue
        elif (first, *place) in stored:
            info = stored[(first, *place)]
            start, size = info.byte_offset, info.size
        else:
            continue
        if filtered:
            yield chunk.tobytes(), start, size
        else:
            row = chunk[sample % chunks[0]].tobytes()
            yield row, start + sample % chunks[0] * len(row), len(row)


def write_all(folder):
    generator = np.random.default_rng(5)
    lines = []

    def describe(name, dtype, names):
        path = os.path.join(folder, name)
        with h5py.File(path, "r") as file:
            records = [file[n] for n in names]
            samples = records[0].shape[0]
            found = []
            stored = [places(record) for record in records]
            for k in range(samples):
                crc = 0
                ranges = []
                for record, where in zip(records, stored):
                    for data, start, size in pieces(record, k, where):
                        crc = crc32c(data, crc)
                        if ranges and ranges[-1][1] == start:
                            ranges[-1][1] = start + size
                        else:
                            ranges.append([start, start + size])
                text = ";".join(f"{a}:{b}" for a, b in ranges)
                found += [str(crc), text if None not in stored else "?"]
            size = sum(record[0].nbytes for record in records)
        lines.append("\t".join([name, dtype, str(len(names)), str(samples), str(size)] + found))

    def write(kind, dtype="uint8", samples=3, datasets=1, shape=(6, 5), order="<", libver="latest",
              name="records_{}", userblock=None, track_order=None, low=0, **options):
        file_name = f"{kind}-{dtype}-{libver}-{len(lines)}.hdf5"
        type_ = np.dtype(dtype).newbyteorder(order)
        with h5py.File(os.path.join(folder, file_name), "w", libver=libver,
                       userblock_size=userblock, track_order=track_order) as file:
            for i in range(datasets):
                x = generator.random((samples, *shape)) * (1 if low else 100)
                if low:
                    x = x * low + 1
                file.create_dataset(name.format(i), data=x.astype(type_), **options)
            file.create_dataset("labels", data=[0] * samples)
        describe(file_name, dtype, [name.format(i) for i in range(datasets)])

    for libver in ("latest", "earliest", ("earliest", "v110"), "v112"):
        version = libver
        for dtype in TYPES if version in ("latest", "earliest") else ():
            for order in "<>":
                for samples in (1, 3):
                    write("plain", dtype, samples, order=order, libver=version)
            write("gzip", dtype, compression="gzip", libver=version)
            write("shuffled", dtype, compression="gzip", shuffle=True, order=">", libver=version)
        layouts = {
            "rows": {"chunks": (1, 6, 5)},
            "edges": {"chunks": (2, 4, 2)},
            "one": {"chunks": (3, 6, 5)},
            "auto": {"chunks": True},
            "grows": {"maxshape": (3, 12, 20), "chunks": (1, 4, 2)},
            "any-samples": {"maxshape": (None, 6, 5), "chunks": (1, 4, 2)},
            "any-rows": {"maxshape": (3, None, 5), "chunks": (2, 4, 2)},
            "any-columns": {"maxshape": (9, 12, None), "chunks": (1, 4, 2)},
            "any": {"maxshape": (None, None, None), "chunks": (2, 4, 2)},
        }
        filters = {
            "none": {},
            "gzip": {"compression": "gzip", "compression_opts": 9},
            "lzf": {"compression": "lzf"},
            "lzf-low": {"compression": "lzf", "low": 2},
            "lzf-shuffled": {"compression": "lzf", "shuffle": True, "low": 3},
            "fletcher": {"fletcher32": True},
            "all": {"compression": "gzip", "shuffle": True, "fletcher32": True},
            "all-lzf": {"compression": "lzf", "shuffle": True, "fletcher32": True, "low": 2},
        }
        for layout, options in layouts.items():
            for filter_, more in filters.items():
                write(f"{layout}+{filter_}", "int32", libver=version, **options, **more)
        write("large-lzf", "uint16", shape=(300, 200), chunks=(2, 300, 150), compression="lzf",
              low=40, libver=version)
        write("large-gzip", "float32", shape=(300, 100), chunks=(2, 300, 70), compression="gzip",
              libver=version)
        write("three", "float32", datasets=3, libver=version)
        write("twenty", "float32", datasets=20, libver=version)
        write("hundred", "int8", datasets=100, libver=version)
        write("tracked", "float32", datasets=3, libver=version, track_order=True)
        write("tracked", "float32", datasets=20, libver=version, track_order=True)
        write("mlperf", "uint8", name="records", libver=version)
        write("flat", "uint8", shape=(), libver=version)
        write("line", "float64", shape=(40,), libver=version)
        write("deep", "int16", shape=(2, 1, 3, 2, 2), chunks=(1, 2, 1, 2, 1, 2), libver=version)
        for userblock in (512, 4096):
            write("userblock", userblock=userblock, libver=version)
            write("userblock", userblock=userblock, chunks=(1, 3, 5), libver=version)
            write("userblock", userblock=userblock, compression="gzip", libver=version)
        for maxshape in (None, (3, 20, 500), (None, 20, 30), (None, 20, None)):
            write("many", shape=(20, 20), chunks=(1, 1, 1), maxshape=maxshape, libver=version)
        write("many", shape=(20, 20), chunks=(1, 1, 1), maxshape=(None, 20, 20),
              compression="gzip", libver=version)
        special(folder, describe, version, len(lines))
    with open(os.path.join(folder, "list"), "w", encoding="utf-8") as out:
        out.write("\n".join(lines))
    print(f"{len(lines)} files written, h5py {h5py.__version__}, "
          f"HDF5 {h5py.version.hdf5_version}")


def special(folder, describe, libver, number):
    """Files that take more than create_dataset."""

    def path(name):
        return os.path.join(folder, name)

    name = f"attributes-{number}.hdf5"
    with h5py.File(path(name), "w", libver=libver) as file:
        records = file.create_dataset("records_0", data=np.arange(90, dtype="u1").reshape(3, 6, 5))
        for i in range(30):
            records.attrs[f"attribute {i}"] = "text" * i
            file.attrs[f"attribute {i}"] = np.arange(i)
        file.create_group("others/below")
        file["soft"] = h5py.SoftLink("/records_0")
    describe(name, "uint8", ["records_0"])
    name = f"grown-{number}.hdf5"
    with h5py.File(path(name), "w", libver=libver) as file:
        records = file.create_dataset("records_0", (1, 6, 5), "i2", maxshape=(None, 6, None))
        for samples in (2, 3, 7):
            records.resize(samples, axis=0)
            records[samples - 1] = samples
            file.flush()
        records[...] = np.arange(210).reshape(7, 6, 5)
    describe(name, "int16", ["records_0"])
    for kind, options in {"contiguous": {}, "chunked": {"chunks": (1, 3, 5)}}.items():
        name = f"unwritten-{kind}-{number}.hdf5"
        with h5py.File(path(name), "w", libver=libver) as file:
            file.create_dataset("records_0", (3, 6, 5), "i2", **options)
        describe(name, "int16", ["records_0"])
    for kind, shape, maxshape in (
            ("few", (3, 6, 5), None),
            ("fixed", (3, 30, 20), None),
            ("extensible", (3, 30, 20), (None, 30, 20)),
            ("columns", (3, 30, 20), (7, 50, None)),
            ("tree", (3, 30, 20), (None, None, 20))):
        name = f"partly-{kind}-{number}.hdf5"
        with h5py.File(path(name), "w", libver=libver) as file:
            records = file.create_dataset(
                "records_0", shape, "i2", chunks=(1, 1, 1), maxshape=maxshape)
            records[1, :, 3:] = 5
            records[2, shape[1] // 2 :] = 7
        describe(name, "int16", ["records_0"])
    if libver == "latest":
        name = f"huge-index-{number}.hdf5"
        with h5py.File(path(name), "w", libver=libver) as file:
            records = file.create_dataset(
                "records_0", (1, 400, 400), "u1", chunks=(1, 1, 1), maxshape=(None, 400, 400))
            records[0, 5:9] = 3
            records[0, 390:] = 5
        describe(name, "uint8", ["records_0"])
    name = f"early-{number}.hdf5"
    with h5py.File(path(name), "w", libver=libver) as file:
        plist = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
        plist.set_chunk((1, 4, 2))
        plist.set_alloc_time(h5py.h5d.ALLOC_TIME_EARLY)
        dataset = h5py.h5d.create(
            file.id, b"records_0", h5py.h5t.STD_I16LE, h5py.h5s.create_simple((3, 6, 5)), plist)
        h5py.Dataset(dataset)[...] = np.arange(90).reshape(3, 6, 5)
    describe(name, "int16", ["records_0"])


def read_times(path):
    with h5py.File(path) as file:
        samples = file["labels"].shape[0]
        names = [n for n in file if n.startswith("records")]
    start = time.perf_counter()
    for k in range(samples):
        with h5py.File(path) as file:
            for name in names:
                file[name][k]
    print((time.perf_counter() - start) / samples)


if __name__ == "__main__":
    if sys.argv[1] == "check":
        sys.exit(check_all(sys.argv[2]))
    elif sys.argv[1] == "write":
        write_all(sys.argv[2])
    else:
        read_times(sys.argv[2])
