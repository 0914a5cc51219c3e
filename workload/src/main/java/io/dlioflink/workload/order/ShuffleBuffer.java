/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload.order;

import io.dlioflink.workload.random.PhiloxRandom;

/**
 * Walks a sequence in the order in which tf.data's shuffle buffer hands it out: the buffer is kept
 * full from the sequence, one element is drawn and its place taken by the oldest one. Memory is the
 * buffer. Source: TensorFlow {@code kernels/data/shuffle_dataset_op.cc}.
 */
final class ShuffleBuffer {
  private final long length;
  private final long[] buffer;
  private final PhiloxRandom random;

  /** Elements that entered the buffer so far. */
  private long entered;

  /** Elements that left it. */
  private long left;

  /**
   * A buffer before the first element.
   *
   * @param length of the sequence
   * @param size of the buffer
   */
  ShuffleBuffer(long length, int size, PhiloxRandom random) {
    this.length = length;
    this.buffer = new long[(int) Math.max(1, Math.min(size, length))];
    this.random = random;
  }

  /** The next position in the sequence; at most {@code length} times. */
  long next() {
    while (entered < length && entered - left < buffer.length) {
      buffer[(int) (entered % buffer.length)] = entered;
      entered++;
    }
    int drawn = (int) ((left + random.nextWord() % (entered - left)) % buffer.length);
    int oldest = (int) (left % buffer.length);
    long element = buffer[drawn];
    buffer[drawn] = buffer[oldest];
    left++;
    return element;
  }
}
