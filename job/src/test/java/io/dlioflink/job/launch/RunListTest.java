/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against answers of Flink's REST API as they were seen. */
class RunListTest {
  private static final String EMPTY = "{\"execution-config\": {\"user-config\": {}}}";
  private static final String OURS =
      """
      {"execution-config": {"user-config": {
        "dlio-flink.workload": "quickstart", "dlio-flink.phase": "train", "dlio-flink.next-phases": "",
        "dlio-flink.accelerators": "4", "dlio-flink.dataset": "file:///data",
        "dlio-flink.output": "file:///results", "dlio-flink.log-file": "dlio.log",
        "dlio-flink.epochs": "2", "dlio-flink.steps-per-epoch": "4",
        "dlio-flink.steps-or-files": "32", "dlio-flink.checkpoints-to-write": "0",
        "dlio-flink.checkpoints-to-read": "0"}}}
      """;

  private PlayedRestApi cluster;
  private RunList runs;

  @BeforeEach
  void start() throws IOException {
    cluster = new PlayedRestApi();
    runs = new RunList(cluster.address());
  }

  @AfterEach
  void stop() {
    cluster.close();
  }

  @Test
  void aJobThatBeginsIsWaitedFor() throws Exception {
    cluster.answer("/jobs/1", "{\"state\": \"INITIALIZING\"}", "{\"state\": \"RUNNING\"}");
    cluster.answer("/jobs/1/config", OURS);
    runs.require("1");
    assertThat(runs.facts("1").orElseThrow().accelerators()).isEqualTo(4);
  }

  @Test
  void aJobThatBeginsWhileTheClusterIsListedIsInTheList() throws Exception {
    cluster.answer(
        "/jobs/overview",
        """
        {"jobs": [
          {"jid": "1", "state": "RUNNING", "start-time": 2},
          {"jid": "2", "state": "RUNNING", "start-time": 1}]}
        """);
    cluster.answer("/jobs/1", "{\"state\": \"INITIALIZING\"}", "{\"state\": \"RUNNING\"}");
    cluster.answer("/jobs/1/config", OURS);
    cluster.answer("/jobs/2", "{\"state\": \"RUNNING\"}");
    cluster.answer("/jobs/2/config", EMPTY);
    assertThat(runs.underWay()).singleElement().extracting(RunList.Run::job).isEqualTo("1");
    StringWriter printed = new StringWriter();
    runs.print(new PrintWriter(printed));
    assertThat(printed.toString()).contains("quickstart in /results");
  }

  @Test
  void aJobOfOthersIsNone() {
    cluster.answer("/jobs/2", "{\"state\": \"RUNNING\"}");
    cluster.answer("/jobs/2/config", EMPTY);
    assertThatExceptionOfType(UsageException.class)
        .isThrownBy(() -> runs.require("2"))
        .withMessageContaining("knows no run with the job '2'");
  }

  @Test
  void aJobThatNobodyKnowsIsNone() {
    assertThatExceptionOfType(UsageException.class)
        .isThrownBy(() -> runs.require("3"))
        .withMessageContaining("knows no run with the job '3'");
  }
}
