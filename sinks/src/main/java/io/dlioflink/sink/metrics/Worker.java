/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.metrics;

/**
 * A worker process: a task manager, or the one process of a local run.
 *
 * @param host its host
 * @param process its process id there
 */
public record Worker(String host, long process) {
  /** This process. */
  public static Worker here() {
    return new Worker(HostFacts.nameOfThisHost(), ProcessHandle.current().pid());
  }

  @Override
  public String toString() {
    return host + ":" + process;
  }
}
