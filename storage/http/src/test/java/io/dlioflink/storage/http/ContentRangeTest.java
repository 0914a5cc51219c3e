/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

final class ContentRangeTest {
  @Test
  void readsWhatAnAnswerHolds() {
    ContentRange range = ContentRange.parse("bytes 0-99/1234").orElseThrow();
    assertThat(range.holds(0, 100)).isTrue();
    assertThat(range.holds(0, 99)).isFalse();
    assertThat(range.isWhole()).isFalse();
    assertThat(range.totalBytes()).isEqualTo(OptionalLong.of(1234));
    assertThat(ContentRange.parse("bytes 0-9/10").map(ContentRange::isWhole)).contains(true);
    assertThat(ContentRange.parse("bytes */10").map(ContentRange::totalBytes))
        .contains(OptionalLong.of(10));
    assertThat(ContentRange.parse("bytes 0-9/*").map(ContentRange::totalBytes))
        .contains(OptionalLong.empty());
    assertThat(ContentRange.parse("items 0-9/10")).isEqualTo(Optional.empty());
  }
}
