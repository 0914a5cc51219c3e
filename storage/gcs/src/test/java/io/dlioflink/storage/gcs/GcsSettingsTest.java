/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.gcs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.dlioflink.storage.Storage;
import io.dlioflink.storage.StorageException;
import io.dlioflink.storage.StorageException.Reason;
import io.dlioflink.storage.StorageOptions;
import io.dlioflink.storage.gcs.GcsSettings.Transfer;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GcsSettingsTest {
  private static final Transfer STANDARD =
      new Transfer(
          16 << 20,
          8 << 20,
          8,
          1000,
          256,
          6,
          Duration.ofSeconds(60),
          Duration.ofSeconds(600),
          Duration.ofSeconds(10));

  @Test
  void withoutAnythingGoogleIsAskedWithTheDefaultCredentials() {
    assertThat(GcsSettings.of(Map.of(), Map.of()))
        .isEqualTo(new GcsSettings(Optional.empty(), Optional.empty(), Optional.empty(), STANDARD));
  }

  @Test
  void everyOptionCounts() {
    assertThat(
            GcsSettings.of(
                Map.ofEntries(
                    Map.entry("endpoint_url", "http://host:1/"),
                    Map.entry("credentials_file", "/key.json"),
                    Map.entry("project", "shop"),
                    Map.entry("gs_chunk_bytes", "262144"),
                    Map.entry("gs_range_bytes", "2097152"),
                    Map.entry("gs_range_concurrency", "3"),
                    Map.entry("gs_page_entries", "10"),
                    Map.entry("gs_max_connections", "4"),
                    Map.entry("gs_max_attempts", "5"),
                    Map.entry("gs_timeout_seconds", "6"),
                    Map.entry("gs_request_timeout_seconds", "8"),
                    Map.entry("gs_connect_timeout_seconds", "7"),
                    Map.entry("s3_max_attempts", "of another storage")),
                Map.of(
                    "STORAGE_EMULATOR_HOST", "other:2",
                    "GOOGLE_APPLICATION_CREDENTIALS", "/other.json",
                    "GOOGLE_CLOUD_PROJECT", "other")))
        .isEqualTo(
            new GcsSettings(
                Optional.of("http://host:1"),
                Optional.of("/key.json"),
                Optional.of("shop"),
                new Transfer(
                    262_144,
                    2 << 20,
                    3,
                    10,
                    4,
                    5,
                    Duration.ofSeconds(6),
                    Duration.ofSeconds(8),
                    Duration.ofSeconds(7))));
  }

  @Test
  void everyVariableCounts() {
    Map<String, String> environment =
        Map.of(
            "STORAGE_EMULATOR_HOST", "localhost:9000",
            "GOOGLE_APPLICATION_CREDENTIALS", "/key.json",
            "GCLOUD_PROJECT", "shop");
    assertThat(GcsSettings.of(Map.of(), environment))
        .isEqualTo(
            new GcsSettings(
                Optional.of("http://localhost:9000"),
                Optional.of("/key.json"),
                Optional.of("shop"),
                STANDARD));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "endpoint_url | ftp://a | storage.storage_options.endpoint_url is not an endpoint (allowed:"
            + " http://HOST:PORT or https://HOST, without user or query)",
        "gs_chunk_bytes | 300000 | storage.storage_options.gs_chunk_bytes is '300000' (allowed: a"
            + " multiple of 262144)",
        "gs_range_bytes | 8 MiB | storage.storage_options.gs_range_bytes is '8 MiB' (allowed: a"
            + " whole number from 65536 to 1073741824)",
        "gs_max_attempts | 0 | storage.storage_options.gs_max_attempts is '0' (allowed: a whole"
            + " number from 1 to 100)",
      })
  void aWrongOptionIsNamedWithWhatIsAllowed(String key, String value, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> GcsSettings.of(Map.of(key, value), Map.of()))
        .withMessage(message);
  }

  @Test
  void anOptionThatLooksLikeOursMustBeOurs() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> GcsSettings.of(Map.of("gs_chunk", "x"), Map.of()))
        .withMessageStartingWith(
            "storage.storage_options.gs_chunk is no option of gs:// (allowed: credentials_file,");
  }

  @Test
  void theProviderTellsAWrongOption() throws IOException {
    GcsStorageProvider provider = new GcsStorageProvider();
    assertThatExceptionOfType(StorageException.class)
        .isThrownBy(
            () -> provider.open("gs", new StorageOptions(Map.of("gs_max_attempts", "many"))))
        .withMessageContaining("gs_max_attempts is 'many'")
        .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.UNSUPPORTED));
    try (Storage storage = provider.open("gs", StorageOptions.NONE)) {
      assertThat(storage.requests()).isPresent();
    }
  }
}
