/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job.launch;

import io.dlioflink.sink.metrics.MetricsSinkSettings.Phase;
import io.dlioflink.sink.metrics.RunOutcome;
import java.io.PrintWriter;
import java.util.Map;

/** How a phase ended, for the console. */
final class OutcomeLines {
  private OutcomeLines() {}

  static void show(RunOutcome outcome, Phase phase, PrintWriter out) {
    outcome.notices().forEach(notice -> out.println("Notice: " + notice));
    outcome.console().forEach(out::println);
    if (phase.measures() || !outcome.valid()) {
      for (Map.Entry<String, String> entry : outcome.highlights().entrySet()) {
        if (!entry.getKey().equals("Verdict")) {
          out.printf("%-28s %s%n", entry.getKey(), entry.getValue());
        }
      }
      out.println(outcome.verdict());
    }
    outcome.reasons().forEach(reason -> out.println("  because: " + reason));
    out.flush();
  }
}
