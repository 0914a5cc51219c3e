/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job.hosts;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.dlioflink.job.launch.RunCluster;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.MetricOptions;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.WebOptions;
import org.apache.flink.runtime.entrypoint.ClusterEntrypointException;
import org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint;

/** A Flink session cluster of all hosts: the job manager is in this process. */
public final class HostsCluster implements RunCluster {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration METRIC_UPDATE = Duration.ofSeconds(1);
  private static final Duration REGISTRATION = Duration.ofMinutes(1);
  private static final Duration STOP = Duration.ofSeconds(15);
  private static final long LOOK_AGAIN_NANOS = 50_000_000;

  private final Leader leader;
  private final StandaloneSessionClusterEntrypoint jobManager;
  private final HostTaskManager taskManager = new HostTaskManager();

  private HostsCluster(Leader leader, Configuration settings) {
    this.leader = leader;
    this.jobManager = new StandaloneSessionClusterEntrypoint(settings);
  }

  /**
   * Waits for all hosts and makes a cluster of them, with a slot per rank.
   *
   * @param ports of the web UI, as Flink wants them
   * @throws IOException if a host does not come or is lost
   */
  public static HostsCluster start(Ranks ranks, Leader leader, String ports)
      throws IOException, InterruptedException {
    String address = leader.awaitAll();
    HostsCluster cluster = new HostsCluster(leader, settings(address, ports));
    try {
      cluster.jobManager.startCluster();
      int port = cluster.jobManager.getRpcPort();
      leader.announce(address, port);
      cluster.taskManager.start(address, port, address, ranks.here());
      cluster.awaitSlots(ranks.total());
      return cluster;
    } catch (ClusterEntrypointException e) {
      cluster.close();
      throw new IOException("The Flink job manager did not start", e);
    } catch (IOException | RuntimeException e) {
      cluster.close();
      throw e;
    }
  }

  private static Configuration settings(String address, String ports) {
    Configuration settings = new Configuration();
    settings.set(JobManagerOptions.ADDRESS, address);
    settings.set(JobManagerOptions.BIND_HOST, address);
    settings.set(JobManagerOptions.PORT, 0);
    settings.set(RestOptions.ADDRESS, "localhost");
    settings.set(RestOptions.BIND_ADDRESS, "localhost");
    settings.set(RestOptions.BIND_PORT, ports);
    settings.set(WebOptions.SUBMIT_ENABLE, false);
    settings.set(WebOptions.CANCEL_ENABLE, true);
    settings.set(WebOptions.REFRESH_INTERVAL, METRIC_UPDATE);
    settings.set(MetricOptions.METRIC_FETCHER_UPDATE_INTERVAL, METRIC_UPDATE);
    return settings;
  }

  private void awaitSlots(int slots) throws IOException {
    long deadline = System.nanoTime() + REGISTRATION.toNanos();
    int found = 0;
    while (System.nanoTime() < deadline) {
      leader.throwIfLost();
      try (InputStream overview = address().resolve("/overview").toURL().openStream()) {
        found = JSON.readTree(overview).path("slots-total").asInt();
      }
      if (found == slots) {
        return;
      }
      LockSupport.parkNanos(LOOK_AGAIN_NANOS);
    }
    throw new IOException(
        "The task managers of all hosts have %d slots after %d s; expected %d"
            .formatted(found, REGISTRATION.toSeconds(), slots));
  }

  @Override
  public URI address() {
    return URI.create("http://localhost:" + jobManager.getRestPort());
  }

  @Override
  public void onLoss(Consumer<String> reaction) {
    leader.onLoss(reaction);
  }

  @Override
  public void close() throws IOException {
    try {
      taskManager.close();
      jobManager.closeAsync().get(STOP.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("The Flink job manager did not stop", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("Interrupted while the Flink job manager stopped", e);
    }
  }
}
