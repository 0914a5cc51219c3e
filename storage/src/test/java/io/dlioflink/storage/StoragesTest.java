/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.dlioflink.storage.StorageException.Reason;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StoragesTest {

  @Test
  void anUnknownSchemeIsNamedWithTheOnesThatExist() {
    assertThatExceptionOfType(StorageException.class)
        .isThrownBy(() -> Storages.open(Location.parse("ftp://host/a"), StorageOptions.NONE))
        .withMessage(
            "No storage for scheme 'ftp' (available: %s): ftp://host/a",
            String.join(", ", Storages.schemes()))
        .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.UNSUPPORTED))
        .satisfies(e -> assertThat(e.location()).isEqualTo("ftp://host/a"));
  }

  @Test
  void optionsAreNeverPrintedWithTheirValues() {
    StorageOptions options = new StorageOptions(Map.of("access_key", "very secret"));
    assertThat(options).hasToString("StorageOptions[access_key]");
  }
}
