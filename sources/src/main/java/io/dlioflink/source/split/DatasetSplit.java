/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.source.split;

import io.dlioflink.workload.Pass;
import java.util.List;
import org.apache.flink.api.connector.source.SourceSplit;

/**
 * The work of one rank from a position on: the rest of a pass and all passes after it. O(1) in size
 * whatever the dataset and the number of epochs; the reader computes the order itself. One split
 * per rank, since Flink keeps metrics of every split a reader has seen. Stored in Flink state: must
 * stay readable.
 *
 * @param passIndex running number of the pass under way
 * @param rank whose share
 * @param position first position not yet requested
 * @param end position after the last of this pass
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

  /**
   * A rank's share from the start of a pass on.
   *
   * @param passIndex running number of the pass; the number of passes if all have ended
   */
  public static DatasetSplit ofPass(int passIndex, int rank, List<Pass> passes) {
    long end = passIndex < passes.size() ? passes.get(passIndex).plan().samplesPerRank() : 0;
    return new DatasetSplit(passIndex, rank, 0, end);
  }

  @Override
  public String splitId() {
    return "rank-" + rank;
  }

  /** The same work, further on in the pass. */
  public DatasetSplit at(long newPosition) {
    return new DatasetSplit(passIndex, rank, newPosition, end);
  }

  /** The same work, at the start of the next pass. */
  public DatasetSplit nextPass(long newEnd) {
    return new DatasetSplit(passIndex + 1, rank, 0, newEnd);
  }
}
