/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload.order;

/**
 * A permutation of 0 .. n - 1 that depends on a seed only. Thread-safe.
 *
 * <p>Up to {@value #NUMPY_LIMIT} elements it is NumPy's, {@code
 * RandomState(seed).shuffle(arange(n))}, held in an array that all users of one process share;
 * beyond that a Feistel network without memory.
 */
@FunctionalInterface
interface Permutation {

  /** Largest size for which the permutation is NumPy's: 16 MiB of memory, about 50 ms to build. */
  int NUMPY_LIMIT = 1 << 22;

  /** The element at a position. */
  long at(long position);

  /** The permutation of {@code size} elements. */
  static Permutation of(long seed, long size) {
    return size <= NUMPY_LIMIT
        ? NumpyPermutation.shared(seed, (int) size)
        : new FeistelPermutation(seed, size);
  }

  /** Name of the algorithm {@link #of} picks for a size. */
  static String kind(long size) {
    return size <= NUMPY_LIMIT ? "numpy" : "feistel";
  }
}
