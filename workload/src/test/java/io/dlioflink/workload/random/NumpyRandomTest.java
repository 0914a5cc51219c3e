/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload.random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Expected values are what NumPy 2.4's RandomState prints. */
class NumpyRandomTest {

  @Test
  void seedsGiveNumpysWords() {
    assertThat(words(10)).containsExactly(3312796937L, 1283169405L, 89128932L, 2124247567L);
    assertThat(words(0)).containsExactly(2357136044L, 2546248239L, 3071714933L, 3626093760L);
    assertThat(words(NumpyRandom.MAX_SEED))
        .containsExactly(419326371L, 479346978L, 3918654476L, 2416749639L);
  }

  private static long[] words(long seed) {
    NumpyRandom random = new NumpyRandom(seed);
    return IntStream.range(0, 4).mapToLong(i -> random.nextInt32() & 0xffff_ffffL).toArray();
  }

  @Test
  void doublesAreNumpys() {
    NumpyRandom random = new NumpyRandom(10);
    assertThat(random.nextDouble()).isEqualTo(0.771320643266746);
    assertThat(random.nextDouble()).isEqualTo(0.0207519493594015);
    assertThat(random.nextDouble()).isEqualTo(0.6336482349262754);
  }

  @Test
  void normalNumbersAreNumpysAndComeInPairs() {
    NumpyRandom random = new NumpyRandom(10);
    double[] expected = {
      1.331586504129518,
      0.7152789743984055,
      -1.5454002921112682,
      -0.008383849928522256,
      0.6213359738904805
    };
    for (double each : expected) {
      assertThat(random.nextGaussian()).isCloseTo(each, within(1e-15));
    }
    assertThat(new NumpyRandom(0).normal(0, 1)).isEqualTo(1.764052345967664);
    assertThat(new NumpyRandom(0).normal(100, 2)).isEqualTo(100 + 2 * 1.764052345967664);
  }

  @Test
  void shufflesAreNumpys() {
    assertThat(new NumpyRandom(124).permutation(8)).containsExactly(3, 7, 0, 5, 2, 1, 4, 6);
    assertThat(new NumpyRandom(124).permutation(10)).containsExactly(6, 8, 3, 5, 4, 0, 9, 2, 7, 1);
    assertThat(new NumpyRandom(43).permutation(8)).containsExactly(3, 7, 5, 6, 2, 1, 0, 4);
  }

  @Test
  void aLongShuffleIsNumpys() {
    int[] shuffled = new NumpyRandom(124).permutation(5000);
    assertThat(shuffled).startsWith(500, 2867, 2375, 2906, 4223, 3403, 872, 3183);
    assertThat(IntStream.range(0, 5000).mapToLong(i -> (long) i * shuffled[i]).sum())
        .isEqualTo(31326408757L);
  }

  @Test
  void shufflingNothingOrOneElementDrawsNothing() {
    NumpyRandom random = new NumpyRandom(10);
    random.shuffle(new int[0]);
    random.shuffle(new int[] {7});
    assertThat(random.nextDouble()).isEqualTo(0.771320643266746);
  }

  @Test
  void aCopyContinuesWhereTheOriginalStands() {
    NumpyRandom random = new NumpyRandom(10);
    double first = random.nextGaussian();
    NumpyRandom copy = random.copy();
    assertThat(first).isCloseTo(1.331586504129518, within(1e-15));
    for (int i = 0; i < 2000; i++) {
      assertThat(copy.nextGaussian()).isEqualTo(random.nextGaussian());
    }
  }

  @Test
  void seedsOutsideNumpysRangeAreRejected() {
    assertThatThrownBy(() -> new NumpyRandom(-1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Seed must be between 0 and 2^32 - 1, not -1");
    assertThatThrownBy(() -> new NumpyRandom(1L << 32))
        .hasMessage("Seed must be between 0 and 2^32 - 1, not 4294967296");
  }
}
