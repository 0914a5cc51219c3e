#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Reads every tensor of checkpoints with TensorFlow, which checks their CRC-32C.

check_tensor_bundle.py FOLDER PREFIX...   prints the latest checkpoint of the folder, then one line
                                          per tensor: prefix, name, dtype, elements
"""

import sys

import tensorflow as tf

folder, prefixes = sys.argv[1], sys.argv[2:]
print("latest", tf.train.latest_checkpoint(folder))
for prefix in prefixes:
    reader = tf.train.load_checkpoint(f"{folder}/{prefix}")
    for name in sorted(reader.get_variable_to_shape_map()):
        tensor = reader.get_tensor(name)
        print("tensor", prefix, name, tensor.dtype, tensor.size)
