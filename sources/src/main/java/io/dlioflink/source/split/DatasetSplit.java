/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.source.split;

import org.apache.flink.api.connector.source.SourceSplit;

/**
 * The share of one rank in one pass: a range of positions, O(1) in size whatever the dataset. The
 * reader computes the order itself. Stored in Flink state: must stay readable.
 *
 * @param passIndex running number of the pass
 * @param rank whose share
 * @param position first position not yet requested
 * @param end position after the last
 */
public record DatasetSplit(int passIndex, int rank, long position, long end)
    implements SourceSplit {

  public DatasetSplit {
    if (passIndex < 0 || rank < 0 || position < 0 || end < position) {
      throw new IllegalArgumentException(
          "Not a split: pass=%d rank=%d position=%d end=%d"
              .formatted(passIndex, rank, position, end));
    }
  }

  @Override
  public String splitId() {
    return "pass-" + passIndex + "-rank-" + rank;
  }

  /** The same share, further on. */
  public DatasetSplit at(long newPosition) {
    return new DatasetSplit(passIndex, rank, newPosition, end);
  }
}
