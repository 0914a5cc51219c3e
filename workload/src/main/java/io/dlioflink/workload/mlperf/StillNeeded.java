/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload.mlperf;

import java.util.List;

/** What makes a submission of single runs. Source: sections 2.2, 3, 6, 10 and 11 of the rules. */
final class StillNeeded {
  private static final String CODE =
      "MLPerf's own code: CLOSED allows no change of it, so figures of dlio-flink can at most be"
          + " part of an OPEN submission that discloses them as such";
  private static final String PACKAGE =
      "the complete result folders, the report of MLPerf's harness, and the description of the"
          + " system as YAML and PDF with its power table";

  static final List<String> TRAINING =
      List.of(
          "a warm-up run, then 5 runs in a row on the same hosts over data generated once; the"
              + " result is their mean, to two decimals, and must be reproducible within 5 %",
          "another seed in each run (the rules leave that to the harness, which sets none and"
              + " accepts no ++workload.train.seed)",
          "the largest number of accelerators that reaches the utilization, as many on every host",
          "the logs of the data generation",
          CODE,
          PACKAGE);

  static final List<String> CHECKPOINTING =
      List.of(
          "5 times: writing, clearing all caches, reading, each phase a run with a result folder of"
              + " its own; the result is the mean of the 5",
          "per run, the longest time and the lowest throughput of all processes",
          "hosts whose memory together holds the checkpoint",
          CODE,
          PACKAGE);

  private StillNeeded() {}
}
