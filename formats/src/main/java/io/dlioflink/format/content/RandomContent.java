/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.content;

import io.dlioflink.format.FileSpec;
import io.dlioflink.format.SampleContent;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;

/**
 * Random bytes that neither compress nor repeat.
 *
 * <p>A sample is a row of 4 KiB blocks. A block is a stretch of a fixed random pool, exclusive-or a
 * 64-bit key that belongs to (seed, file, sample, block) alone; the key also picks the stretch. Any
 * place of any sample can so be written without what stands before it. Integers take all bits from
 * this. Floating-point elements are uniform in [0, 1): their pool holds such numbers, and the key
 * touches only mantissas, which keeps the distribution.
 */
public final class RandomContent implements SampleContent {
  private static final int BLOCK_BYTES = 4096;
  private static final int BLOCK_LONGS = BLOCK_BYTES / Long.BYTES;
  private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;

  private final long seedKey;
  private final ThreadLocal<long[]> scratch = ThreadLocal.withInitial(() -> new long[BLOCK_LONGS]);

  /** Content that differs in every block from that of any other seed. */
  public RandomContent(long seed) {
    this.seedKey = mix(seed + GOLDEN_GAMMA);
  }

  @Override
  public void fill(FileSpec file, int sample, long offset, ByteBuffer target) {
    int elementBytes = file.elementType().bytes();
    if (offset % elementBytes != 0 || target.remaining() % elementBytes != 0) {
      throw new IllegalArgumentException(
          "Offset %d or length %d is not a multiple of the element size %d"
              .formatted(offset, target.remaining(), elementBytes));
    }
    RandomPool pool = RandomPool.of(file.elementType());
    long sampleKey = mix(mix(seedKey + file.fileNumber()) + sample);
    long[] block = scratch.get();
    long next = offset;
    int misaligned = (int) (next % Long.BYTES);
    if (misaligned != 0 && target.hasRemaining()) {
      int bytes = Math.min(Long.BYTES - misaligned, target.remaining());
      putPart(pool, sampleKey, next - misaligned, misaligned, bytes, block, target);
      next += bytes;
    }
    next += putLongs(pool, sampleKey, next, block, target);
    if (target.hasRemaining()) {
      putPart(pool, sampleKey, next, 0, target.remaining(), block, target);
    }
  }

  /** Puts as many whole longs as fit; returns their bytes. */
  private static long putLongs(
      RandomPool pool, long sampleKey, long offset, long[] block, ByteBuffer target) {
    int wanted = target.remaining() / Long.BYTES;
    if (wanted == 0) {
      return 0;
    }
    LongBuffer longs = target.slice().order(ByteOrder.LITTLE_ENDIAN).asLongBuffer();
    int done = 0;
    while (done < wanted) {
      long at = offset + (long) done * Long.BYTES;
      int first = (int) (at % BLOCK_BYTES) / Long.BYTES;
      int count = Math.min(BLOCK_LONGS - first, wanted - done);
      generate(pool, sampleKey, at / BLOCK_BYTES, first, count, block);
      longs.put(block, 0, count);
      done += count;
    }
    target.position(target.position() + wanted * Long.BYTES);
    return (long) wanted * Long.BYTES;
  }

  /** Puts some bytes of the long at an offset. */
  private static void putPart(
      RandomPool pool,
      long sampleKey,
      long offset,
      int firstByte,
      int bytes,
      long[] block,
      ByteBuffer target) {
    int index = (int) (offset % BLOCK_BYTES) / Long.BYTES;
    generate(pool, sampleKey, offset / BLOCK_BYTES, index, 1, block);
    for (int i = firstByte; i < firstByte + bytes; i++) {
      target.put((byte) (block[0] >>> (8 * i)));
    }
  }

  private static void generate(
      RandomPool pool, long sampleKey, long blockNumber, int first, int count, long[] block) {
    long key = mix(sampleKey + blockNumber * GOLDEN_GAMMA);
    long position = mix(key + GOLDEN_GAMMA) >>> 32;
    int start = (int) ((position * (RandomPool.LONGS - BLOCK_LONGS)) >>> 32);
    xor(pool.longs, start + first, key & pool.keyMask, count, block);
  }

  /** Kept apart and this plain, so that the compiler turns it into vector instructions. */
  private static void xor(long[] pool, int start, long key, int count, long[] block) {
    for (int i = 0; i < count; i++) {
      block[i] = pool[start + i] ^ key;
    }
  }

  /** The finalizer of SplitMix64 (Steele, Lea, Flood: Fast Splittable PRNGs, 2014): a bijection. */
  static long mix(long value) {
    long z = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
