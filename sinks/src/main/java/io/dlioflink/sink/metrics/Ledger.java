/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.metrics;

import java.io.Closeable;
import java.io.IOException;

/** Sums up the records of one phase in constant memory and writes its result files. */
interface Ledger extends Closeable {

  /** Takes a record. */
  void accept(MetricsRecord record) throws IOException;

  /** Figures of the run so far, for live display. */
  LiveFigures live();

  /** How far the run is, for people; read on other threads. */
  String progress();

  /** All ranks have finished: checks the books and writes the results. */
  RunOutcome conclude(OutputFolder output) throws IOException;

  /** The run ended before its end: writes what there is, marked partial. */
  void abandon(OutputFolder output, String reason) throws IOException;

  /**
   * Live figures.
   *
   * @param auPercent utilization over the ended blocks; 0 if none
   * @param stepsDone steps of all ranks
   * @param epoch epoch under way
   */
  record LiveFigures(double auPercent, long stepsDone, int epoch) {}
}
