/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LocationTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/data/train          | file   | ''     | /data/train",
        "data/train           | file   | ''     | data/train",
        "data/train/          | file   | ''     | data/train",
        "/                    | file   | ''     | /",
        "file:///data         | file   | ''     | /data",
        "FILE:///data         | file   | ''     | /data",
        "direct:///data//     | direct | ''     | /data",
        "direct://relative/x  | direct | ''     | relative/x",
        "file://              | file   | ''     | /",
        "s3://bucket          | s3     | bucket | ''",
        "s3://bucket/         | s3     | bucket | ''",
        "s3://bucket/a/b      | s3     | bucket | a/b",
        "s3://bucket/a b%20ü/ | s3     | bucket | a b%20ü",
        "/tmp/a://x           | file   | ''     | /tmp/a://x",
        "/with space/100%/ü   | file   | ''     | /with space/100%/ü",
      })
  void readsUrisAndPlainPaths(String text, String scheme, String authority, String path) {
    assertThat(Location.parse(text)).isEqualTo(new Location(scheme, authority, path));
  }

  @Test
  void refusesAnEmptyText() {
    assertThatThrownBy(() -> Location.parse(""))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("A location must not be empty");
  }

  @ParameterizedTest
  @ValueSource(strings = {"://x", "3s://x", "a b://x"})
  void refusesMalformedSchemesAndNamesThem(String text) {
    assertThatThrownBy(() -> Location.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Not a URI scheme: '" + text.substring(0, text.indexOf("://")) + "'")
        .hasMessageContaining("'" + text + "'");
  }

  @Test
  void refusesASchemeInUpperCase() {
    assertThatThrownBy(() -> new Location("S3", "bucket", "key"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Not a lower-case URI scheme: 'S3'");
  }

  @ParameterizedTest
  @CsvSource({
    "/data, train/a.npz, /data/train/a.npz",
    "/data/, a, /data/a",
    "/, a, /a",
    "data, a, data/a",
    "direct:///data, a, direct:///data/a",
    "s3://bucket, a, s3://bucket/a",
    "s3://bucket/p, a/b, s3://bucket/p/a/b",
  })
  void namesChildren(String parent, String relative, String child) {
    assertThat(Location.parse(parent).child(relative)).hasToString(child);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/data/a b", "data", "direct:///data", "s3://bucket/a", "az://c/%41"})
  void itsTextReadsBackAsTheSame(String text) {
    assertThat(Location.parse(text)).hasToString(text);
    assertThat(Location.parse(Location.parse(text).toString())).isEqualTo(Location.parse(text));
  }

  @Test
  void knowsItsFileName() {
    assertThat(Location.parse("/data/a b.npz").fileName()).isEqualTo("a b.npz");
    assertThat(Location.parse("a.npz").fileName()).isEqualTo("a.npz");
    assertThat(Location.parse("s3://bucket/a/b").fileName()).isEqualTo("b");
  }

  @Test
  void changesItsSchemeAndStaysInPlace() {
    Location location = Location.parse("/data/a").withScheme("direct");
    assertThat(location).hasToString("direct:///data/a");
    assertThat(location.isLocal()).isTrue();
    assertThat(Location.parse("s3://bucket/a").isLocal()).isFalse();
  }
}
