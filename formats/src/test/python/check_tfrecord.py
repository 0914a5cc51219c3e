#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks TFRecord files of ours with TensorFlow, and writes some as DLIO does.

check_tfrecord.py check LIST    each line of LIST: path, index, compression (none or gzip), CRC-32
                                of each image (decimal, comma-separated), separated by tabs
check_tfrecord.py write FOLDER  writes files part-SAMPLES-BYTES.OPTION.tfrecord with the options of
                                tf.io.TFRecordOptions, each with its index beside it
"""

import os
import struct
import sys
import zlib

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np  # noqa: E402
import tensorflow as tf  # noqa: E402

# As dlio_benchmark/reader/tf_reader.py.
FEATURES = {
    "image": tf.io.FixedLenFeature([], tf.string),
    "size": tf.io.FixedLenFeature([], tf.int64),
}
OPTIONS = {"none": "", "gzip": "GZIP", "zlib": "ZLIB"}


def example(image):
    """The message of dlio_benchmark/data_generator/tf_generator.py."""
    return tf.train.Example(
        features=tf.train.Features(
            feature={
                "image": tf.train.Feature(bytes_list=tf.train.BytesList(value=[image])),
                "size": tf.train.Feature(int64_list=tf.train.Int64List(value=[len(image)])),
            }
        )
    )


def index_of(path):
    """What DALI's tfrecord2idx finds in a plain file."""
    lines = []
    with open(path, "rb") as file:
        while True:
            start = file.tell()
            header = file.read(12)
            if not header:
                return "".join(lines)
            file.seek(struct.unpack("<Q", header[:8])[0] + 4, os.SEEK_CUR)
            lines.append(f"{start} {file.tell() - start}\n")


def check(path, index, compression, crcs):
    problems = []
    found = []
    raw = tf.data.TFRecordDataset(path, compression_type=OPTIONS[compression])
    for record in raw:
        parsed = tf.io.parse_single_example(record, FEATURES)
        image = parsed["image"].numpy()
        found.append(zlib.crc32(image))
        if parsed["size"].numpy() != len(image):
            problems.append(f"size {parsed['size']} of {len(image)} bytes")
        if example(image).SerializeToString(deterministic=True) != record.numpy():
            problems.append("tf.train.Example serializes to other bytes")
    if found != crcs:
        problems.append(f"CRCs of images {found}, expected {crcs}")
    with open(index) as file:
        written = file.read()
    plain = path
    if compression != "none":
        plain = path + ".plain"
        with tf.io.TFRecordWriter(plain) as writer:
            for record in raw:
                writer.write(record.numpy())
    if index_of(plain) != written:
        problems.append(f"index {written!r}, expected {index_of(plain)!r}")
    if compression == "none":
        own = path + ".own"
        with tf.io.TFRecordWriter(own) as writer:
            for record in raw:
                writer.write(record.numpy())
        with open(own, "rb") as theirs, open(path, "rb") as ours:
            if theirs.read() != ours.read():
                problems.append("TFRecordWriter writes other bytes")
    return problems


def check_all(list_path):
    failed = 0
    files = 0
    with open(list_path) as lines:
        for line in lines:
            path, index, compression, crcs = line.rstrip("\n").split("\t")
            problems = check(path, index, compression, [int(crc) for crc in crcs.split(",")])
            files += 1
            if problems:
                failed += 1
                print(f"{path}: {'; '.join(problems)}")
    print(f"{files} files checked, {failed} failed")
    return failed == 0


def write_all(folder):
    generator = np.random.default_rng(10)
    for option, name in OPTIONS.items():
        for samples in (1, 3, 40):
            for size in (1, 117, 128, 65536, 300000):
                base = f"part-{samples}-{size}.{option}.tfrecord"
                path = os.path.join(folder, base)
                plain = path + ".plain"
                # Integers leave something to compress.
                images = [
                    generator.integers(0, 20, size, dtype=np.uint8).tobytes()
                    for _ in range(samples)
                ]
                for target, options in ((path, name), (plain, "")):
                    with tf.io.TFRecordWriter(target, tf.io.TFRecordOptions(options)) as writer:
                        for image in images:
                            writer.write(example(image).SerializeToString())
                with open(path + ".idx", "w") as index:
                    index.write(index_of(plain))
                os.remove(plain)


if __name__ == "__main__":
    command, argument = sys.argv[1:3]
    if command == "check":
        sys.exit(0 if check_all(argument) else 1)
    if command == "write":
        write_all(argument)
    else:
        sys.exit(f"no command {command}")
