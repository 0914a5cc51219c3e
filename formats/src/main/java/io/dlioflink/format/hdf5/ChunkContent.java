/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.hdf5;

import java.nio.ByteBuffer;

/**
 * The bytes of the chunks of one dataset, made in any order of pieces: runs of elements that stand
 * together in the dataset, and zeros for the part of a chunk outside it.
 */
final class ChunkContent {
  private final RecordsContent records;
  private final ChunkGrid grid;
  private final int elementBytes;

  /** Axes from this one on are covered whole by a chunk, or this is the last axis. */
  private final int runAxis;

  /** Elements of a run of the chunk, whether or not all of them are inside the dataset. */
  private final long runElements;

  private final long[] strides;
  private long[] origin;

  ChunkContent(RecordsContent records, ChunkGrid grid, int elementBytes) {
    this.records = records;
    this.grid = grid;
    this.elementBytes = elementBytes;
    this.strides = new long[grid.rank()];
    long stride = 1;
    for (int axis = grid.rank() - 1; axis >= 0; axis--) {
      strides[axis] = stride;
      stride *= grid.dim(axis);
    }
    int axis = grid.rank() - 1;
    while (axis > 0 && grid.chunkDim(axis) == grid.dim(axis)) {
      axis--;
    }
    this.runAxis = axis;
    this.runElements = grid.chunkDim(axis) * strides[axis];
  }

  /** Turns to a chunk. */
  void start(long chunk) {
    origin = grid.origin(chunk);
  }

  /**
   * Fills the target.
   *
   * @param offset in bytes of the chunk
   */
  void fill(long offset, ByteBuffer target) {
    int limit = target.limit();
    long runBytes = runElements * elementBytes;
    long at = offset;
    while (target.position() < limit) {
      long within = at % runBytes;
      int piece = (int) Math.min(limit - target.position(), runBytes - within);
      fillRun(at / runBytes, within, piece, target);
      at += piece;
    }
    target.limit(limit);
  }

  private void fillRun(long run, long within, int bytes, ByteBuffer target) {
    int end = target.position() + bytes;
    long first = firstElement(run);
    if (first >= 0) {
      long inside = Math.min(grid.chunkDim(runAxis), grid.dim(runAxis) - origin[runAxis]);
      long insideBytes = inside * strides[runAxis] * elementBytes;
      int piece = (int) Math.max(0, Math.min(bytes, insideBytes - within));
      target.limit(target.position() + piece);
      records.fill(first * elementBytes + within, target);
    }
    target.limit(end);
    while (target.position() < end) {
      target.put((byte) 0);
    }
  }

  /** The element of the dataset a run of the chunk starts with; -1 if it is outside. */
  private long firstElement(long run) {
    long rest = run;
    long element = origin[runAxis] * strides[runAxis];
    for (int axis = runAxis - 1; axis >= 0; axis--) {
      long index = origin[axis] + rest % grid.chunkDim(axis);
      if (index >= grid.dim(axis)) {
        return -1;
      }
      element += index * strides[axis];
      rest /= grid.chunkDim(axis);
    }
    return element;
  }
}
