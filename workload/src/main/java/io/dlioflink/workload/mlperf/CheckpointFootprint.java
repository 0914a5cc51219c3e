/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload.mlperf;

import io.dlioflink.workload.Workload;
import io.dlioflink.workload.checkpoint.CheckpointFile;
import io.dlioflink.workload.checkpoint.CheckpointPlan;
import io.dlioflink.workload.checkpoint.CheckpointSizes;
import java.util.ArrayList;
import java.util.List;

/**
 * What a checkpoint takes from ranks and hosts; ranks follow each other on a host.
 *
 * @param sizes of the whole checkpoint
 * @param parameters of the model
 * @param smallestRankBytes of the rank that writes least
 * @param largestRankBytes of the rank that writes most
 * @param hostBytes in the order of the hosts
 */
public record CheckpointFootprint(
    CheckpointSizes sizes,
    long parameters,
    long smallestRankBytes,
    long largestRankBytes,
    List<Long> hostBytes) {
  public CheckpointFootprint {
    hostBytes = List.copyOf(hostBytes);
  }

  /**
   * The footprint of a workload.
   *
   * @throws IllegalArgumentException if the ranks do not fill the parallelism
   */
  public static CheckpointFootprint of(Workload workload, Site site) {
    CheckpointPlan plan = CheckpointPlan.of(workload, site.accelerators());
    long smallest = Long.MAX_VALUE;
    long largest = 0;
    List<Long> hosts = new ArrayList<>();
    int rank = 0;
    for (Site.Host host : site.hosts()) {
      long hostBytes = 0;
      for (int end = rank + host.accelerators(); rank < end; rank++) {
        long bytes = plan.files(rank).stream().mapToLong(CheckpointFile::payloadBytes).sum();
        smallest = Math.min(smallest, bytes);
        largest = Math.max(largest, bytes);
        hostBytes += bytes;
      }
      hosts.add(hostBytes);
    }
    return new CheckpointFootprint(plan.sizes(), plan.parameters(), smallest, largest, hosts);
  }

  /** Whether every host has memory for what its ranks write. */
  public boolean fits(Site site) {
    for (int i = 0; i < hostBytes.size(); i++) {
      if (hostBytes.get(i) > site.hosts().get(i).memoryBytes()) {
        return false;
      }
    }
    return true;
  }
}
