/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job.launch;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * What to expect when a job manager is lost: with Flink's high availability another one takes over
 * its jobs, at the same REST address. Whether there is one is asked while there is somebody to ask.
 */
final class TakeOver {
  static final Duration PATIENCE = Duration.ofMinutes(5);

  private static final Duration POLL = Duration.ofSeconds(1);
  private static final Set<String> TYPES = Set.of("high-availability.type", "high-availability");

  private final RestApi api;
  private final boolean expected;

  TakeOver(RestApi api) throws InterruptedException {
    this.api = api;
    this.expected = highAvailability();
  }

  private boolean highAvailability() throws InterruptedException {
    try {
      for (JsonNode setting : api.get("/jobmanager/config")) {
        if (TYPES.contains(setting.path("key").asText())) {
          return !setting.path("value").asText().equalsIgnoreCase("none");
        }
      }
    } catch (IOException e) {
      // Who cannot be asked is not counted on.
      return false;
    }
    return false;
  }

  /** Whether a job outlives its job manager. */
  boolean expected() {
    return expected;
  }

  /**
   * Waits until a job manager knows the job.
   *
   * @param givenUp ends the waiting
   * @return whether one does
   */
  boolean await(String job, BooleanSupplier givenUp) throws InterruptedException {
    long start = System.nanoTime();
    while (!givenUp.getAsBoolean() && System.nanoTime() - start < PATIENCE.toNanos()) {
      try {
        if (api.find("/jobs/" + job).isPresent()) {
          return true;
        }
      } catch (IOException e) {
        // None yet, or one that still elects itself.
      }
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      LockSupport.parkNanos(POLL.toNanos());
    }
    return false;
  }
}
