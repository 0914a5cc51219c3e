/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job.hosts;

import java.io.Closeable;
import java.io.IOException;
import javax.annotation.Nullable;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.core.plugin.PluginUtils;
import org.apache.flink.runtime.taskexecutor.TaskExecutorResourceUtils;
import org.apache.flink.runtime.taskexecutor.TaskManagerRunner;

/** The task manager of one host, inside this process. Not thread-safe. */
final class HostTaskManager implements Closeable {
  private static final MemorySize NETWORK_MEMORY = MemorySize.ofMebiBytes(64);

  private @Nullable TaskManagerRunner runner;

  /**
   * Starts it.
   *
   * @param leader address of the job manager
   * @param port of the job manager
   * @param address of this host, as the others reach it
   * @param slots one per rank
   */
  void start(String leader, int port, String address, int slots) throws IOException {
    Configuration settings = new Configuration();
    settings.set(JobManagerOptions.ADDRESS, leader);
    settings.set(JobManagerOptions.PORT, port);
    settings.set(TaskManagerOptions.HOST, address);
    settings.set(TaskManagerOptions.BIND_HOST, address);
    settings.set(TaskManagerOptions.RPC_PORT, "0");
    settings.set(TaskManagerOptions.NUM_TASK_SLOTS, slots);
    settings.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MemorySize.ofMebiBytes(slots));
    settings.set(TaskManagerOptions.NETWORK_MEMORY_MIN, NETWORK_MEMORY);
    settings.set(TaskManagerOptions.NETWORK_MEMORY_MAX, NETWORK_MEMORY);
    TaskExecutorResourceUtils.adjustForLocalExecution(settings);
    try {
      runner =
          new TaskManagerRunner(
              settings,
              PluginUtils.createPluginManagerFromRootFolder(settings),
              TaskManagerRunner::createTaskExecutorService);
      runner.start();
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException("The Flink task manager of this host did not start", e);
    }
  }

  @Override
  public void close() throws IOException {
    if (runner == null) {
      return;
    }
    try {
      runner.close();
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException("The Flink task manager of this host did not stop", e);
    }
  }
}
