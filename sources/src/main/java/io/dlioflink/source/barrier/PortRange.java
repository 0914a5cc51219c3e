/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.source.barrier;

import java.io.Serializable;
import java.util.Iterator;
import java.util.stream.IntStream;

/**
 * TCP ports to try, in order.
 *
 * @param first 0: any free port
 * @param last not below first
 */
public record PortRange(int first, int last) implements Serializable, Iterable<Integer> {

  /** Any free port. */
  public static final PortRange ANY = new PortRange(0, 0);

  public PortRange {
    if (first < 0 || last < first || last > 65535) {
      throw new IllegalArgumentException("Not a port range: " + first + "-" + last);
    }
  }

  /** Reads {@code 0}, {@code 50100} or {@code 50100-50200}. */
  public static PortRange parse(String text) {
    try {
      int dash = text.indexOf('-');
      if (dash < 0) {
        int port = Integer.parseInt(text.strip());
        return new PortRange(port, port);
      }
      return new PortRange(
          Integer.parseInt(text.substring(0, dash).strip()),
          Integer.parseInt(text.substring(dash + 1).strip()));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "Not a port range: '" + text + "'; expected e.g. 50100-50200, or 0 for any", e);
    }
  }

  @Override
  public Iterator<Integer> iterator() {
    return IntStream.rangeClosed(first, last).iterator();
  }
}
