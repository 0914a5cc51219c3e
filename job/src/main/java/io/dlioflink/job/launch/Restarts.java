/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job.launch;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;

/**
 * Notices over Flink's REST API that a job which lost a part of itself goes on. Not thread-safe.
 */
final class Restarts {
  private static final Set<String> GOING_ON = Set.of("CREATED", "RUNNING", "RESTARTING");
  private static final Set<String> WITHOUT_SLOT = Set.of("CREATED", "SCHEDULED");

  /** A job that has all its slots passes these states within moments. */
  private static final int WAITS = 3;

  private final RestApi api;
  private final String job;
  private long lastFailure;
  private int waits;

  Restarts(RestApi api, String job) {
    this.api = api;
    this.job = "/jobs/" + job;
  }

  /** What is new since the last call, in a line for the user. */
  Optional<String> news() throws InterruptedException {
    try {
      JsonNode failure =
          api.get(job + "/exceptions?maxExceptions=1").at("/exceptionHistory/entries/0");
      if (failure.isMissingNode()) {
        return Optional.empty();
      }
      JsonNode details = api.get(job);
      if (!GOING_ON.contains(details.path("state").asText())) {
        // It ends, and its end tells why.
        return Optional.empty();
      }
      if (failure.path("timestamp").asLong() > lastFailure) {
        lastFailure = failure.path("timestamp").asLong();
        waits = 0;
        return Optional.of("Lost, and begun again where that is possible: " + reason(failure));
      }
      return waiting(details);
    } catch (IOException e) {
      // This is a service, the job goes on; the next call tries again.
      return Optional.empty();
    }
  }

  private static String reason(JsonNode failure) {
    String first = failure.path("stacktrace").asText().lines().findFirst().orElse("");
    String name = failure.path("exceptionName").asText() + ": ";
    return first.startsWith(name) ? first.substring(name.length()) : first;
  }

  private Optional<String> waiting(JsonNode details) {
    long tasks = 0;
    for (JsonNode vertex : details.path("vertices")) {
      for (String state : WITHOUT_SLOT) {
        tasks += vertex.path("tasks").path(state).asLong();
      }
    }
    waits = tasks == 0 ? 0 : waits + 1;
    return waits == WAITS
        ? Optional.of("Waiting for task managers with free slots; add one, or Ctrl-C ends the run")
        : Optional.empty();
  }
}
