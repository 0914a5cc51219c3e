/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.hdf5;

/** The sizes of the chunks of a file as stored: of each dataset in turn, all of its chunks. */
final class StoredChunks {
  private final int datasets;
  private final int chunks;
  private final int chunkBytes;

  /** Sizes; negative: left as it was, without a filter. Null if all have their full size. */
  private final int[] sizes;

  private StoredChunks(int datasets, int chunks, int chunkBytes, int[] sizes) {
    this.datasets = datasets;
    this.chunks = chunks;
    this.chunkBytes = chunkBytes;
    this.sizes = sizes;
  }

  /** Contiguous datasets have none. */
  static StoredChunks none() {
    return new StoredChunks(0, 0, 0, null);
  }

  /** Chunks without a filter. */
  static StoredChunks unfiltered(CreationProperties properties) {
    return new StoredChunks(
        properties.datasets(),
        Math.toIntExact(properties.grid().chunks()),
        properties.chunkBytes(),
        null);
  }

  /** Chunks that are to be filtered; their sizes are not known yet. */
  static StoredChunks filtered(CreationProperties properties) {
    int chunks = Math.toIntExact(properties.grid().chunks());
    return new StoredChunks(
        properties.datasets(),
        chunks,
        properties.chunkBytes(),
        new int[Math.multiplyExact(properties.datasets(), chunks)]);
  }

  /** Chunks of one dataset. */
  int chunks() {
    return chunks;
  }

  void set(int dataset, int chunk, int bytes, boolean filtered) {
    sizes[dataset * chunks + chunk] = filtered ? bytes : -bytes;
  }

  int bytes(int dataset, int chunk) {
    return sizes == null ? chunkBytes : Math.abs(sizes[dataset * chunks + chunk]);
  }

  boolean filtered(int dataset, int chunk) {
    return sizes != null && sizes[dataset * chunks + chunk] >= 0;
  }

  long totalBytes(int dataset) {
    long total = 0;
    for (int chunk = 0; chunk < chunks; chunk++) {
      total += bytes(dataset, chunk);
    }
    return total;
  }

  long totalBytes() {
    long total = 0;
    for (int dataset = 0; dataset < datasets; dataset++) {
      total = Math.addExact(total, totalBytes(dataset));
    }
    return total;
  }
}
