#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Opens checkpoint files as torch.load does, with zipfile, pickle and NumPy alone.

check_torch.py FILE...   prints one line per tensor: file name, path, dtype, elements, least and
                         greatest value; fails if an archive is not what PyTorch writes
"""

import os
import pickle
import struct
import sys
import zipfile

import numpy as np

DTYPES = {
    "HalfStorage": "float16",
    "BFloat16Storage": "bfloat16",
    "FloatStorage": "float32",
    "DoubleStorage": "float64",
    "CharStorage": "int8",
    "ByteStorage": "uint8",
}


class Unpickler(pickle.Unpickler):
    """Knows what torch/serialization.py puts into data.pkl, and nothing else."""

    def __init__(self, archive):
        super().__init__(archive.open("archive/data.pkl"))
        self.archive = archive

    def find_class(self, module, name):
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return rebuild_tensor
        if module == "torch" and name in DTYPES:
            return DTYPES[name]
        if (module, name) == ("collections", "OrderedDict"):
            return dict
        raise pickle.UnpicklingError(f"{module}.{name} is not expected")

    def persistent_load(self, pid):
        kind, dtype, key, device, elements = pid
        assert (kind, device) == ("storage", "cpu"), pid
        raw = self.archive.read(f"archive/data/{key}")
        if dtype == "bfloat16":
            halves = np.frombuffer(raw, dtype="<u2").astype("<u4")
            values = (halves << 16).view("<f4")
        else:
            values = np.frombuffer(raw, dtype=np.dtype(dtype).newbyteorder("<"))
        assert len(values) == elements, f"{key}: {len(values)} elements, expected {elements}"
        return dtype, values


def rebuild_tensor(storage, offset, size, stride, requires_grad, hooks):
    assert (offset, stride, requires_grad, hooks) == (0, (1,), False, {})
    dtype, values = storage
    assert size == (len(values),)
    return dtype, values


def tensors(state, path=()):
    for key, value in state.items():
        if isinstance(value, dict):
            yield from tensors(value, path + (key,))
        else:
            yield "/".join(path + (key,)), *value


def check_layout(path, archive):
    with open(path, "rb") as file:
        for entry in archive.infolist():
            assert entry.compress_type == zipfile.ZIP_STORED, entry.filename
            file.seek(entry.header_offset + 26)
            name, extra = struct.unpack("<HH", file.read(4))
            data = entry.header_offset + 30 + name + extra
            assert data % 64 == 0, f"{entry.filename} begins at byte {data}"
    assert archive.testzip() is None, archive.testzip()
    assert archive.read("archive/version") == b"3\n"
    assert archive.read("archive/byteorder") == b"little"
    assert len(archive.read("archive/.data/serialization_id")) == 40


def main():
    for path in sys.argv[1:]:
        with zipfile.ZipFile(path) as archive:
            check_layout(path, archive)
            for name, dtype, values in tensors(Unpickler(archive).load()):
                low, high = values.min(), values.max()
                print(os.path.basename(path), name, dtype, len(values), low, high)


if __name__ == "__main__":
    main()
