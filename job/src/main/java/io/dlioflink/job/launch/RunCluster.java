/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job.launch;

import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import java.util.function.Consumer;

/** A Flink cluster that lives as long as the run, and has our classes. */
public interface RunCluster extends Closeable {

  /** Where web UI and REST API listen. */
  URI address() throws IOException;

  /**
   * Asks to be told, in a sentence for people, when a part of the cluster is lost; on any thread.
   */
  default void onLoss(Consumer<String> reaction) {}

  /** Starts a cluster; blocks until it can take the run. */
  @FunctionalInterface
  interface Starter {
    RunCluster start() throws IOException, InterruptedException;
  }
}
