/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.s3;

import io.dlioflink.storage.s3.S3Settings.Writing;

/**
 * How large the parts of an upload are whose length is not known at its start: they grow, so that
 * small objects need little memory and {@value #MAX_PARTS} parts make a large one. 8 MiB up to 8
 * GiB, 16 MiB up to 23 GiB, 32 MiB up to 180 GiB; beyond, they double every 300 parts as far as the
 * memory for parts allows, which with enough of it reaches the largest object there is, 5 TiB.
 */
final class PartSizes {
  /** Most parts of an upload. */
  static final int MAX_PARTS = 10_000;

  private static final long MIB = 1024 * 1024;
  private static final long LARGEST = 4096 * MIB;
  private static final int FIRST_GROWTH = 1_000;
  private static final int SECOND_GROWTH = 2_000;
  private static final int STEEP_GROWTH = 7_000;
  private static final int STEEP_STEP = 300;

  private final Writing writing;

  PartSizes(Writing writing) {
    this.writing = writing;
  }

  /**
   * Size of a part in bytes; the last one of an object may be smaller.
   *
   * @param number from 1
   */
  long bytes(int number) {
    if (writing.partBytes().isPresent()) {
      return writing.partBytes().getAsInt();
    }
    // Two at least shall be on their way at once.
    return Math.min(grown(number), Math.max(8 * MIB, Math.min(LARGEST, writing.bufferBytes() / 2)));
  }

  private static long grown(int number) {
    if (number <= FIRST_GROWTH) {
      return 8 * MIB;
    }
    if (number <= SECOND_GROWTH) {
      return 16 * MIB;
    }
    if (number <= STEEP_GROWTH) {
      return 32 * MIB;
    }
    return Math.min(LARGEST, (64 * MIB) << ((number - STEEP_GROWTH - 1) / STEEP_STEP));
  }

  /** The largest object that can be written, in bytes. */
  long maxObjectBytes() {
    long sum = 0;
    for (int number = 1; number <= MAX_PARTS; number++) {
      sum += bytes(number);
    }
    return sum;
  }
}
