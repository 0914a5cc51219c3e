/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.content;

import io.dlioflink.format.FileSpec;
import io.dlioflink.format.SampleContent;
import io.dlioflink.workload.ContentOptions;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;

/**
 * Random bytes, which compress and repeat as little or as much as wanted.
 *
 * <p>A sample is a row of 4 KiB blocks. A block is a stretch of a fixed random pool, exclusive-or a
 * 64-bit key that belongs to (seed, file, sample, block) alone; the key also picks the stretch. Any
 * place of any sample can so be written without what stands before it. Integers take all bits from
 * this. Floating-point elements are uniform in [0, 1): their pool holds such numbers, and the key
 * touches only mantissas, which keeps the distribution.
 *
 * <p>With a {@code compressRatio} r only the first 1/r of each block is random, the rest is zeros.
 * Integers reach r within a few percent up to 10 with zstd and Deflate alike, some 0.75 to 0.95 of
 * it at 100. Floating-point numbers compress on top of it, by their exponents: 1.17 times for 16
 * bits, 1.12 for 32, 1.06 for 64.
 *
 * <p>With a {@code dedupeRatio} d the blocks of all samples of a dataset, counted from the start of
 * each sample, come in groups of 64 d, in which 64 distinct ones repeat. This holds across samples
 * and files of one shape; files of different shapes have no block in common. A block returns after
 * 256 KiB at the earliest, out of sight of Deflate, LZ4 and storage that compresses records of up
 * to that size; zstd, with a window of megabytes, finds it. Where the layout of a format shifts or
 * interleaves samples, so it does the blocks.
 */
public final class RandomContent implements SampleContent {
  private static final int BLOCK_BYTES = BlockGenerator.BLOCK_BYTES;
  private static final int BLOCK_LONGS = BLOCK_BYTES / Long.BYTES;

  private final ThreadLocal<BlockGenerator> generators;

  private RandomContent(ContentOptions options) {
    generators = ThreadLocal.withInitial(() -> new BlockGenerator(options));
  }

  /** Bytes that neither compress nor repeat, and differ in every block from any other seed's. */
  public RandomContent(long seed) {
    this(ContentOptions.incompressible(seed));
  }

  /** Content of a seed and of ratios. */
  public static RandomContent of(ContentOptions options) {
    return new RandomContent(options);
  }

  @Override
  public void fill(FileSpec file, int sample, long offset, ByteBuffer target) {
    int elementBytes = file.elementType().bytes();
    if (offset % elementBytes != 0 || target.remaining() % elementBytes != 0) {
      throw new IllegalArgumentException(
          "Offset %d or length %d is not a multiple of the element size %d"
              .formatted(offset, target.remaining(), elementBytes));
    }
    BlockGenerator blocks = generators.get();
    blocks.sample(file, sample);
    put(blocks, offset, target);
  }

  /** Fills the target with what the generator makes of the bytes from an offset on. */
  static void put(BlockGenerator blocks, long offset, ByteBuffer target) {
    long next = offset;
    int misaligned = (int) (next % Long.BYTES);
    if (misaligned != 0 && target.hasRemaining()) {
      int bytes = Math.min(Long.BYTES - misaligned, target.remaining());
      putPart(blocks, next - misaligned, misaligned, bytes, target);
      next += bytes;
    }
    next += putLongs(blocks, next, target);
    if (target.hasRemaining()) {
      putPart(blocks, next, 0, target.remaining(), target);
    }
  }

  /** Puts as many whole longs as fit; returns their bytes. */
  private static long putLongs(BlockGenerator blocks, long offset, ByteBuffer target) {
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
      blocks.generate(at / BLOCK_BYTES, first, count);
      longs.put(blocks.longs, 0, count);
      done += count;
    }
    target.position(target.position() + wanted * Long.BYTES);
    return (long) wanted * Long.BYTES;
  }

  /** Puts some bytes of the long at an offset. */
  private static void putPart(
      BlockGenerator blocks, long offset, int firstByte, int bytes, ByteBuffer target) {
    int index = (int) (offset % BLOCK_BYTES) / Long.BYTES;
    blocks.generate(offset / BLOCK_BYTES, index, 1);
    for (int i = firstByte; i < firstByte + bytes; i++) {
      target.put((byte) (blocks.longs[0] >>> (8 * i)));
    }
  }
}
