/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job.launch;

import io.dlioflink.job.graph.JobFacts;
import io.dlioflink.job.graph.JobGraphs;
import io.dlioflink.job.graph.RunSpec;
import io.dlioflink.sink.metrics.MetricsSinkSettings.Phase;
import io.dlioflink.sink.metrics.RunOutcome;
import java.io.Closeable;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import javax.annotation.Nullable;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.client.program.rest.RestClusterClient;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.jobmaster.JobResult;
import org.apache.flink.runtime.messages.webmonitor.ClusterOverview;
import org.apache.flink.streaming.api.graph.StreamGraph;
import org.apache.flink.util.OptionalFailure;
import org.apache.flink.util.SerializedValue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Submits phases to a cluster and follows them. The cluster may be in this process or anywhere. */
public final class JobRunner implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(JobRunner.class);
  private static final Duration CANCEL_TIMEOUT = Duration.ofSeconds(10);

  /** A job manager that was silent for 16 s is gone. */
  private static final int REST_ATTEMPTS = 8;

  /** More are no accident: there is somebody, and the job's end cannot be had. */
  private static final int MAX_TAKE_OVERS = 8;

  private static final Duration REST_PAUSE = Duration.ofSeconds(2);
  private static final Duration SLOTS_PATIENCE = Duration.ofSeconds(8);
  private static final Duration SLOTS_POLL = Duration.ofMillis(200);

  private final URI rest;
  private final List<Path> jars;
  private final PrintWriter out;
  private final boolean terminal;
  private final RestClusterClient<String> client;
  private volatile @Nullable JobID current;
  private volatile boolean cancelled;
  private volatile boolean cancelDelivered;
  private boolean mayGoOn;
  private volatile @Nullable String givenUp;

  /**
   * Connects to a cluster.
   *
   * @param rest address of its REST API
   * @param jars to ship with a job; none if the cluster has the classes
   * @param terminal whether the live line may be rewritten in place
   */
  public JobRunner(URI rest, List<Path> jars, PrintWriter out, boolean terminal)
      throws IOException {
    this.rest = rest;
    this.jars = List.copyOf(jars);
    this.out = out;
    this.terminal = terminal;
    Configuration settings = new Configuration();
    settings.set(RestOptions.ADDRESS, rest.getHost());
    settings.set(RestOptions.PORT, rest.getPort());
    settings.set(RestOptions.RETRY_MAX_ATTEMPTS, REST_ATTEMPTS);
    settings.set(RestOptions.RETRY_DELAY, REST_PAUSE);
    try {
      client = new RestClusterClient<>(settings, "dlio-flink");
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException("No client for the Flink cluster at " + rest, e);
    }
  }

  /**
   * Makes sure that every accelerator can have a slot: with too few, a job would wait for minutes.
   *
   * @throws UsageException if there are too few
   */
  public void requireSlots(int accelerators) throws IOException, InterruptedException {
    int free = awaitSlots(accelerators).free();
    if (free < accelerators) {
      throw new UsageException(
          "The Flink cluster at %s has %d free slots; %d accelerators need %d"
              .formatted(rest, free, accelerators, accelerators));
    }
  }

  /**
   * What a cluster has.
   *
   * @param free slots
   * @param total slots
   * @param workers task managers
   */
  public record Slots(int free, int total, int workers) {}

  /**
   * What the cluster has as soon as enough slots are free, or else after a moment: task managers of
   * a cluster that has just been started register one after the other, and those of a job that has
   * just ended give their slots back.
   */
  public Slots awaitSlots(int wanted) throws IOException, InterruptedException {
    long start = System.nanoTime();
    Slots found = slots();
    while (found.free() < wanted && System.nanoTime() - start < SLOTS_PATIENCE.toNanos()) {
      LockSupport.parkNanos(SLOTS_POLL.toNanos());
      found = slots();
    }
    return found;
  }

  /** What the cluster has now. */
  private Slots slots() throws IOException, InterruptedException {
    try {
      ClusterOverview overview = client.getClusterOverview().get();
      return new Slots(
          overview.getNumSlotsAvailable(),
          overview.getNumSlotsTotal(),
          overview.getNumTaskManagersConnected());
    } catch (ExecutionException e) {
      throw new IOException("The Flink cluster at " + rest + " does not answer", e.getCause());
    }
  }

  /** Whether the cluster has a job, running or ended. */
  boolean knows(JobID job) throws IOException, InterruptedException {
    return new RestApi(rest).find("/jobs/" + job).isPresent();
  }

  /**
   * Runs a job to its end.
   *
   * @return the texts it published as accumulators whose names begin with the prefix
   * @throws IOException if it fails, or the cluster cannot be reached
   */
  public List<String> texts(StreamGraph job, String prefix)
      throws IOException, InterruptedException {
    JobGraph graph = withJars(job.getJobGraph());
    try {
      JobResult result = client.requestJobResult(client.submitJob(graph).get()).get();
      if (!result.isSuccess()) {
        throw new IOException(
            result
                .getSerializedThrowable()
                .map(cause -> RunFailure.of(cause).message())
                .orElse("The job failed; Flink gives no reason"));
      }
      List<String> texts = new ArrayList<>();
      for (var published : new TreeMap<>(result.getAccumulatorResults()).entrySet()) {
        if (published.getKey().startsWith(prefix)) {
          texts.add((String) value(published.getValue()));
        }
      }
      return texts;
    } catch (ExecutionException e) {
      throw new IOException("The Flink cluster at " + rest + " did not run the job", e.getCause());
    }
  }

  private static Object value(SerializedValue<OptionalFailure<Object>> published)
      throws IOException {
    try {
      return published.deserializeValue(JobRunner.class.getClassLoader()).getUnchecked();
    } catch (ClassNotFoundException e) {
      throw new IOException("What the job published cannot be read", e);
    }
  }

  private JobGraph withJars(JobGraph graph) {
    jars.forEach(
        jar -> graph.addJar(new org.apache.flink.core.fs.Path(jar.toAbsolutePath().toUri())));
    return graph;
  }

  /**
   * Runs a phase to its end.
   *
   * @param job the id it is to have
   * @param log shown as it grows
   * @throws PhaseFailedException if the job failed or was cancelled
   * @throws IOException if the cluster cannot be reached
   */
  RunOutcome run(RunSpec spec, Phase phase, JobID job, LogTail log)
      throws IOException, InterruptedException, PhaseFailedException {
    JobGraph graph = withJars(JobGraphs.of(spec, phase).getJobGraph());
    graph.setJobID(job);
    mayGoOn = true;
    try {
      client.submitJob(graph).get();
    } catch (ExecutionException e) {
      throw new IOException("The Flink cluster at " + rest + " did not take the job", e);
    }
    return follow(job, JobFacts.of(spec, phase), log);
  }

  /**
   * Follows a job of ours, whoever submitted it, to its end. Interrupting the thread cancels it.
   *
   * @param log shown as it grows
   * @throws PhaseFailedException if the job failed or was cancelled
   * @throws IOException if the cluster cannot be reached
   */
  RunOutcome follow(JobID job, JobFacts facts, LogTail log)
      throws IOException, InterruptedException, PhaseFailedException {
    current = job;
    mayGoOn = true;
    cancelDelivered = false;
    if (cancelled || givenUp != null) {
      stopCurrent();
    }
    RestApi api = new RestApi(rest);
    Progress progress = new Progress(out, terminal, new LiveFigures(api, job.toString()), facts);
    Restarts restarts = new Restarts(api, job.toString());
    TakeOver takeOver = new TakeOver(api);
    try {
      JobResult result = follow(job, takeOver, progress, restarts, log);
      mayGoOn = false;
      return outcome(result);
    } catch (InterruptedException e) {
      // While the job is still known as the current one.
      stopCurrent();
      throw e;
    } finally {
      progress.end();
      log.show(() -> {});
      current = null;
    }
  }

  private JobResult follow(
      JobID job, TakeOver takeOver, Progress progress, Restarts restarts, LogTail log)
      throws InterruptedException, PhaseFailedException {
    CompletableFuture<JobResult> result = client.requestJobResult(job);
    int takeOvers = 0;
    while (true) {
      try {
        return result.get(1, TimeUnit.SECONDS);
      } catch (TimeoutException e) {
        log.show(progress::end);
        if (cancelled && !cancelDelivered) {
          stopCurrent();
        }
        Optional<String> news = restarts.news();
        if (news.isPresent()) {
          progress.end();
          out.println(news.get());
          out.flush();
        }
        progress.update();
      } catch (ExecutionException e) {
        LOG.error("The job manager does not answer", e);
        progress.end();
        if (!takeOver.expected() || ++takeOvers > MAX_TAKE_OVERS) {
          mayGoOn = !takeOver.excluded();
          throw new PhaseFailedException(
              new RunFailure(
                  ExitCode.INVALID,
                  "The job manager at %s is gone, and the run with it".formatted(rest)));
        }
        awaitAnother(job, takeOver);
        result = client.requestJobResult(job);
      }
    }
  }

  private void awaitAnother(JobID job, TakeOver takeOver)
      throws InterruptedException, PhaseFailedException {
    out.printf("The job manager at %s does not answer; waiting for another to take over%n", rest);
    out.flush();
    if (!takeOver.await(job.toString(), () -> cancelled)) {
      throw new PhaseFailedException(
          new RunFailure(
              ExitCode.INVALID,
              "The job manager at %s is gone, and no other took over the run".formatted(rest)));
    }
    out.println("Another job manager has taken over the run");
    out.flush();
  }

  /** Whether the job followed last may come back: nobody has seen its end. */
  public boolean mayGoOn() {
    return mayGoOn;
  }

  private RunOutcome outcome(JobResult result) throws IOException, PhaseFailedException {
    String reason = givenUp;
    if (reason != null && !result.isSuccess()) {
      throw new PhaseFailedException(new RunFailure(ExitCode.INVALID, reason));
    }
    if (result.getJobStatus().orElse(null) == JobStatus.CANCELED) {
      throw new PhaseFailedException(new RunFailure(ExitCode.INTERRUPTED, "The run was cancelled"));
    }
    if (!result.isSuccess()) {
      Throwable reported =
          result.getSerializedThrowable().<Throwable>map(cause -> cause).orElse(null);
      LOG.error("The job failed", reported);
      throw new PhaseFailedException(
          reported == null
              ? new RunFailure(ExitCode.FAILURE, "The job failed; Flink gives no reason")
              : RunFailure.of(reported));
    }
    SerializedValue<OptionalFailure<Object>> outcome =
        result.getAccumulatorResults().get(RunOutcome.ACCUMULATOR);
    if (outcome == null) {
      throw new IOException("The job ended without an outcome");
    }
    return (RunOutcome) value(outcome);
  }

  /** Cancels the phase that is running; from any thread. */
  public void cancel() {
    cancelled = true;
    stopCurrent();
  }

  /** Cancels the phase that is running because it cannot succeed any more; from any thread. */
  public void giveUp(String reason) {
    givenUp = reason;
    stopCurrent();
  }

  private void stopCurrent() {
    JobID job = current;
    if (job == null) {
      return;
    }
    try {
      client.cancel(job).get(CANCEL_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
      cancelDelivered = true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      LOG.warn("The job could not be cancelled", e);
    }
  }

  /** Whether {@link #cancel} was called. */
  public boolean cancelled() {
    return cancelled;
  }

  @Override
  public void close() {
    client.close();
  }
}
