/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload.mlperf;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What the rules of MLPerf Storage v2.0 say about a run.
 *
 * @param division what it was meant for
 * @param published the workload it was compared with
 * @param findings one for each rule that was looked at
 * @param stillNeeded what makes a submission of runs like this one
 */
public record MlperfVerdict(
    Division division, String published, List<Finding> findings, List<String> stillNeeded)
    implements Serializable {
  /** Whose rules. */
  public static final String RULES = "MLPerf Storage v2.0";

  public MlperfVerdict {
    findings = List.copyOf(findings);
    stillNeeded = List.copyOf(stillNeeded);
  }

  /** The worst of the findings. */
  public Standing standing() {
    return findings.stream()
        .map(Finding::standing)
        .max(Comparator.naturalOrder())
        .orElse(Standing.CLOSED);
  }

  /** Whether the run fits the division it was meant for. */
  public boolean isMet() {
    return standing().meets(division);
  }

  /** The findings that keep the run out of its division. */
  public List<Finding> violations() {
    return findings.stream().filter(finding -> !finding.standing().meets(division)).toList();
  }

  /** For people: the result, every finding, what a submission needs besides. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add("%s, %s as %s: %s".formatted(RULES, published, division, standing()));
    findings.stream()
        .sorted(Comparator.comparing(Finding::standing).reversed())
        .forEach(finding -> lines.add("  " + finding));
    lines.add("  One run is not a submission, which also needs:");
    stillNeeded.forEach(need -> lines.add("    - " + need));
    return lines;
  }
}
