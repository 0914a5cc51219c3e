/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.series;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/** A line of CSV (RFC 4180), cell by cell. */
public final class Csv {
  private final StringBuilder line = new StringBuilder();
  private boolean started;

  /** A moment, microseconds since 1970, as ISO 8601 in UTC. */
  public Csv time(long micros) {
    return raw(Instant.EPOCH.plus(micros, ChronoUnit.MICROS).toString());
  }

  /** Text, quoted if need be. */
  public Csv text(String text) {
    boolean plain = text.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
    return raw(plain ? text : "\"" + text.replace("\"", "\"\"") + "\"");
  }

  /** A whole number. */
  public Csv number(long number) {
    return raw(Long.toString(number));
  }

  /** A number with a few decimals. */
  public Csv decimal(double number) {
    return raw(String.format(Locale.ROOT, "%.3f", number));
  }

  /** Nanoseconds as microseconds with one decimal. */
  public Csv micros(long nanos) {
    long tenths = Math.round(nanos / 100.0);
    return raw(tenths / 10 + "." + tenths % 10);
  }

  /** What is not known. */
  public Csv empty() {
    return raw("");
  }

  private Csv raw(String cell) {
    if (started) {
      line.append(',');
    }
    started = true;
    line.append(cell);
    return this;
  }

  @Override
  public String toString() {
    return line.toString();
  }
}
