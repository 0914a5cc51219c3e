/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.source.barrier;

import java.io.Serializable;
import java.util.List;

/**
 * How a rank joins the step barrier of a run.
 *
 * @param runId names the run within a JVM
 * @param localParties ranks of the run in this JVM
 * @param server where the other JVMs meet; null if this JVM holds all ranks
 */
public record BarrierTicket(String runId, int localParties, Server server) implements Serializable {

  /**
   * The server all JVMs of a run meet at.
   *
   * @param hosts addresses to try, in order
   * @param port TCP port
   * @param token secret of the run
   */
  public record Server(List<String> hosts, int port, String token) implements Serializable {
    public Server {
      hosts = List.copyOf(hosts);
    }

    @Override
    public String toString() {
      return "Server[hosts=" + hosts + ", port=" + port + "]";
    }
  }
}
