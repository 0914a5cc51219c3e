/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.metrics;

import io.dlioflink.storage.IoCounts;
import java.util.Locale;

/** Names the way bytes really took. */
final class IoMode {
  /** As it stands in reports where requests over a network moved the bytes. */
  private static final String NETWORK = "over the network";

  private IoMode() {}

  static String read(IoCounts counts, boolean network) {
    return network ? NETWORK : read(counts);
  }

  static String write(IoCounts counts, boolean network) {
    return network ? NETWORK : write(counts);
  }

  static String read(IoCounts counts) {
    return name(counts.directReadBytes() + counts.bouncedReadBytes(), counts.readBytes());
  }

  static String write(IoCounts counts) {
    return name(counts.directWrittenBytes(), counts.writtenBytes());
  }

  private static String name(long direct, long all) {
    if (all == 0) {
      return "nothing moved";
    }
    if (direct == 0) {
      return "through the page cache";
    }
    return direct == all
        ? "O_DIRECT"
        : String.format(Locale.ROOT, "%.1f %% O_DIRECT", 100.0 * direct / all);
  }
}
