/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.source.barrier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PortRangeTest {

  @Test
  void aPortOrARangeIsRead() {
    assertThat(PortRange.parse("0")).isEqualTo(PortRange.ANY);
    assertThat(PortRange.parse(" 50100 ")).isEqualTo(new PortRange(50100, 50100));
    assertThat(PortRange.parse("50100 - 50103")).containsExactly(50100, 50101, 50102, 50103);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "any", "50100-", "-1", "1-2-3"})
  void anythingElseIsNamedWithAnExample(String text) {
    assertThatThrownBy(() -> PortRange.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Not a port range: '" + text + "'; expected e.g. 50100-50200, or 0 for any");
  }

  @Test
  void portsBeyondTheirBoundsAreRefused() {
    assertThatThrownBy(() -> PortRange.parse("50200-50100"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Not a port range: 50200-50100");
    assertThatThrownBy(() -> PortRange.parse("65535-65536"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Not a port range: 65535-65536");
  }
}
