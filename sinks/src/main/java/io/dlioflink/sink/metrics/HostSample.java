/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.metrics;

import io.dlioflink.sink.host.HostCounters;

/**
 * The counters of a worker process and its host at a moment.
 *
 * @param host its name
 * @param process id of the process
 * @param moment when
 * @param pass running number of the pass under way, about to begin, or just ended
 * @param counters what was read
 */
public record HostSample(String host, long process, Moment moment, int pass, HostCounters counters)
    implements MetricsRecord {
  /** When counters were read. */
  public enum Moment {
    /** At a regular interval. */
    INTERVAL,
    /** Before the first read of a pass. */
    PASS_START,
    /** When a pass had ended. */
    PASS_END
  }
}
