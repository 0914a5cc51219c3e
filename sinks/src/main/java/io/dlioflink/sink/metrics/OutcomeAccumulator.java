/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.metrics;

import javax.annotation.Nullable;
import org.apache.flink.api.common.accumulators.Accumulator;

/** Carries the outcome of a phase. Only the one sink subtask sets it. */
final class OutcomeAccumulator implements Accumulator<RunOutcome, RunOutcome> {
  private static final long serialVersionUID = 1L;

  private @Nullable RunOutcome outcome;

  @Override
  public void add(RunOutcome value) {
    outcome = value;
  }

  @Override
  public @Nullable RunOutcome getLocalValue() {
    return outcome;
  }

  @Override
  public void resetLocal() {
    outcome = null;
  }

  @Override
  public void merge(Accumulator<RunOutcome, RunOutcome> other) {
    if (other.getLocalValue() != null) {
      outcome = other.getLocalValue();
    }
  }

  @Override
  public Accumulator<RunOutcome, RunOutcome> clone() {
    OutcomeAccumulator copy = new OutcomeAccumulator();
    copy.outcome = outcome;
    return copy;
  }

  @Override
  public String toString() {
    return String.valueOf(outcome);
  }
}
