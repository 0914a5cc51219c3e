/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.metrics;

import java.util.Locale;

/** Byte counts for people, in binary units. */
public final class Sizes {
  /** Bytes of a MiB. */
  public static final double MIB = 1024.0 * 1024.0;

  /** Bytes of a GiB. */
  public static final double GIB = 1024.0 * MIB;

  private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB"};

  private Sizes() {}

  /** E.g. {@code 23.5 GiB}. */
  public static String bytes(double bytes) {
    double value = bytes;
    int unit = 0;
    while (value >= 1024 && unit < UNITS.length - 1) {
      value /= 1024;
      unit++;
    }
    return unit == 0
        ? String.format(Locale.ROOT, "%.0f B", value)
        : String.format(Locale.ROOT, "%.1f %s", value, UNITS[unit]);
  }
}
