/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job.launch;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.HeartbeatManagerOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.MetricOptions;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.configuration.WebOptions;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;

/** A Flink cluster inside this process, with the web UI on loopback. */
public final class LocalCluster implements RunCluster {
  private static final int PORTS_TO_TRY = 100;
  private static final MemorySize NETWORK_MEMORY = MemorySize.ofMebiBytes(64);
  private static final Duration METRIC_UPDATE = Duration.ofSeconds(1);

  /** Collecting the metrics of so many ranks takes a small part of the interval. */
  private static final int RANKS_PER_METRIC_UPDATE = 100;

  /** The task manager is this very process: only a host out of breath would lose it. */
  private static final Duration HEARTBEAT_TIMEOUT = Duration.ofMinutes(10);

  private final MiniCluster cluster;

  private LocalCluster(MiniCluster cluster) {
    this.cluster = cluster;
  }

  /**
   * Starts a cluster with a slot per accelerator.
   *
   * @param firstPort of the web UI; the next free one is taken
   */
  public static LocalCluster start(int slots, int firstPort) throws IOException {
    Configuration settings = new Configuration();
    settings.set(RestOptions.ADDRESS, "localhost");
    settings.set(RestOptions.BIND_ADDRESS, "localhost");
    settings.set(RestOptions.BIND_PORT, portsFrom(firstPort));
    settings.set(WebOptions.SUBMIT_ENABLE, false);
    settings.set(WebOptions.CANCEL_ENABLE, true);
    Duration update =
        METRIC_UPDATE.multipliedBy(
            Math.max(1, (slots + RANKS_PER_METRIC_UPDATE - 1) / RANKS_PER_METRIC_UPDATE));
    settings.set(WebOptions.REFRESH_INTERVAL, update);
    settings.set(MetricOptions.METRIC_FETCHER_UPDATE_INTERVAL, update);
    settings.set(HeartbeatManagerOptions.HEARTBEAT_TIMEOUT, HEARTBEAT_TIMEOUT);
    settings.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MemorySize.ofMebiBytes(slots));
    settings.set(TaskManagerOptions.NETWORK_MEMORY_MIN, NETWORK_MEMORY);
    settings.set(TaskManagerOptions.NETWORK_MEMORY_MAX, NETWORK_MEMORY);
    MiniCluster cluster =
        new MiniCluster(
            new MiniClusterConfiguration.Builder()
                .setConfiguration(settings)
                .setNumTaskManagers(1)
                .setNumSlotsPerTaskManager(slots)
                .setCommonBindAddress("localhost")
                .build());
    try {
      cluster.start();
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException("The local Flink cluster did not start", e);
    }
    return new LocalCluster(cluster);
  }

  /** The ports to try for the web UI, as Flink wants them; {@code 0} for any. */
  public static String portsFrom(int first) {
    return first == 0 ? "0" : first + "-" + Math.min(65535, first + PORTS_TO_TRY);
  }

  @Override
  public URI address() throws IOException {
    try {
      return cluster.getRestAddress().get();
    } catch (ExecutionException e) {
      throw new IOException("The local Flink cluster has no REST address", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("Interrupted while the local Flink cluster started", e);
    }
  }

  @Override
  public void close() throws IOException {
    try {
      cluster.close();
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException("The local Flink cluster did not stop", e);
    }
  }
}
