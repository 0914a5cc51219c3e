/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.metrics;

import io.dlioflink.storage.IoCounts;
import io.dlioflink.storage.Location;
import java.util.List;
import java.util.Locale;

/** Names the way bytes really took. */
final class IoMode {
  /** As it stands in reports where requests over a network moved the bytes. */
  private static final String NETWORK = "over the network";

  /** As it stands in reports where there is no storage. */
  private static final String NONE = "none";

  private IoMode() {}

  static String read(IoCounts counts, boolean network) {
    return network ? NETWORK : read(counts);
  }

  static String read(Location place, IoCounts counts, boolean network) {
    return place.isNowhere() ? NONE : read(counts, network);
  }

  static String write(Location place, IoCounts counts, boolean network) {
    return place.isNowhere() ? NONE : write(counts, network);
  }

  static String write(IoCounts counts, boolean network) {
    return network ? NETWORK : write(counts);
  }

  /** What a reader of figures must know of a dataset's place. */
  static List<String> notices(Location place) {
    return place.isNowhere()
        ? List.of("%s keeps nothing: no figure of this run is that of a storage".formatted(place))
        : List.of();
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
