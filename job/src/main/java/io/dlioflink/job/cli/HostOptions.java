/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job.cli;

import io.dlioflink.job.launch.UsageException;
import io.dlioflink.sink.metrics.HostFacts;
import io.dlioflink.workload.mlperf.Site;
import java.util.Locale;
import picocli.CommandLine.Option;

/** The hosts that a workload is meant to run on, for questions of size. */
final class HostOptions {
  private static final double GIB = 1L << 30;

  @Option(
      names = "--hosts",
      paramLabel = "N",
      description = "Hosts the accelerators are spread over (default: ${DEFAULT-VALUE}).")
  private int hosts = 1;

  @Option(
      names = "--memory-per-host",
      paramLabel = "GIB",
      description = "Memory of each of them, in GiB (default: that of this host).")
  private Double memoryGib;

  Site site(int accelerators) {
    if (hosts < 1) {
      throw new UsageException("--hosts: " + hosts + " is not allowed; expected 1 or more");
    }
    if (memoryGib != null && !(memoryGib > 0 && memoryGib < 1e9)) {
      throw new UsageException(
          "--memory-per-host: " + memoryGib + " is not allowed; expected a number of GiB above 0");
    }
    return Site.planned(hosts, memoryBytes(), accelerators);
  }

  private long memoryBytes() {
    return memoryGib == null ? HostFacts.ofThisHost().memoryBytes() : Math.round(memoryGib * GIB);
  }

  /** E.g. {@code 2 host(s) with 62.7 GiB each (found on this host)}. */
  String describe() {
    return String.format(
        Locale.ROOT,
        "%d host(s) with %.1f GiB each (%s)",
        hosts,
        memoryBytes() / GIB,
        memoryGib == null ? "found on this host" : "given");
  }
}
