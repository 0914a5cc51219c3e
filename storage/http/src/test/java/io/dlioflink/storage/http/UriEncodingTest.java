/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.http;

import static org.assertj.core.api.Assertions.assertThat;

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
}
