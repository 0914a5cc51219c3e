/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.indexed;

import java.util.Arrays;

/**
 * Offsets and sizes of samples that follow each other in the index. Where all samples have one size
 * and no gap between them, as DLIO writes them, that takes no memory.
 */
final class SampleEntries {
  private final int first;
  private final long firstOffset;
  private final long firstBytes;

  /** Null if samples are alike. */
  private final long[] offsets;

  private final long[] sizes;

  /**
   * Takes entries out of scratch arrays, which may be used again after it.
   *
   * @param first index in the file of the first one
   */
  SampleEntries(int first, int count, long[] offsets, long[] sizes) {
    this.first = first;
    this.firstOffset = offsets[0];
    this.firstBytes = sizes[0];
    boolean alike = alike(count, offsets, sizes);
    this.offsets = alike ? null : Arrays.copyOf(offsets, count);
    this.sizes = alike ? null : Arrays.copyOf(sizes, count);
  }

  private static boolean alike(int count, long[] offsets, long[] sizes) {
    for (int i = 1; i < count; i++) {
      if (sizes[i] != sizes[0] || offsets[i] != offsets[i - 1] + sizes[0]) {
        return false;
      }
    }
    return true;
  }

  long offset(int sample) {
    return offsets == null ? firstOffset + (sample - first) * firstBytes : offsets[sample - first];
  }

  /** Bytes of a sample. */
  long size(int sample) {
    return sizes == null ? firstBytes : sizes[sample - first];
  }

  /** Memory taken. */
  long bytes() {
    return 64 + (offsets == null ? 0 : 2L * Long.BYTES * offsets.length);
  }
}
