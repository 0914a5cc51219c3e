/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.source.enumerator;

import java.util.Set;

/**
 * What the enumerator must remember: which ranks still wait for their splits. The splits themselves
 * follow from the workload.
 *
 * @param unassignedRanks ranks whose splits were not handed out
 */
public record DatasetEnumeratorState(Set<Integer> unassignedRanks) {
  public DatasetEnumeratorState {
    unassignedRanks = Set.copyOf(unassignedRanks);
  }
}
