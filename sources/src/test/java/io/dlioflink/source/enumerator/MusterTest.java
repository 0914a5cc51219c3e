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
    muster.arrived(0, new RegisterEvent("a", null), 5 * SECOND);
    muster.arrived(2, new RegisterEvent("b", null), 9 * SECOND);
    muster.arrived(1, new RegisterEvent("a", null), 6 * SECOND);

    assertThat(muster.account(Map.of(2, "host-b")))
        .isEqualTo(
            "the last was rank 2 on host-b, 4.000 s after the first and 3.000 s after the one"
                + " before it");
    assertThat(muster.lastNanos() - muster.nanos(1)).isEqualTo(3 * SECOND);
  }

  @Test
  void aRankThatIsGoneIsNotCountedUntilItIsBack() {
    muster.arrived(0, new RegisterEvent("a", null), 1);
    muster.arrived(1, new RegisterEvent("b", null), 2);
    muster.gone(1);
    assertThat(muster.size()).isEqualTo(1);
    assertThat(muster.account(Map.of())).isEqualTo("one rank");

    muster.arrived(1, new RegisterEvent("c", null), 3);

    assertThat(muster.partiesOfJvm()).isEqualTo(Map.of("a", 1, "c", 1));
  }

  @Test
  void ranksAreEvenlySpreadIfTaskManagersDifferByOneAtMost() {
    for (int rank = 0; rank < 7; rank++) {
      muster.arrived(rank, new RegisterEvent("jvm" + rank % 2, null), rank);
    }
    assertThat(muster.unevenness()).isEmpty();

    muster.arrived(7, new RegisterEvent("jvm0", null), 7);

    assertThat(muster.unevenness())
        .hasValue(
            "The accelerators are not spread evenly: between 3 and 5 on each of 2 task managers;"
                + " set taskmanager.load-balance.mode: SLOTS on the cluster, or take a multiple of"
                + " the task managers");
  }
}
