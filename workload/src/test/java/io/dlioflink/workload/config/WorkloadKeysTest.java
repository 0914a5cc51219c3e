/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class WorkloadKeysTest {

  /** A key that is added, renamed or changed must be changed in keys.txt as well, on purpose. */
  @Test
  void theKeysTheirTypesDefaultsAndRangesArePinned() throws IOException {
    String table =
        WorkloadKeys.all().stream()
            .map(
                key ->
                    "%s | %s | %s | %s\n"
                        .formatted(key.path(), key.type(), key.defaultValue(), key.allowed()))
            .collect(Collectors.joining());
    try (InputStream pinned = WorkloadKeysTest.class.getResourceAsStream("keys.txt")) {
      assertThat(table).isEqualTo(new String(pinned.readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  @Test
  void everyKeyHasADescription() {
    assertThat(WorkloadKeys.all())
        .allSatisfy(key -> assertThat(key.doc()).matches("(?s)[A-Za-z].*[.?)]\\.?"));
  }

  @Test
  void theDefaultsAreDlios() {
    LoadedWorkload loaded = Loading.load("{}");
    assertThat(loaded.settings())
        .allSatisfy(setting -> assertThat(setting.origin()).isEqualTo(Origin.ofDefault()));
    for (Key<?> key : WorkloadKeys.TABLE) {
      key.getter()
          .ifPresent(
              getter ->
                  assertThat(getter.apply(loaded.workload()))
                      .as(key.path())
                      .isEqualTo(key.defaultValue()));
    }
  }

  @Test
  void everyDefaultIsAnAllowedValue() {
    for (KeyInfo key : WorkloadKeys.all()) {
      if (!key.defaultValue().equals("null")) {
        String yaml = yamlOf(key.path(), key.defaultValue());
        assertThat(Loading.errors(yaml)).as(yaml).isEmpty();
      }
    }
  }

  /** One key in its sections. */
  private static String yamlOf(String path, String value) {
    String[] names = path.split("\\.");
    StringBuilder yaml = new StringBuilder();
    for (int i = 0; i < names.length; i++) {
      yaml.append("  ".repeat(i)).append(names[i]).append(':');
      yaml.append(i < names.length - 1 ? "\n" : " " + value + "\n");
    }
    return yaml.toString();
  }
}
