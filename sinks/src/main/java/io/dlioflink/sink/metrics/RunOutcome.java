/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.metrics;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * How a phase of a run ended; travels from the sink to whoever started the job.
 *
 * @param valid whether the figures may be used
 * @param reasons why not
 * @param notices what the reader of the figures should know
 * @param highlights main figures by name, for people
 * @param console lines to print, DLIO's metric block among them
 * @param auMet whether the utilization reached {@code metric.au}; true where there is none
 */
public record RunOutcome(
    boolean valid,
    List<String> reasons,
    List<String> notices,
    Map<String, String> highlights,
    List<String> console,
    boolean auMet) {
  /** Name of the accumulator that carries the outcome. */
  public static final String ACCUMULATOR = "Outcome";

  private static final ObjectMapper JSON = new ObjectMapper();

  /** The same outcome with one notice more. */
  RunOutcome withNotice(String notice) {
    List<String> more = new ArrayList<>(notices);
    more.add(notice);
    return new RunOutcome(valid, reasons, more, highlights, console, auMet);
  }

  /** {@code VALID} or {@code INVALID}. */
  public String verdict() {
    return valid ? "VALID" : "INVALID";
  }

  /** The outcome as JSON. */
  public String toJson() {
    try {
      return JSON.writeValueAsString(this);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads what {@link #toJson} wrote. */
  public static RunOutcome fromJson(String json) throws IOException {
    return JSON.readValue(json, RunOutcome.class);
  }
}
