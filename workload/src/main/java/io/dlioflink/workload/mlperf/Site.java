/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload.mlperf;

import java.util.List;
import java.util.stream.IntStream;

/**
 * The hosts of a run.
 *
 * @param hosts at least one
 */
public record Site(List<Host> hosts) {

  /**
   * One host.
   *
   * @param name for messages
   * @param memoryBytes all its memory
   * @param accelerators simulated accelerators on it
   */
  public record Host(String name, long memoryBytes, int accelerators) {}

  public Site {
    hosts = List.copyOf(hosts);
  }

  /** Equal hosts; accelerators that cannot be shared out evenly are on the first ones. */
  public static Site planned(int hosts, long memoryBytesPerHost, int accelerators) {
    return new Site(
        IntStream.range(0, hosts)
            .mapToObj(
                i ->
                    new Host(
                        "host " + (i + 1),
                        memoryBytesPerHost,
                        accelerators / hosts + (i < accelerators % hosts ? 1 : 0)))
            .toList());
  }

  /** Memory of all hosts. */
  public long memoryBytes() {
    return hosts.stream().mapToLong(Host::memoryBytes).sum();
  }

  /** Accelerators of all hosts. */
  public int accelerators() {
    return hosts.stream().mapToInt(Host::accelerators).sum();
  }
}
