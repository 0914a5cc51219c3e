/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.hdf5;

import java.util.Arrays;

/**
 * LZF: runs of up to 32 literal bytes, and copies of 3 to 264 bytes from up to 8192 bytes back.
 *
 * <p>A byte below 32 says how many literals follow it, less one. In any other byte the upper three
 * bits are the length of a copy less two (7: add the next byte), the lower five are the upper bits
 * of the distance less one; the last byte has its lower bits.
 */
final class Lzf {
  private static final int HASH_BITS = 14;
  private static final int MAX_LITERALS = 32;
  private static final int MAX_DISTANCE = 1 << 13;
  private static final int MIN_COPY = 3;
  private static final int MAX_COPY = 264;

  private final int[] lastSeen = new int[1 << HASH_BITS];

  /**
   * Compresses.
   *
   * @return bytes of the result; -1 if they are more than the room there is
   */
  int compress(byte[] from, int length, byte[] to, int room) {
    Arrays.fill(lastSeen, -1);
    int out = 0;
    int literals = 0;
    int at = 0;
    while (at < length) {
      int copy = copyLength(from, at, length);
      if (copy == 0) {
        at++;
        literals++;
        if (literals == MAX_LITERALS || at == length) {
          out = putLiterals(from, at - literals, literals, to, out, room);
          literals = 0;
        }
      } else {
        out = putLiterals(from, at - literals, literals, to, out, room);
        literals = 0;
        out = putCopy(copy, at - match - 1, to, out, room);
        // Half of the places passed over are enough to find most repetitions.
        for (int skipped = at + 2; skipped < at + copy && skipped + 2 < length; skipped += 2) {
          lastSeen[hash(from, skipped)] = skipped;
        }
        at += copy;
      }
      if (out < 0) {
        return -1;
      }
    }
    return out;
  }

  /** Where the last copy found by {@link #copyLength} starts. */
  private int match;

  private int copyLength(byte[] from, int at, int length) {
    if (at + MIN_COPY > length) {
      return 0;
    }
    int slot = hash(from, at);
    match = lastSeen[slot];
    lastSeen[slot] = at;
    if (match < 0 || at - match > MAX_DISTANCE) {
      return 0;
    }
    int most = Math.min(MAX_COPY, length - at);
    int same = Arrays.mismatch(from, match, match + most, from, at, at + most);
    int copy = same < 0 ? most : same;
    return copy < MIN_COPY ? 0 : copy;
  }

  private static int hash(byte[] bytes, int at) {
    int three = ((bytes[at] & 0xff) << 16) | ((bytes[at + 1] & 0xff) << 8) | (bytes[at + 2] & 0xff);
    return (three * 0x9e3779b1) >>> (Integer.SIZE - HASH_BITS);
  }

  private static int putLiterals(byte[] from, int start, int count, byte[] to, int out, int room) {
    if (count == 0 || out < 0) {
      return out;
    }
    if (out + 1 + count > room) {
      return -1;
    }
    to[out] = (byte) (count - 1);
    System.arraycopy(from, start, to, out + 1, count);
    return out + 1 + count;
  }

  private static int putCopy(int length, int distance, byte[] to, int out, int room) {
    if (out < 0 || out + 3 > room) {
      return -1;
    }
    int at = out;
    int stored = length - 2;
    to[at++] = (byte) ((Math.min(stored, 7) << 5) | (distance >>> 8));
    if (stored >= 7) {
      to[at++] = (byte) (stored - 7);
    }
    to[at++] = (byte) distance;
    return at;
  }

  /**
   * Decompresses.
   *
   * @return bytes of the result; -1 if the input is no LZF or does not fit
   */
  static int decompress(byte[] from, int length, byte[] to, int room) {
    int at = 0;
    int out = 0;
    while (at < length) {
      int control = from[at++] & 0xff;
      if (control < MAX_LITERALS) {
        int count = control + 1;
        if (at + count > length || out + count > room) {
          return -1;
        }
        System.arraycopy(from, at, to, out, count);
        at += count;
        out += count;
      } else {
        int count = (control >>> 5) + 2;
        if (count == 9 && at < length) {
          count += from[at++] & 0xff;
        }
        if (at == length) {
          return -1;
        }
        int source = out - (((control & 0x1f) << 8) | (from[at++] & 0xff)) - 1;
        if (source < 0 || out + count > room) {
          return -1;
        }
        if (out - source >= count) {
          System.arraycopy(to, source, to, out, count);
          out += count;
        } else {
          for (int end = out + count; out < end; out++) {
            to[out] = to[source++];
          }
        }
      }
    }
    return out;
  }
}
