/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.source.enumerator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class MusterTest {
  private static final long SECOND = 1_000_000_000L;

  private final Muster muster = new Muster();

  @Test
  void theLastRankIsNamedWithItsHostAndHowMuchLaterItCame() {
    muster.arrived(0, "a", 5 * SECOND);
    muster.arrived(2, "b", 9 * SECOND);
    muster.arrived(1, "a", 6 * SECOND);

    assertThat(muster.account(Map.of(2, "host-b")))
        .isEqualTo(
            "the last was rank 2 on host-b, 4.000 s after the first and 3.000 s after the one"
                + " before it");
    assertThat(muster.lastNanos() - muster.nanos(1)).isEqualTo(3 * SECOND);
  }

  @Test
  void aRankThatIsGoneIsNotCountedUntilItIsBack() {
    muster.arrived(0, "a", 1);
    muster.arrived(1, "b", 2);
    muster.gone(1);
    assertThat(muster.size()).isEqualTo(1);
    assertThat(muster.account(Map.of())).isEqualTo("one rank");

    muster.arrived(1, "c", 3);

    assertThat(muster.partiesOfJvm()).isEqualTo(Map.of("a", 1, "c", 1));
  }

  @Test
  void ranksAreEvenlySpreadIfTaskManagersDifferByOneAtMost() {
    for (int rank = 0; rank < 7; rank++) {
      muster.arrived(rank, "jvm" + rank % 2, rank);
    }
    assertThat(muster.unevenness()).isEmpty();

    muster.arrived(7, "jvm0", 7);

    assertThat(muster.unevenness())
        .hasValue(
            "The accelerators are not spread evenly: between 3 and 5 on each of 2 task managers;"
                + " set taskmanager.load-balance.mode: SLOTS on the cluster, or take a multiple of"
                + " the task managers");
  }
}
