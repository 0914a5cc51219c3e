/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload.order;

import java.util.Arrays;

/**
 * How DLIO's iterative sampler cuts the share of a rank into pieces for read threads, and in which
 * order the threads' batches come: one of each in turn, threads that are done left out. What
 * remains of the division goes to the first threads, a piece at a time.
 */
final class ThreadShares {
  private final long samples;
  private final int threads;
  private final int batchSize;
  private final long piece;

  /** Numbers of batches that threads have, ascending, each once. */
  private final long[] levels;

  /** For each level, batches that come before its rounds, and the threads that take part. */
  private final long[] batchesBefore;

  private final int[][] takingPart;

  ThreadShares(long samples, int threads, int batchSize) {
    this.samples = samples;
    this.threads = threads;
    this.batchSize = batchSize;
    this.piece = Math.max(1, samples / threads);
    long[] batches = new long[threads];
    for (int thread = 0; thread < threads; thread++) {
      batches[thread] = (count(thread) + batchSize - 1) / batchSize;
    }
    levels = Arrays.stream(batches).filter(count -> count > 0).sorted().distinct().toArray();
    batchesBefore = new long[levels.length];
    takingPart = new int[levels.length][];
    for (int level = 0; level < levels.length; level++) {
      long reached = level == 0 ? 0 : levels[level - 1];
      batchesBefore[level] =
          level == 0
              ? 0
              : batchesBefore[level - 1]
                  + (reached - (level == 1 ? 0 : levels[level - 2])) * takingPart[level - 1].length;
      takingPart[level] = threadsWithMore(batches, reached);
    }
  }

  private static int[] threadsWithMore(long[] batches, long than) {
    int[] found = new int[batches.length];
    int count = 0;
    for (int thread = 0; thread < batches.length; thread++) {
      if (batches[thread] > than) {
        found[count++] = thread;
      }
    }
    return Arrays.copyOf(found, count);
  }

  private long firstCount(int thread) {
    return Math.max(0, Math.min(piece, samples - thread * piece));
  }

  private long count(int thread) {
    return firstCount(thread) + Math.max(0, Math.min(piece, samples - (threads + thread) * piece));
  }

  /** Position in the share of the rank; -1 where a batch is filled up. */
  long positionInShare(long position) {
    long batch = position / batchSize;
    int level = levels.length - 1;
    while (batchesBefore[level] > batch) {
      level--;
    }
    int[] active = takingPart[level];
    long since = batch - batchesBefore[level];
    int thread = active[(int) (since % active.length)];
    long round = (level == 0 ? 0 : levels[level - 1]) + since / active.length;
    long index = round * batchSize + position % batchSize;
    long first = firstCount(thread);
    if (index < first) {
      return thread * piece + index;
    }
    return index < count(thread) ? (threads + thread) * piece + index - first : -1;
  }
}
