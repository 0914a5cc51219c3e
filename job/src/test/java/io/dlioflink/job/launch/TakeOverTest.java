/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TakeOverTest {
  private PlayedRestApi cluster;

  @BeforeEach
  void start() throws IOException {
    cluster = new PlayedRestApi();
  }

  @AfterEach
  void stop() {
    cluster.close();
  }

  private void configured(String type) {
    cluster.answer(
        "/jobmanager/config",
        "[{\"key\": \"rest.port\", \"value\": \"8081\"},"
            + " {\"key\": \"high-availability.type\", \"value\": \"%s\"}]".formatted(type));
  }

  @Test
  void isExpectedWithHighAvailabilityOnly() throws Exception {
    TakeOver unknown = new TakeOver(cluster.api());
    assertThat(unknown.expected()).isFalse();
    assertThat(unknown.excluded()).isFalse();
    configured("NONE");
    TakeOver without = new TakeOver(cluster.api());
    assertThat(without.expected()).isFalse();
    assertThat(without.excluded()).isTrue();
    configured("zookeeper");
    TakeOver with = new TakeOver(cluster.api());
    assertThat(with.expected()).isTrue();
    assertThat(with.excluded()).isFalse();
  }

  @Test
  void isOverWhenAJobManagerKnowsTheJob() throws Exception {
    configured("zookeeper");
    TakeOver takeOver = new TakeOver(cluster.api());
    cluster.answer("/jobs/1", PlayedRestApi.MISSING, "{\"state\": \"RUNNING\"}");
    assertThat(takeOver.await("1", () -> false)).isTrue();
  }

  @Test
  void isNotWaitedForByWhomTheRunIsEnded() throws Exception {
    configured("zookeeper");
    assertThat(new TakeOver(cluster.api()).await("1", () -> true)).isFalse();
  }
}
