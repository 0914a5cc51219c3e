/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.hdf5;

import io.jhdf.object.message.FilterPipelineMessage.FilterInfo;
import java.util.List;

/**
 * Where the elements of a dataset are in a file.
 *
 * @param name of the dataset
 * @param elementBytes bytes of an element
 * @param recordBytes bytes of all elements of one sample
 * @param offset of the first element; -1 if none was ever written, or if it is chunked
 * @param chunks null if it is contiguous
 */
record StoredDataset(String name, int elementBytes, long recordBytes, long offset, Chunks chunks) {

  /**
   * The chunks of a dataset.
   *
   * @param grid how the dataset is cut
   * @param bytes of an unfiltered chunk
   * @param table where they are
   * @param filters in the order in which they were applied
   */
  record Chunks(ChunkGrid grid, int bytes, ChunkTable table, List<FilterInfo> filters) {}

  /** Bytes this takes in memory, roughly. */
  long heapBytes() {
    return 256 + (chunks == null ? 0 : chunks.table.heapBytes());
  }
}
