/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload.order;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import org.junit.jupiter.api.Test;

class PermutationTest {

  @Test
  void feistelVisitsEveryElementOnceForAnySize() {
    for (int size = 1; size < 300; size++) {
      assertPermutation(new FeistelPermutation(124, size), size);
    }
    assertPermutation(new FeistelPermutation(124, 1_000_003), 1_000_003);
  }

  @Test
  void feistelDependsOnTheSeed() {
    int size = 100_000;
    Permutation first = new FeistelPermutation(124, size);
    Permutation second = new FeistelPermutation(125, size);
    int fixed = 0;
    int equal = 0;
    for (int i = 0; i < size; i++) {
      fixed += first.at(i) == i ? 1 : 0;
      equal += first.at(i) == second.at(i) ? 1 : 0;
    }
    // One of each is expected of random permutations.
    assertThat(fixed).isLessThan(10);
    assertThat(equal).isLessThan(10);
  }

  @Test
  void feistelSpreadsNeighbours() {
    int size = 100_000;
    Permutation permutation = new FeistelPermutation(124, size);
    double distance = 0;
    for (int i = 1; i < size; i++) {
      distance += Math.abs(permutation.at(i) - permutation.at(i - 1));
    }
    // Two random elements are a third of the range apart on average.
    assertThat(distance / size).isBetween(0.32 * size, 0.35 * size);
  }

  @Test
  void numpyIsUsedUpToItsLimit() {
    assertThat(Permutation.kind(Permutation.NUMPY_LIMIT)).isEqualTo("numpy");
    assertThat(Permutation.kind(Permutation.NUMPY_LIMIT + 1L)).isEqualTo("feistel");
    assertThat(Permutation.of(1, Permutation.NUMPY_LIMIT + 1L))
        .isInstanceOf(FeistelPermutation.class);
  }

  @Test
  void theRanksOfAProcessShareAPermutation() {
    Permutation first = Permutation.of(124, 1000);
    assertThat(Permutation.of(124, 1000)).isSameAs(first);
    assertThat(Permutation.of(125, 1000)).isNotSameAs(first);
    assertPermutation(first, 1000);
  }

  private static void assertPermutation(Permutation permutation, int size) {
    BitSet seen = new BitSet(size);
    for (int i = 0; i < size; i++) {
      seen.set(Math.toIntExact(permutation.at(i)));
    }
    assertThat(seen.length()).isEqualTo(size);
    assertThat(seen.cardinality()).isEqualTo(size);
  }
}
