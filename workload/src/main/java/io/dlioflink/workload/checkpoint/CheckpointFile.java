/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload.checkpoint;

import java.util.ArrayList;
import java.util.List;

/**
 * One file of one rank.
 *
 * @param name without extension
 * @param tensors in the order of the state's dictionaries
 */
public record CheckpointFile(String name, List<CheckpointTensor> tensors) {
  public CheckpointFile {
    tensors = List.copyOf(tensors);
  }

  /** One tensor for each run of bytes in the file, in order. */
  public List<CheckpointTensor> storages() {
    List<CheckpointTensor> storages = new ArrayList<>();
    for (CheckpointTensor tensor : tensors) {
      if (tensor.storage() == storages.size()) {
        storages.add(tensor);
      }
    }
    return storages;
  }

  /** Bytes of all tensors, shared ones counted once. */
  public long payloadBytes() {
    return storages().stream().mapToLong(CheckpointTensor::bytes).sum();
  }
}
