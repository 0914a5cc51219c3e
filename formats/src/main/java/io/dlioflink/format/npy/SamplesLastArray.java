/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.npy;

import io.dlioflink.format.FileSpec;
import io.dlioflink.format.SampleContent;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The elements of DLIO's NumPy arrays: shape {@code (*dims, samples)} in C order, so that element e
 * of all samples stands before element e + 1 of the first. Any stretch is made on its own, with
 * memory that does not depend on the size of a sample. Holds the scratch of one thread.
 *
 * <p>Source: DLIO {@code data_generator/npy_generator.py}, {@code npz_generator.py}.
 */
public final class SamplesLastArray {
  private static final int SCRATCH_BYTES = 8192;

  private final ByteBuffer scratch =
      ByteBuffer.allocateDirect(SCRATCH_BYTES).order(ByteOrder.LITTLE_ENDIAN);

  /**
   * Fills the target with bytes of the array.
   *
   * @param offset first byte within the array; a multiple of the element size
   * @param target little-endian; filled from position to limit, a multiple of the element size
   */
  public void fill(FileSpec file, SampleContent content, long offset, ByteBuffer target) {
    if (file.samples() == 1) {
      content.fill(file, 0, offset, target);
      return;
    }
    int elementBytes = file.elementType().bytes();
    long first = offset / elementBytes;
    long end = first + target.remaining() / elementBytes;
    int samples = file.samples();
    int rowsPerTile = SCRATCH_BYTES / elementBytes;
    int base = target.position();
    for (long row = first / samples; row * samples < end; row += rowsPerTile) {
      for (int sample = 0; sample < samples; sample++) {
        // The rows of this tile in which this sample lies within the stretch.
        long from = Math.max(row, firstRow(first, sample, samples));
        long to = Math.min(row + rowsPerTile, firstRow(end, sample, samples));
        if (from < to) {
          scratch.clear().limit((int) (to - from) * elementBytes);
          content.fill(file, sample, from * elementBytes, scratch);
          int at = base + (int) (from * samples + sample - first) * elementBytes;
          scatter(elementBytes, target, at, samples * elementBytes);
        }
      }
    }
    target.position(target.limit());
  }

  /** The first row whose element of this sample stands at or after an index of the array. */
  private static long firstRow(long index, int sample, int samples) {
    return -Math.floorDiv(sample - index, samples);
  }

  private void scatter(int elementBytes, ByteBuffer target, int start, int stride) {
    scratch.flip();
    int at = start;
    int bytes = scratch.limit();
    switch (elementBytes) {
      case 1 -> {
        for (int i = 0; i < bytes; i++, at += stride) {
          target.put(at, scratch.get(i));
        }
      }
      case 2 -> {
        for (int i = 0; i < bytes; i += 2, at += stride) {
          target.putShort(at, scratch.getShort(i));
        }
      }
      case 4 -> {
        for (int i = 0; i < bytes; i += 4, at += stride) {
          target.putInt(at, scratch.getInt(i));
        }
      }
      default -> {
        for (int i = 0; i < bytes; i += 8, at += stride) {
          target.putLong(at, scratch.getLong(i));
        }
      }
    }
  }
}
