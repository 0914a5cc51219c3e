/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.posix;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TemporaryNameTest {

  @ParameterizedTest
  @ValueSource(
      strings = {"a", ".hidden", "img_1.npz", "with space", "ü", "x.0123456789abcdef.part"})
  void isRecognised(String name) {
    assertThat(TemporaryName.of(name)).startsWith("." + name + ".").endsWith(".part");
    assertThat(TemporaryName.matches(TemporaryName.of(name))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "img.npz",
        ".part",
        ".0123456789abcdef.part",
        "..0123456789abcdef.part",
        "a.0123456789abcdef.part",
        ".a.0123456789ABCDEF.part",
        ".a.0123456789abcde.part",
        ".a.0123456789abcdefg.part",
        ".a0123456789abcdef.part",
        ".a.0123456789abcdef.parts",
        ".a.0123456789abcdef.par",
        ".a.0123456789abcdeg.part",
      })
  void noOtherNameIsTakenForOne(String name) {
    assertThat(TemporaryName.matches(name)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"n", "日", "🎲", "a🎲"})
  void fitsIntoAFileSystemHoweverLongTheName(String unit) {
    String name = TemporaryName.of(unit.repeat(200));
    byte[] encoded = name.getBytes(StandardCharsets.UTF_8);
    assertThat(encoded.length).isLessThanOrEqualTo(255);
    assertThat(new String(encoded, StandardCharsets.UTF_8)).isEqualTo(name);
    assertThat(TemporaryName.matches(name)).isTrue();
  }

  @Test
  void differsEachTime() {
    assertThat(TemporaryName.of("a")).isNotEqualTo(TemporaryName.of("a"));
  }
}
