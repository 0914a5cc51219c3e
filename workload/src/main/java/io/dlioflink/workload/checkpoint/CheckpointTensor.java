/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload.checkpoint;

import io.dlioflink.workload.TensorType;
import java.util.List;

/**
 * A one-dimensional tensor of a checkpoint file.
 *
 * @param path the keys that lead to it through the dictionaries of the state
 * @param elements its length
 * @param type of its elements
 * @param storage number of its bytes within the file, from 0; tensors with one number share them
 */
public record CheckpointTensor(List<String> path, long elements, TensorType type, int storage) {
  public CheckpointTensor {
    path = List.copyOf(path);
  }

  /** Bytes of its elements. */
  public long bytes() {
    return Math.multiplyExact(elements, type.bytes());
  }

  /** Its path for people, e.g. {@code 3/0}. */
  public String label() {
    return String.join("/", path);
  }
}
