/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.image;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Takes the filters off rows, in place.
 *
 * <p>Source: PNG specification, section 9.
 */
final class PngFilters {
  private static final long LOW_BITS = 0x7f7f7f7f7f7f7f7fL;

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());

  private PngFilters() {}

  /**
   * Restores a row.
   *
   * @param at first byte of the row, behind its filter
   * @param above first byte of the row above
   * @param distance bytes between neighbours
   * @return false if there is no such filter
   */
  static boolean remove(int filter, byte[] bytes, int at, int above, int length, int distance) {
    switch (filter) {
      case Png.FILTER_NONE -> {
        // As it is.
      }
      case Png.FILTER_SUB -> removeSub(bytes, at, length, distance);
      case Png.FILTER_UP -> removeUp(bytes, at, above, length);
      case Png.FILTER_AVERAGE -> removeAverage(bytes, at, above, length, distance);
      case Png.FILTER_PAETH -> {
        if (distance == 1) {
          removePaethOfBytes(bytes, at, above, length);
        } else {
          removePaeth(bytes, at, above, length, distance);
        }
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  private static void removeSub(byte[] bytes, int at, int length, int distance) {
    if (distance == 1) {
      int left = 0;
      for (int i = at; i < at + length; i++) {
        left += bytes[i];
        bytes[i] = (byte) left;
      }
    } else {
      for (int i = at + distance; i < at + length; i++) {
        bytes[i] += bytes[i - distance];
      }
    }
  }

  private static void removeUp(byte[] bytes, int at, int above, int length) {
    int i = 0;
    for (; i <= length - Long.BYTES; i += Long.BYTES) {
      long a = (long) LONG.get(bytes, at + i);
      long b = (long) LONG.get(bytes, above + i);
      // Eight sums at once: the highest bit of each is added without its carry.
      LONG.set(bytes, at + i, ((a & LOW_BITS) + (b & LOW_BITS)) ^ ((a ^ b) & ~LOW_BITS));
    }
    for (; i < length; i++) {
      bytes[at + i] += bytes[above + i];
    }
  }

  private static void removeAverage(byte[] bytes, int at, int above, int length, int distance) {
    int first = Math.min(distance, length);
    for (int i = 0; i < first; i++) {
      bytes[at + i] += (byte) ((bytes[above + i] & 0xff) >> 1);
    }
    for (int i = first; i < length; i++) {
      int sum = (bytes[at + i - distance] & 0xff) + (bytes[above + i] & 0xff);
      bytes[at + i] += (byte) (sum >> 1);
    }
  }

  private static void removePaeth(byte[] bytes, int at, int above, int length, int distance) {
    int first = Math.min(distance, length);
    for (int i = 0; i < first; i++) {
      bytes[at + i] += bytes[above + i];
    }
    for (int i = first; i < length; i++) {
      bytes[at + i] +=
          (byte)
              Png.paeth(
                  bytes[at + i - distance] & 0xff,
                  bytes[above + i] & 0xff,
                  bytes[above + i - distance] & 0xff);
    }
  }

  private static void removePaethOfBytes(byte[] bytes, int at, int above, int length) {
    int left = 0;
    int aboveLeft = 0;
    for (int i = 0; i < length; i++) {
      int up = bytes[above + i] & 0xff;
      left = (bytes[at + i] + Png.paeth(left, up, aboveLeft)) & 0xff;
      bytes[at + i] = (byte) left;
      aboveLeft = up;
    }
  }
}
