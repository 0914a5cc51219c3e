/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

final class UriEncodingTest {
  @Test
  void encodesAllButWhatNeedsNone() {
    assertThat(UriEncoding.path("aZ09-._~/b")).isEqualTo("aZ09-._~/b");
    assertThat(UriEncoding.path("a b+c&d=e?f#g%41")).isEqualTo("a%20b%2Bc%26d%3De%3Ff%23g%2541");
    assertThat(UriEncoding.path("ü日🎲")).isEqualTo("%C3%BC%E6%97%A5%F0%9F%8E%B2");
    assertThat(UriEncoding.path("//a/../b/")).isEqualTo("//a/../b/");
    assertThat(UriEncoding.query("a/b=")).isEqualTo("a%2Fb%3D");
  }

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

  @Test
  void readsErrorDocuments() {
    ErrorDocument error =
        new ErrorDocument(
            "<Error><Code>NoSuchKey</Code><Message>a &lt;b&gt; &amp;amp;</Message>"
                + "<Region>eu-west-1</Region></Error>");
    assertThat(error.code()).isEqualTo("NoSuchKey");
    assertThat(error.message()).isEqualTo("a <b> &amp;");
    assertThat(error.region()).contains("eu-west-1");
    assertThat(new ErrorDocument("<Code>cut").code()).isEmpty();
    assertThat(new ErrorDocument("").message()).isEmpty();
  }
}
