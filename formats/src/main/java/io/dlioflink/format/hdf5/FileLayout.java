/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.hdf5;

import java.util.List;

/**
 * Where the samples of a file are.
 *
 * @param endOffset where the file ends by its own account; -1 if that depends on a user block
 * @param records the datasets a sample is spread over
 */
record FileLayout(long endOffset, List<StoredDataset> records) {
  FileLayout {
    records = List.copyOf(records);
  }

  /** Bytes this takes in memory, roughly. */
  long heapBytes() {
    return 256 + records.stream().mapToLong(StoredDataset::heapBytes).sum();
  }
}
