/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job.launch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.dlioflink.job.graph.JobFacts;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/** The jobs of ours that a cluster knows, under way and ended. Not thread-safe. */
public final class RunList {
  private static final Set<String> ENDED = Set.of("FINISHED", "FAILED", "CANCELED", "SUSPENDED");
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss").withZone(ZoneId.systemDefault());

  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration POLL = Duration.ofMillis(200);

  private final RestApi api;
  private final Map<String, Optional<JobFacts>> known = new HashMap<>();

  /** Of the cluster with this REST address. */
  public RunList(URI rest) {
    this.api = new RestApi(rest);
  }

  /**
   * A job of ours.
   *
   * @param job its id
   * @param state Flink's word for how it is
   * @param startMillis when it began, since 1970
   * @param facts what it does
   */
  public record Run(String job, String state, long startMillis, JobFacts facts) {

    private boolean underWay() {
      return !ENDED.contains(state);
    }
  }

  /** Those that have not ended; else the latest, if it has ended well and a phase is to follow. */
  public List<Run> underWay() throws IOException, InterruptedException {
    List<Run> runs = all();
    List<Run> underWay = runs.stream().filter(Run::underWay).toList();
    if (!underWay.isEmpty() || runs.isEmpty()) {
      return underWay;
    }
    Run latest = runs.get(runs.size() - 1);
    boolean betweenPhases = latest.state().equals("FINISHED") && !latest.facts().next().isEmpty();
    return betweenPhases ? List.of(latest) : List.of();
  }

  /** All of them, the latest last. */
  public List<Run> all() throws IOException, InterruptedException {
    List<Run> runs = new ArrayList<>();
    for (JsonNode job : api.get("/jobs/overview").path("jobs")) {
      String id = job.path("jid").asText();
      String state = job.path("state").asText();
      facts(id)
          .ifPresent(facts -> runs.add(new Run(id, state, job.path("start-time").asLong(), facts)));
    }
    runs.sort(Comparator.comparingLong(Run::startMillis));
    return runs;
  }

  /** What a job does; empty if it is none of ours, or not known. Waits for one that begins. */
  Optional<JobFacts> facts(String job) throws IOException, InterruptedException {
    Optional<JobFacts> facts = known.get(job);
    long start = System.nanoTime();
    while (facts == null) {
      if (!begins(job)) {
        facts = facts(api.find("/jobs/" + job + "/config").orElse(MissingNode.getInstance()));
        known.put(job, facts);
      } else if (System.nanoTime() - start >= PATIENCE.toNanos()) {
        return Optional.empty();
      } else {
        LockSupport.parkNanos(POLL.toNanos());
      }
    }
    return facts;
  }

  /**
   * Flink knows a job before it knows what it does, and for some seconds repeats what it said.
   * Until then the configuration of the job is an empty one, as that of many a job of others.
   */
  private boolean begins(String job) throws IOException, InterruptedException {
    return api.find("/jobs/" + job)
        .map(details -> details.path("state").asText().equals("INITIALIZING"))
        .orElse(false);
  }

  private static Optional<JobFacts> facts(JsonNode config) {
    Map<String, String> parameters = new HashMap<>();
    config
        .at("/execution-config/user-config")
        .properties()
        .forEach(field -> parameters.put(field.getKey(), field.getValue().asText()));
    return JobFacts.fromParameters(parameters);
  }

  /**
   * Makes sure that an id is that of a job of ours.
   *
   * @throws UsageException if it is not
   */
  public void require(String job) throws IOException, InterruptedException {
    if (facts(job).isEmpty()) {
      throw new UsageException(
          "The cluster knows no run with the job '%s'; 'attach --list' lists those it knows"
              .formatted(job));
    }
  }

  /** Prints a table. */
  public void print(PrintWriter out) throws IOException, InterruptedException {
    List<Run> runs = all();
    if (runs.isEmpty()) {
      out.println("The cluster knows no runs");
    } else {
      out.printf(
          "%-32s  %-10s  %-19s  %-10s  %4s  %s%n",
          "job", "state", "started", "phase", "n", "workload and results");
    }
    for (Run run : runs) {
      JobFacts facts = run.facts();
      out.printf(
          "%-32s  %-10s  %-19s  %-10s  %4d  %s in %s%n",
          run.job(),
          run.state().toLowerCase(Locale.ROOT),
          TIME.format(Instant.ofEpochMilli(run.startMillis())),
          JobFacts.name(facts.phase()),
          facts.accelerators(),
          facts.workload(),
          facts.output());
    }
    out.flush();
  }
}
