/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.content;

import io.dlioflink.workload.ContentOptions;
import io.dlioflink.workload.TensorType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The bytes of the tensors of a checkpoint: a pure function of (seed, place of the tensor, offset).
 * Random as {@link RandomContent}: integers of all bits, floating-point numbers uniform in [0, 1);
 * or all ones. Holds the scratch of one thread; not thread-safe.
 *
 * <p>Source of the distributions: DLIO {@code checkpointing/pytorch_checkpointing.py}.
 */
public final class TensorContent {
  private final boolean random;
  private final BlockGenerator blocks = new BlockGenerator(ContentOptions.incompressible(0));
  private long ones;

  /**
   * Content of all tensors to come.
   *
   * @param random false: all elements are one
   */
  public TensorContent(boolean random) {
    this.random = random;
  }

  /** A key that belongs to a list of numbers alone, for {@link #select}. */
  public static long key(long seed, long... place) {
    long key = BlockGenerator.mix(seed + BlockGenerator.GOLDEN_GAMMA);
    for (long number : place) {
      key = BlockGenerator.mix(key + (number + 1) * BlockGenerator.GOLDEN_GAMMA);
    }
    return key;
  }

  /** Goes on with a tensor. */
  public void select(TensorType type, long key) {
    ones = one(type);
    blocks.stream(RandomPool.of(type), key);
  }

  /** As many elements of one as a long holds. */
  private static long one(TensorType type) {
    return switch (type) {
      case INT8, UINT8 -> 0x0101010101010101L;
      case FP16 -> 0x3c003c003c003c00L;
      case BF16 -> 0x3f803f803f803f80L;
      case FP32 -> 0x3f8000003f800000L;
      case FP64 -> 0x3ff0000000000000L;
    };
  }

  /**
   * Fills the target with bytes of the tensor, little-endian.
   *
   * @param offset first byte within the tensor, at the start of an element
   * @param target filled from position to limit with whole elements
   */
  public void fill(long offset, ByteBuffer target) {
    if (random) {
      RandomContent.put(blocks, offset, target);
      return;
    }
    ByteBuffer little = target.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    int index = (int) (offset % Long.BYTES);
    while (index != 0 && little.hasRemaining()) {
      little.put((byte) (ones >>> (Byte.SIZE * index)));
      index = (index + 1) % Long.BYTES;
    }
    while (little.remaining() >= Long.BYTES) {
      little.putLong(ones);
    }
    while (little.hasRemaining()) {
      little.put((byte) (ones >>> (Byte.SIZE * index++)));
    }
    target.position(target.limit());
  }
}
