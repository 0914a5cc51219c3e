/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.hdf5;

import java.util.Arrays;
import java.util.List;

/**
 * The chunk shape h5py chooses when none is given: all axes are halved in turn until a chunk has
 * about 16 KiB times 2 per decade of dataset size over 1 MiB, within 8 KiB and 1 MiB.
 *
 * <p>Source: h5py 3.16 {@code _hl/filters.py}, {@code guess_chunk}.
 */
final class ChunkGuess {
  private static final double BASE_BYTES = 16 * 1024;
  private static final double MIN_BYTES = 8 * 1024;
  private static final double MAX_BYTES = 1024 * 1024;

  private ChunkGuess() {}

  static List<Integer> of(List<Integer> dims, int elementBytes) {
    double[] chunk = dims.stream().mapToDouble(d -> d).toArray();
    double megabytes = bytes(chunk, elementBytes) / (1024 * 1024);
    double target =
        Math.max(MIN_BYTES, Math.min(MAX_BYTES, BASE_BYTES * Math.pow(2, Math.log10(megabytes))));
    for (int axis = 0; !small(bytes(chunk, elementBytes), target); axis++) {
      if (bytes(chunk, 1) == 1) {
        break;
      }
      int turn = axis % chunk.length;
      chunk[turn] = Math.ceil(chunk[turn] / 2);
    }
    return Arrays.stream(chunk).mapToObj(c -> (int) c).toList();
  }

  private static boolean small(double bytes, double target) {
    return bytes < MAX_BYTES && (bytes < target || Math.abs(bytes - target) / target < 0.5);
  }

  private static double bytes(double[] chunk, int elementBytes) {
    return Arrays.stream(chunk).reduce(1, (a, b) -> a * b) * elementBytes;
  }
}
