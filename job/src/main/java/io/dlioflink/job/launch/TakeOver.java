/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job.launch;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * What to expect when a job manager is lost: with Flink's high availability another one takes over
 * its jobs, at the same REST address. Whether there is one is asked while there is somebody to ask.
 */
final class TakeOver {
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final Duration POLL = Duration.ofSeconds(1);

  /** As many seconds: jobs are taken over before anybody else is answered. */
  private static final int DENIALS = 30;

  private static final Set<String> TYPES = Set.of("high-availability.type", "high-availability");

  private final RestApi api;
  private final Optional<Boolean> highAvailability;

  TakeOver(RestApi api) throws InterruptedException {
    this.api = api;
    this.highAvailability = ask();
  }

  private Optional<Boolean> ask() throws InterruptedException {
    try {
      for (JsonNode setting : api.get("/jobmanager/config")) {
        if (TYPES.contains(setting.path("key").asText())) {
          return Optional.of(!setting.path("value").asText().equalsIgnoreCase("none"));
        }
      }
      return Optional.of(false);
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Whether a job outlives its job manager. Who could not be asked is not counted on. */
  boolean expected() {
    return highAvailability.orElse(false);
  }

  /** Whether a job ends with its job manager, for certain. */
  boolean excluded() {
    return highAvailability.isPresent() && !expected();
  }

  /**
   * Waits until a job manager knows the job; not for long once there is one that does not, as if
   * the job had ended and nobody had noticed.
   *
   * @param givenUp ends the waiting
   * @return whether one does
   */
  boolean await(String job, BooleanSupplier givenUp) throws InterruptedException {
    long start = System.nanoTime();
    int denials = 0;
    while (!givenUp.getAsBoolean()
        && denials < DENIALS
        && System.nanoTime() - start < PATIENCE.toNanos()) {
      try {
        if (api.find("/jobs/" + job).isPresent()) {
          return true;
        }
        denials++;
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
