/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload.config;

import java.util.List;
import java.util.stream.Collectors;

/** A workload that cannot run: all its problems at once, one a line in the message. */
public final class WorkloadException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient List<Problem> problems;

  WorkloadException(List<Problem> problems) {
    super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
    this.problems = List.copyOf(problems);
  }

  WorkloadException(Problem problem) {
    this(List.of(problem));
  }

  /** The errors, in the order of the file; notices are not among them. Empty once serialized. */
  public List<Problem> problems() {
    return problems == null ? List.of() : problems;
  }
}
