/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.hdf5;

/** A dataset cut into chunks; chunks are numbered in C order. */
final class ChunkGrid {
  private final long[] dims;
  private final int[] chunkDims;
  private final long[] counts;
  private final long chunks;

  /**
   * @throws ArithmeticException if there are more chunks than a long counts
   */
  ChunkGrid(long[] dims, int[] chunkDims) {
    this.dims = dims.clone();
    this.chunkDims = chunkDims.clone();
    this.counts = new long[dims.length];
    long product = 1;
    for (int axis = 0; axis < dims.length; axis++) {
      counts[axis] = (dims[axis] + chunkDims[axis] - 1) / chunkDims[axis];
      product = Math.multiplyExact(product, counts[axis]);
    }
    this.chunks = product;
  }

  int rank() {
    return dims.length;
  }

  /** Size of the dataset along an axis. */
  long dim(int axis) {
    return dims[axis];
  }

  /** Size of a chunk along an axis. */
  int chunkDim(int axis) {
    return chunkDims[axis];
  }

  /** Number of chunks along an axis. */
  long count(int axis) {
    return counts[axis];
  }

  /** Number of chunks. */
  long chunks() {
    return chunks;
  }

  /** Number of chunks that share one place on the first axis. */
  long chunksPerRow() {
    return counts[0] == 0 ? 0 : chunks / counts[0];
  }

  /** First element of a chunk, by axis. */
  long[] origin(long chunk) {
    long[] origin = new long[dims.length];
    long rest = chunk;
    for (int axis = dims.length - 1; axis >= 0; axis--) {
      origin[axis] = rest % counts[axis] * chunkDims[axis];
      rest /= counts[axis];
    }
    return origin;
  }

  /** The number of the chunk that starts at an element; -1 if none does. */
  long chunkAt(long[] origin) {
    long number = 0;
    for (int axis = 0; axis < dims.length; axis++) {
      if (origin[axis] < 0 || origin[axis] >= dims[axis] || origin[axis] % chunkDims[axis] != 0) {
        return -1;
      }
      number = number * counts[axis] + origin[axis] / chunkDims[axis];
    }
    return number;
  }
}
