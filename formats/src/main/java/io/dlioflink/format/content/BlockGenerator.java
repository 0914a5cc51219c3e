/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.content;

import io.dlioflink.format.FileSpec;
import io.dlioflink.workload.ContentOptions;
import java.util.Arrays;

/** Makes the blocks of one sample after the other; holds the scratch of one thread. */
final class BlockGenerator {
  static final int BLOCK_BYTES = 4096;
  static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;

  private static final int BLOCK_LONGS = BLOCK_BYTES / Long.BYTES;

  /**
   * Distinct blocks of a group. A block returns after this many, 256 KiB: out of sight of most
   * compressors, so that what deduplicates does not compress as well.
   */
  private static final int GROUP_DISTINCT_BLOCKS = 64;

  /** What was generated last, from index 0. */
  final long[] longs = new long[BLOCK_LONGS];

  private final long seedKey;
  private final double compressRatio;
  private final boolean deduplicates;
  private final double groupBlocks;

  private RandomPool pool;
  private int elementBytes;
  private long sampleKey;
  private long sampleNumber;
  private long sampleBytes;

  BlockGenerator(ContentOptions options) {
    seedKey = mix(options.seed() + GOLDEN_GAMMA);
    compressRatio = options.compressRatio();
    deduplicates = options.dedupeRatio() > 1;
    groupBlocks = GROUP_DISTINCT_BLOCKS * options.dedupeRatio();
  }

  /** Starts with a sample. */
  void sample(FileSpec file, int sample) {
    pool = RandomPool.of(file.elementType());
    elementBytes = file.elementType().bytes();
    if (deduplicates || compressRatio > 1) {
      sampleBytes = file.sampleBytes();
    }
    if (deduplicates) {
      sampleNumber = file.fileNumber() * file.samples() + sample;
      sampleKey = mix(seedKey + sampleBytes);
    } else {
      sampleKey = mix(mix(seedKey + file.fileNumber()) + sample);
    }
  }

  /** Starts with a stream of incompressible blocks that belong to a key. */
  void stream(RandomPool elements, long key) {
    pool = elements;
    sampleKey = key;
  }

  /** Makes some longs of a block of the sample. */
  void generate(long block, int first, int count) {
    long key = deduplicates ? sharedKey(block) : mix(sampleKey + block * GOLDEN_GAMMA);
    long position = mix(key + GOLDEN_GAMMA) >>> 32;
    int start = (int) ((position * (RandomPool.LONGS - BLOCK_LONGS)) >>> 32);
    long mask = key & pool.keyMask;
    if (compressRatio > 1) {
      int bytes = randomBytes(block);
      int random = Math.min(Math.max(bytes / Long.BYTES - first, 0), count);
      xor(pool.longs, start + first, mask, random, longs);
      Arrays.fill(longs, random, count, 0);
      if (first + random == bytes / Long.BYTES && random < count) {
        int bits = bytes % Long.BYTES * Byte.SIZE;
        longs[random] = (pool.longs[start + first + random] ^ mask) & ((1L << bits) - 1);
      }
    } else {
      xor(pool.longs, start + first, mask, count, longs);
    }
  }

  /** Kept apart and this plain, so that the compiler turns it into vector instructions. */
  private static void xor(long[] pool, int start, long key, int count, long[] block) {
    for (int i = 0; i < count; i++) {
      block[i] = pool[start + i] ^ key;
    }
  }

  /** Bytes of a block that are random; whole elements. */
  private int randomBytes(long block) {
    long length = Math.min(BLOCK_BYTES, sampleBytes - block * BLOCK_BYTES);
    return (int) Math.ceil(length / compressRatio / elementBytes) * elementBytes;
  }

  /**
   * The key of a block that occurs several times. The whole blocks of all samples of this size are
   * numbered through the dataset, and so are the shorter last ones: equal keys with unequal lengths
   * would make two blocks out of one.
   */
  private long sharedKey(long block) {
    long wholeBlocks = sampleBytes / BLOCK_BYTES;
    boolean whole = block < wholeBlocks;
    long number = whole ? sampleNumber * wholeBlocks + block : sampleNumber;
    long group = (long) (number / groupBlocks);
    long member = (number - (long) Math.ceil(group * groupBlocks)) & (GROUP_DISTINCT_BLOCKS - 1);
    long distinct = group * GROUP_DISTINCT_BLOCKS + member;
    return mix(sampleKey + (whole ? distinct : ~distinct) * GOLDEN_GAMMA);
  }

  /** The finalizer of SplitMix64 (Steele, Lea, Flood: Fast Splittable PRNGs, 2014): a bijection. */
  static long mix(long value) {
    long z = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
