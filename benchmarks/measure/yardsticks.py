#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What a user of Python would read and write the same files with; one thread, one process.

yardsticks.py PACKAGE...  Imports these, then makes one pass over a small dataset for each line of
standard input and prints what it took as JSON. The words of a line are those of FormatDataset.java,
but the first is the name of a yardstick: name, folder, format, side of a square uint8 sample,
samples per file, files, compression, how well the content compresses, order (shuffled or in_order).
The processor time is that of the process.
"""

import importlib
import io
import json
import os
import random
import resource
import struct
import subprocess
import sys
import time

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

BATCH_SIZE = 16
BLOCK_BYTES = 4096
CHUNK_BYTES = 1 << 20


class Dataset:
    """Files train/f_NNNNNN.FORMAT, and which samples are read in which order."""

    def __init__(self, folder, kind, side, samples, files, compression, ratio, order):
        self.folder = folder
        self.format = kind
        self.side = int(side)
        self.samples = int(samples)
        self.compression = compression
        self.ratio = float(ratio)
        self.paths = [f"{folder}/train/f_{i:06d}.{kind}" for i in range(int(files))]
        self.shuffled = order == "shuffled"
        self.sample_bytes = self.side * self.side

    def ids(self):
        ids = list(range(len(self.paths) * self.samples))
        if self.shuffled:
            random.Random(1).shuffle(ids)
        return ids

    def in_turn(self):
        """(path, index in the file) of each sample."""
        return [(self.paths[i // self.samples], i % self.samples) for i in self.ids()]


# Reading: the same calls as DLIO's readers where it has one. Each returns the bytes of all samples.


def npz_load(dataset):
    np = importlib.import_module("numpy")
    total = 0
    for path, k in dataset.in_turn():
        with np.load(path) as archive:
            total += archive["x"][..., k].nbytes
    return total


def npy_load(dataset):
    np = importlib.import_module("numpy")
    return sum(np.load(path)[..., k].nbytes for path, k in dataset.in_turn())


def h5py_reopened(dataset):
    h5py = importlib.import_module("h5py")
    total = 0
    for path, k in dataset.in_turn():
        with h5py.File(path, "r") as file:
            total += file["records_0"][k].nbytes
    return total


def h5py_kept_open(dataset):
    h5py = importlib.import_module("h5py")
    files = {path: h5py.File(path, "r") for path in dataset.paths}
    total = sum(files[path]["records_0"][k].nbytes for path, k in dataset.in_turn())
    for file in files.values():
        file.close()
    return total


PIPELINES = {}


def _pipeline(dataset):
    """Built once for all passes, as DLIO does."""
    key = (dataset.folder, len(dataset.paths), dataset.compression)
    if key not in PIPELINES:
        tf = importlib.import_module("tensorflow")
        tf.config.threading.set_intra_op_parallelism_threads(1)
        tf.config.threading.set_inter_op_parallelism_threads(1)
        features = {
            "image": tf.io.FixedLenFeature([], tf.string),
            "size": tf.io.FixedLenFeature([], tf.int64),
        }
        records = tf.data.TFRecordDataset(
            dataset.paths,
            compression_type="GZIP" if dataset.compression == "gzip" else "",
            buffer_size=CHUNK_BYTES,
        )
        options = tf.data.Options()
        options.autotune.enabled = False
        options.threading.private_threadpool_size = 1
        options.threading.max_intra_op_parallelism = 1
        parsed = records.map(lambda record: tf.io.parse_single_example(record, features))
        PIPELINES[key] = parsed.batch(BATCH_SIZE).with_options(options)
    return PIPELINES[key]


def tf_data(dataset):
    return sum(int(batch["size"].numpy().sum()) for batch in _pipeline(dataset))


def pandas_csv(dataset):
    pd = importlib.import_module("pandas")
    np = importlib.import_module("numpy")
    compression = None if dataset.compression == "none" else dataset.compression
    total = 0
    for path, k in dataset.in_turn():
        frame = pd.read_csv(path, compression=compression, header=None)
        total += frame.to_numpy()[k].astype(np.uint8).nbytes
    return total


def pillow(dataset):
    np = importlib.import_module("numpy")
    image = importlib.import_module("PIL.Image")
    return sum(np.asarray(image.open(path)).nbytes for path, _ in dataset.in_turn())


def djpeg(dataset):
    """A process for each file: its start counts too, the larger the image the less."""
    for path, _ in dataset.in_turn():
        subprocess.run(["djpeg", "-outfile", "/dev/null", path], check=True)
    return len(dataset.ids()) * dataset.sample_bytes


def pyarrow_file(dataset):
    parquet = importlib.import_module("pyarrow.parquet")
    total = 0
    for path in dataset.paths:
        table = parquet.ParquetFile(path).read(use_threads=False)
        total += len(table["x"]) * dataset.sample_bytes + table["label"].nbytes
    return total


def seek_and_read(dataset):
    np = importlib.import_module("numpy")
    indexes = {
        path: (np.fromfile(path + ".off.idx", np.uint64), np.fromfile(path + ".sz.idx", np.uint64))
        for path in dataset.paths
    }
    total = 0
    for path, k in dataset.in_turn():
        offsets, sizes = indexes[path]
        with open(path, "rb") as file:
            file.seek(int(offsets[k]))
            total += np.frombuffer(file.read(int(sizes[k])), np.uint8).nbytes
    return total


# Writing: random numbers and the library call of DLIO's generators. Each returns nothing.


def _tensor(dataset, shape):
    """DLIO's random integers: float32 in [0, 1), scaled, truncated. The rest of a block is zeros."""
    np = importlib.import_module("numpy")
    limits = np.iinfo(np.uint8)
    uniform = np.random.default_rng().random(size=shape, dtype=np.float32)
    numbers = (uniform * (limits.max - limits.min) + limits.min).astype(np.uint8)
    if dataset.ratio > 1:
        flat = numbers.reshape(-1)
        for start in range(0, flat.size, BLOCK_BYTES):
            flat[start + int(BLOCK_BYTES / dataset.ratio) : start + BLOCK_BYTES] = 0
    return numbers


def _bytes(shape):
    return importlib.import_module("numpy").random.randint(255, size=shape, dtype="uint8")


def savez(dataset):
    np = importlib.import_module("numpy")
    save = np.savez if dataset.compression == "none" else np.savez_compressed
    for path in dataset.paths:
        x = _tensor(dataset, (dataset.side, dataset.side, dataset.samples))
        save(path, x=x, y=np.zeros(dataset.samples, np.int64))


def save(dataset):
    np = importlib.import_module("numpy")
    for path in dataset.paths:
        np.save(path, _tensor(dataset, (dataset.side, dataset.side, dataset.samples)))


def h5py_create(dataset):
    np = importlib.import_module("numpy")
    h5py = importlib.import_module("h5py")
    packed = {"compression": "gzip", "compression_opts": 4} if dataset.compression == "gzip" else {}
    for path in dataset.paths:
        shape = (dataset.samples, dataset.side, dataset.side)
        with h5py.File(path, "w", libver="latest") as file:
            file.create_dataset("records_0", data=_tensor(dataset, shape), **packed)
            file.create_dataset("labels", data=np.zeros(dataset.samples, np.int64))


def tf_writer(dataset):
    """Without the index, which DLIO leaves to another program."""
    tf = importlib.import_module("tensorflow")
    for path in dataset.paths:
        with tf.io.TFRecordWriter(path) as writer:
            for _ in range(dataset.samples):
                image = _tensor(dataset, (dataset.side, dataset.side)).tobytes()
                feature = {
                    "image": tf.train.Feature(bytes_list=tf.train.BytesList(value=[image])),
                    "size": tf.train.Feature(int64_list=tf.train.Int64List(value=[len(image)])),
                }
                example = tf.train.Example(features=tf.train.Features(feature=feature))
                writer.write(example.SerializeToString())


def to_csv(dataset):
    pd = importlib.import_module("pandas")
    for path in dataset.paths:
        row = _tensor(dataset, dataset.sample_bytes)
        pd.DataFrame([row] * dataset.samples).to_csv(path, index=False, header=False)


def pillow_save(dataset):
    image = importlib.import_module("PIL.Image")
    for path in dataset.paths:
        image.fromarray(_bytes((dataset.side, dataset.side))).save(path, dataset.format)


def raw_write(dataset):
    np = importlib.import_module("numpy")
    for path in dataset.paths:
        with open(path, "wb") as file:
            file.write(_bytes(dataset.samples * dataset.sample_bytes).tobytes())
        sizes = np.full(dataset.samples, dataset.sample_bytes, np.uint64)
        for suffix, numbers in ((".off.idx", np.cumsum(sizes) - sizes), (".sz.idx", sizes)):
            with open(path + suffix, "wb") as file:
                file.write(struct.pack(f"={dataset.samples}Q", *numbers))


def pyarrow_write(dataset):
    """DLIO has no Parquet; the same layout as ours."""
    np = importlib.import_module("numpy")
    pa = importlib.import_module("pyarrow")
    parquet = importlib.import_module("pyarrow.parquet")
    for path in dataset.paths:
        rows = [_tensor(dataset, dataset.sample_bytes).tobytes() for _ in range(dataset.samples)]
        table = pa.table({"label": np.zeros(dataset.samples, np.int64), "x": rows})
        parquet.write_table(
            table,
            path,
            compression=dataset.compression,
            use_dictionary=False,
            row_group_size=max(1, CHUNK_BYTES // dataset.sample_bytes),
        )


YARDSTICKS = {
    function.__name__: function
    for function in (
        npz_load,
        npy_load,
        h5py_reopened,
        h5py_kept_open,
        tf_data,
        pandas_csv,
        pillow,
        djpeg,
        pyarrow_file,
        seek_and_read,
        savez,
        save,
        h5py_create,
        tf_writer,
        to_csv,
        pillow_save,
        raw_write,
        pyarrow_write,
    )
}


def _processor_seconds():
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def main():
    try:
        for package in sys.argv[1:]:
            importlib.import_module(package)
    except ImportError as failure:
        print(json.dumps({"missing": failure.name}), flush=True)
        return
    print(json.dumps({"missing": None}), flush=True)
    for line in io.TextIOWrapper(sys.stdin.buffer, encoding="utf-8"):
        name, *words = line.split()
        dataset = Dataset(*words)
        os.makedirs(f"{dataset.folder}/train", exist_ok=True)
        processor = _processor_seconds()
        start = time.perf_counter()
        total = YARDSTICKS[name](dataset)
        result = {
            "seconds": time.perf_counter() - start,
            "cpu_seconds": _processor_seconds() - processor,
            "samples": len(dataset.paths) * dataset.samples,
            "sample_bytes": total or 0,
        }
        print(json.dumps(result), flush=True)


if __name__ == "__main__":
    main()
