#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks Parquet files of ours with pyarrow and pandas, and writes some of theirs.

check_parquet.py check LIST    each line of LIST: path, dtype, shape of a sample (1,2,3), columns,
                               rows per row group, codec, CRC-32 of each sample (decimal,
                               comma-separated), all separated by tabs
check_parquet.py fixtures FOLDER  writes three small ones likewise: the test resources
check_parquet.py write FOLDER  writes files of many kinds, and LIST: each line name, columns to be
                               read (comma-separated, may be none), value bytes of each row
"""

import datetime
import decimal
import itertools
import os
import sys
import zlib

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq


def check(path, dtype, shape, columns, group_rows, codec, crcs):
    problems = []
    file = pq.ParquetFile(path, page_checksum_verification=True)
    names = ["label"] + (["x"] if columns == 1 else [f"x{i}" for i in range(columns)])
    wanted = pa.schema(
        [pa.field("label", pa.int64(), nullable=False)]
        + [pa.field(name, pa.binary(), nullable=False) for name in names[1:]]
    )
    if not file.schema_arrow.equals(wanted):
        problems.append(f"schema {file.schema_arrow}")
    metadata = {key.decode(): value.decode() for key, value in file.metadata.metadata.items()}
    if metadata != {
        "dlio_flink.shape": ",".join(str(d) for d in shape),
        "dlio_flink.dtype": dtype,
    }:
        problems.append(f"metadata {metadata}")
    if file.metadata.created_by != "dlio-flink version 1":
        problems.append(f"created by {file.metadata.created_by}")
    groups = [file.metadata.row_group(i) for i in range(file.metadata.num_row_groups)]
    rows = [group.num_rows for group in groups]
    full, rest = divmod(len(crcs), group_rows)
    if rows != [group_rows] * full + [rest] * (rest > 0):
        problems.append(f"row groups of {rows} rows")
    for group in groups:
        for i in range(group.num_columns):
            column = group.column(i)
            if column.compression != codec or not column.has_offset_index:
                problems.append(f"{column}")
        if group.total_byte_size != sum(
            group.column(i).total_uncompressed_size for i in range(group.num_columns)
        ):
            problems.append(f"row group of {group.total_byte_size} bytes")
    table = file.read()
    table.validate(full=True)
    if table["label"].to_pylist() != [0] * len(crcs):
        problems.append("labels")
    values = [table[name].to_pylist() for name in names[1:]]
    samples = [b"".join(parts) for parts in zip(*values)]
    found = [zlib.crc32(sample) for sample in samples]
    if found != crcs:
        problems.append(f"CRCs of samples {found}, expected {crcs}")
    elements = int(np.prod(shape))
    size = np.dtype(dtype).itemsize
    for i in range(columns):
        length = (elements * (i + 1) // columns - elements * i // columns) * size
        if any(len(value) != length for value in values[i]):
            problems.append(f"column {i} holds parts of {len(values[i][0])}, expected {length}")
    array = np.frombuffer(samples[0], dtype).reshape(shape)
    if array.dtype.kind == "f" and not ((array >= 0) & (array < 1)).all():
        problems.append("numbers outside [0, 1)")
    frame = pd.read_parquet(path)
    if list(frame.columns) != names or list(frame[names[1]]) != values[0]:
        problems.append("pandas reads something else")
    return problems


def check_all(listing):
    failed = checked = 0
    with open(listing, encoding="utf-8") as lines:
        for line in lines:
            path, dtype, shape, columns, group_rows, codec, crcs = line.rstrip("\n").split("\t")
            dims = tuple(int(n) for n in shape.split(","))
            numbers = [int(n) for n in crcs.split(",")]
            problems = check(path, dtype, dims, int(columns), int(group_rows), codec, numbers)
            checked += 1
            failed += bool(problems)
            for problem in problems:
                print(f"{path}: {problem}")
    print(f"{checked} files checked, {failed} failed, pyarrow {pa.__version__}")
    return 1 if failed or not checked else 0


def column_kinds(rows):
    """Columns by name: array, bytes of a value as stored (None: as long as it is)."""
    random = np.random.default_rng(11)

    def some(values, every=3):
        return [None if i % every == 1 else value for i, value in enumerate(values)]

    numbers = [int(n) for n in random.integers(-(2**31), 2**31, rows)]
    small = [int(n) for n in random.integers(0, 100, rows)]
    texts = [random.bytes(int(n)) for n in random.integers(0, 50, rows)]
    prefixed = sorted(f"name-{n:09d}-of-a-thing" for n in numbers)
    lists = [[float(k) for k in range(i % 5)] for i in range(rows)]
    nested = [[[k, None][: 1 + k % 2] for k in range(i % 4)] for i in range(rows)]
    return {
        "boolean": (pa.array(some([n % 2 == 0 for n in small]), pa.bool_()), 1),
        "int8": (pa.array(small, pa.int8()), 4),
        "int32": (pa.array(some(numbers), pa.int32()), 4),
        "int64": (pa.array(numbers, pa.int64()), 8),
        "float16": (pa.array(np.array(small, np.float16)), 2),
        "float32": (pa.array(some(small, 7), pa.float32()), 4),
        "float64": (pa.array(random.random(rows)), 8),
        "time": (pa.array([datetime.datetime(2026, 1, 1)] * rows, pa.timestamp("us")), 8),
        "decimal": (pa.array([decimal.Decimal(n) for n in numbers], pa.decimal128(20)), 9),
        "fixed": (pa.array(some([b"%05d" % n for n in small]), pa.binary(5)), 5),
        "binary": (pa.array(some(texts), pa.binary()), None),
        "text": (pa.array(prefixed, pa.string()), None),
        "few": (pa.array([f"kind {n % 5}" for n in small]), None),
        "category": (pa.array([f"kind {n % 5}" for n in small]).dictionary_encode(), None),
        "absent": (pa.array([None] * rows, pa.binary()), None),
        "list": (pa.array(some(lists, 6), pa.list_(pa.float32())), 4),
        "texts": (pa.array([[t] * (i % 3) for i, t in enumerate(texts)]), None),
        "nested": (pa.array(nested, pa.list_(pa.list_(pa.int16()))), 4),
        "struct": (pa.array([{"a": t, "b": None} for t in texts], None), None),
        "matrix": (pa.array([[1.0] * 12] * rows, pa.list_(pa.float64(), 12)), 8),
    }


def value_bytes(value, width):
    if value is None:
        return 0
    if isinstance(value, list):
        return sum(value_bytes(v, width) for v in value)
    if isinstance(value, dict):
        return sum(value_bytes(v, width) for v in value.values())
    if width is not None:
        return width
    return len(value.encode() if isinstance(value, str) else value)


ENCODINGS = [
    {"int32": "DELTA_BINARY_PACKED", "int64": "DELTA_BINARY_PACKED", "text": "DELTA_BYTE_ARRAY"},
    {"text": "DELTA_LENGTH_BYTE_ARRAY", "binary": "DELTA_BYTE_ARRAY", "fixed": "DELTA_BYTE_ARRAY"},
    {"float32": "BYTE_STREAM_SPLIT", "int32": "BYTE_STREAM_SPLIT", "boolean": "RLE"},
    {"binary": "DELTA_LENGTH_BYTE_ARRAY"},
]


class Folder:
    """Files written so far, and what is in them."""

    def __init__(self, path):
        self.path = path
        self.lines = []

    def write(self, name, kinds, wanted, **options):
        table = pa.table({kind: array for kind, (array, _) in kinds.items()})
        pq.write_table(table, os.path.join(self.path, name), **options)
        chosen = wanted or list(kinds)
        columns = [(kinds[kind][0].to_pylist(), kinds[kind][1]) for kind in chosen]
        rows = [
            sum(value_bytes(values[row], width) for values, width in columns)
            for row in range(len(table))
        ]
        self.add(name, wanted, rows)

    def add(self, name, wanted, rows):
        self.lines.append("\t".join([name, ",".join(wanted), ",".join(str(n) for n in rows)]))

    def close(self):
        with open(os.path.join(self.path, "LIST"), "w", encoding="utf-8") as listing:
            listing.write("\n".join(self.lines) + "\n")


def write_fixtures(path):
    folder = Folder(path)
    kinds = column_kinds(30)
    folder.write(
        "dictionaries.parquet",
        kinds,
        [],
        data_page_version="1.0",
        compression="gzip",
        data_page_size=100,
        write_batch_size=8,
        row_group_size=20,
        store_schema=False,
    )
    folder.write(
        "deltas.parquet",
        kinds,
        [],
        data_page_version="2.0",
        compression="zstd",
        use_dictionary=False,
        column_encoding=ENCODINGS[0] | {"binary": "DELTA_LENGTH_BYTE_ARRAY"},
        write_page_index=True,
        write_page_checksum=True,
        data_page_size=100,
        write_batch_size=8,
        store_schema=False,
    )
    folder.write(
        "plain.parquet",
        kinds,
        [],
        data_page_version="1.0",
        compression="none",
        use_dictionary=False,
        data_page_size=100,
        write_batch_size=8,
        store_schema=False,
    )
    folder.close()


def write_all(path):
    folder = Folder(path)
    write = folder.write
    number = itertools.count()
    for rows in (1, 100, 3000):
        kinds = column_kinds(rows)
        for version, codec, dictionary in itertools.product(
            ("1.0", "2.0"), ("none", "snappy", "gzip", "zstd", "lz4"), (True, False)
        ):
            for index in (True, False):
                write(
                    f"kinds-{next(number)}.parquet",
                    kinds,
                    [],
                    data_page_version=version,
                    compression=codec,
                    use_dictionary=dictionary,
                    write_page_index=index,
                    write_page_checksum=not index,
                    data_page_size=2000,
                    write_batch_size=64,
                    row_group_size=1300,
                )
            write(
                f"chosen-{next(number)}.parquet",
                kinds,
                ["binary", "list"],
                data_page_version=version,
                compression=codec,
                use_dictionary=dictionary,
            )
        for version, encodings in itertools.product(("1.0", "2.0"), ENCODINGS):
            write(
                f"encodings-{next(number)}.parquet",
                kinds,
                [],
                data_page_version=version,
                use_dictionary=False,
                column_encoding=encodings,
            )
    write_pandas(folder)
    folder.close()


def write_pandas(folder):
    rows = 200
    texts = [f"caption {i}" * (i % 4) for i in range(rows)]
    arrays = [np.arange(i % 9, dtype=np.float32) for i in range(rows)]
    frame = pd.DataFrame({"text": texts, "pixels": arrays, "label": range(rows)})
    expected = [len(t) + a.nbytes + 8 for t, a in zip(texts, arrays)]
    for codec in (None, "snappy", "gzip", "zstd", "lz4"):
        name = f"pandas-{codec}.parquet"
        frame.to_parquet(os.path.join(folder.path, name), compression=codec)
        folder.add(name, [], expected)


if __name__ == "__main__":
    if sys.argv[1] == "check":
        sys.exit(check_all(sys.argv[2]))
    elif sys.argv[1] == "fixtures":
        write_fixtures(sys.argv[2])
    else:
        write_all(sys.argv[2])
