/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.metrics;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How a phase of a run ended; travels from the sink to whoever started the job, or follows it.
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
    boolean auMet)
    implements Serializable {
  /** Name of the accumulator that carries the outcome. */
  public static final String ACCUMULATOR = "Outcome";

  public RunOutcome {
    reasons = List.copyOf(reasons);
    notices = List.copyOf(notices);
    highlights = Collections.unmodifiableMap(new LinkedHashMap<>(highlights));
    console = List.copyOf(console);
  }

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

  /** The verdict, with reasons and notices: what the web UI shows. */
  @Override
  public String toString() {
    List<String> sentences = new ArrayList<>();
    reasons.forEach(reason -> sentences.add("because: " + reason));
    notices.forEach(notice -> sentences.add("notice: " + notice));
    return sentences.isEmpty() ? verdict() : verdict() + "; " + String.join("; ", sentences);
  }
}
