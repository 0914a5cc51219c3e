/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.metrics;

import java.util.List;

/**
 * A rank has started.
 *
 * @param rank which
 * @param host where it runs
 * @param derivedSizes whether the sizes of the dataset's files are those of DLIO's generator
 * @param notices what was noticed about the dataset
 * @param order which order of access it follows
 * @param names how file names were found
 */
public record RankHello(
    int rank,
    HostFacts host,
    boolean derivedSizes,
    List<String> notices,
    String order,
    String names)
    implements MetricsRecord {
  public RankHello {
    notices = List.copyOf(notices);
  }
}
