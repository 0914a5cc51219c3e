/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RestartsTest {
  private static final String EXCEPTIONS = "/jobs/1/exceptions?maxExceptions=1";

  private PlayedRestApi cluster;
  private Restarts restarts;

  @BeforeEach
  void start() throws IOException {
    cluster = new PlayedRestApi();
    restarts = new Restarts(cluster.api(), "1");
  }

  @AfterEach
  void stop() {
    cluster.close();
  }

  private void lost(long timestamp) {
    cluster.answer(
        EXCEPTIONS,
        """
        {"exceptionHistory": {"entries": [{
          "exceptionName": "org.apache.flink.Lost", "timestamp": %d,
          "stacktrace": "org.apache.flink.Lost: TaskManager 2 is gone\\n\\tat somewhere"}]}}
        """
            .formatted(timestamp));
  }

  private void job(String state, String tasks) {
    cluster.answer(
        "/jobs/1",
        "{\"state\": \"%s\", \"vertices\": [{\"tasks\": {%s}}]}".formatted(state, tasks));
  }

  @Test
  void nothingIsNewOfAJobThatLostNothing() throws Exception {
    cluster.answer(EXCEPTIONS, "{\"exceptionHistory\": {\"entries\": []}}");
    assertThat(restarts.news()).isEmpty();
  }

  @Test
  void eachLossIsToldOnce() throws Exception {
    job("RUNNING", "\"RUNNING\": 4");
    lost(10);
    assertThat(restarts.news())
        .contains("Lost, and begun again where that is possible: TaskManager 2 is gone");
    assertThat(restarts.news()).isEmpty();
    lost(20);
    assertThat(restarts.news()).isPresent();
  }

  @Test
  void aJobThatEndsTellsItself() throws Exception {
    job("FAILING", "\"CANCELING\": 4");
    lost(10);
    assertThat(restarts.news()).isEmpty();
  }

  @Test
  void slotsThatStayMissingAreWaitedForAndThatIsToldOnce() throws Exception {
    job("RUNNING", "\"SCHEDULED\": 2, \"CREATED\": 0, \"RUNNING\": 2");
    lost(10);
    assertThat(restarts.news()).isPresent();
    assertThat(restarts.news()).isEmpty();
    assertThat(restarts.news()).isEmpty();
    assertThat(restarts.news()).hasValueSatisfying(line -> assertThat(line).startsWith("Waiting"));
    assertThat(restarts.news()).isEmpty();
  }
}
