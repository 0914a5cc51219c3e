/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format;

import java.nio.ByteBuffer;

/**
 * The bytes of generated samples: a pure function of (seed, file, sample, offset), equal on any
 * host, in any order, at any parallelism. Safe for use by several threads.
 */
public interface SampleContent {

  /**
   * Fills the target with bytes of one sample, as elements of the file's type in C order,
   * little-endian.
   *
   * @param sample index in the file
   * @param offset first byte within the sample; a multiple of the element size
   * @param target filled from position to limit; remaining bytes a multiple of the element size
   */
  void fill(FileSpec file, int sample, long offset, ByteBuffer target);
}
