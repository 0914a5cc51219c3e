# SPDX-License-Identifier: Apache-2.0
"""Which datasets `formats` compares, and with what."""

import shutil
from collections import namedtuple

SIDES = {"4 KiB": 64, "114 KiB": 338, "2.8 MB": 1702}

PACKAGES = {
    "npz": ["numpy"],
    "npy": ["numpy"],
    "hdf5": ["numpy", "h5py"],
    "tfrecord": ["numpy", "tensorflow"],
    "csv": ["numpy", "pandas"],
    "jpeg": ["numpy", "PIL"],
    "png": ["numpy", "PIL"],
    "parquet": ["numpy", "pyarrow"],
    "indexed_binary": ["numpy"],
}

# Read as a stream, one sample after the other; the others in random order.
STREAMED = ("tfrecord", "parquet")

# One sample is read without the others of its file.
BY_RANGE = ("hdf5", "indexed_binary")

READERS = {
    "npz": ["npz_load"],
    "npy": ["npy_load"],
    "hdf5": ["h5py_reopened", "h5py_kept_open"],
    "tfrecord": ["tf_data"],
    "csv": ["pandas_csv"],
    "jpeg": ["pillow", "djpeg"],
    "png": ["pillow"],
    "parquet": ["pyarrow_file"],
    "indexed_binary": ["seek_and_read"],
}

WRITERS = {
    "npz": "savez",
    "npy": "save",
    "hdf5": "h5py_create",
    "tfrecord": "tf_writer",
    "csv": "to_csv",
    "jpeg": "pillow_save",
    "png": "pillow_save",
    "parquet": "pyarrow_write",
    "indexed_binary": "raw_write",
}

DISPLAY_NAMES = {
    "npz_load": "numpy.load",
    "npy_load": "numpy.load",
    "h5py_reopened": "h5py, opened per sample",
    "h5py_kept_open": "h5py, kept open",
    "tf_data": "tf.data",
    "pandas_csv": "pandas",
    "pillow": "Pillow",
    "djpeg": "djpeg",
    "pyarrow_file": "pyarrow",
    "seek_and_read": "seek, read",
    "savez": "numpy.savez",
    "save": "numpy.save",
    "h5py_create": "h5py",
    "tf_writer": "TFRecordWriter",
    "to_csv": "pandas",
    "pillow_save": "Pillow",
    "pyarrow_write": "pyarrow",
    "raw_write": "write",
}


class Case(namedtuple("Case", "format size samples files compression")):
    """A kind of dataset."""

    @property
    def name(self):
        packed = "" if self.compression == "none" else f" {self.compression}"
        return f"{self.format}{packed}, {self.size} x {self.samples}"

    def request(self, what, folder, files):
        # Random bytes do not compress, and then nothing is left to inflate.
        ratio = 1 if self.compression == "none" else 2
        order = "in_order" if self.format in STREAMED else "shuffled"
        words = [self.format, SIDES[self.size], self.samples, files, self.compression, ratio, order]
        return " ".join([what, str(folder), *map(str, words)])

    def yardsticks(self):
        for reader in READERS[self.format]:
            if reader == "h5py_kept_open" and self.samples == 1:
                continue  # the same as the other
            if reader == "djpeg" and (self.size != "2.8 MB" or shutil.which("djpeg") is None):
                continue  # the start of the process would be what is measured
            yield reader


def read_cases():
    """Datasets to be read."""
    for kind in ("npz", "npy", "hdf5", "tfrecord", "parquet", "indexed_binary"):
        yield Case(kind, "4 KiB", 1, 2048, "none")
        if kind not in ("npz", "npy"):
            yield Case(kind, "4 KiB", 16, 128, "none")
        yield Case(kind, "114 KiB", 1, 512, "none")
        yield Case(kind, "114 KiB", 16, 32, "none")
        yield Case(kind, "2.8 MB", 1, 32, "none")
    for kind, compression in (("npz", "zip"), ("hdf5", "gzip"), ("tfrecord", "gzip")):
        yield Case(kind, "114 KiB", 1, 256, compression)
    yield Case("parquet", "114 KiB", 16, 16, "zstd")
    yield Case("csv", "114 KiB", 1, 32, "none")
    yield Case("csv", "114 KiB", 1, 32, "gzip")
    for kind in ("jpeg", "png"):
        yield Case(kind, "114 KiB", 1, 128, "none")
        yield Case(kind, "2.8 MB", 1, 8, "none")


def written_cases():
    """Datasets to be generated."""
    for kind in WRITERS:
        yield Case(kind, "114 KiB", 1, 256 if kind != "csv" else 16, "none")
    for kind in ("hdf5", "tfrecord", "parquet", "indexed_binary"):
        yield Case(kind, "114 KiB", 16, 16, "none")
    for kind in ("npz", "npy", "hdf5"):
        yield Case(kind, "2.8 MB", 1, 16, "none")
    for kind, compression in (("npz", "zip"), ("hdf5", "gzip"), ("parquet", "zstd")):
        yield Case(kind, "114 KiB", 1, 64, compression)
