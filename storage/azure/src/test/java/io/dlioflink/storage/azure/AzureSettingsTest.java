/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.azure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.dlioflink.storage.Storage;
import io.dlioflink.storage.StorageException;
import io.dlioflink.storage.StorageException.Reason;
import io.dlioflink.storage.StorageOptions;
import io.dlioflink.storage.azure.AzureCredential.AccountKey;
import io.dlioflink.storage.azure.AzureCredential.DefaultChain;
import io.dlioflink.storage.azure.AzureCredential.SharedAccessSignature;
import io.dlioflink.storage.azure.AzureSettings.Transfer;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AzureSettingsTest {
  private static final String KEY = "c2VjcmV0";

  @Test
  void withoutAnythingTheLocationNamesTheAccountAndTheDefaultCredentialIsAsked() {
    AzureSettings settings = AzureSettings.of(Map.of(), Map.of());

    assertThat(settings.account()).isEmpty();
    assertThat(settings.endpointOf("shop")).isEqualTo("https://shop.blob.core.windows.net");
    assertThat(settings.credential()).isEqualTo(new DefaultChain());
    assertThat(settings.transfer())
        .isEqualTo(
            new Transfer(
                AzureSettings.Client.LEAN,
                8 << 20,
                8,
                8 << 20,
                8,
                5000,
                256,
                6,
                Duration.ofSeconds(60),
                Duration.ofSeconds(600),
                Duration.ofSeconds(10)));
  }

  @Test
  void everyOptionCounts() {
    AzureSettings settings =
        AzureSettings.of(
            Map.ofEntries(
                Map.entry("account_name", "shop"),
                Map.entry("account_key", KEY),
                Map.entry("endpoint_url", "https://shop.blob.core.chinacloudapi.cn/"),
                Map.entry("az_block_bytes", "1048576"),
                Map.entry("az_block_concurrency", "2"),
                Map.entry("az_range_bytes", "2097152"),
                Map.entry("az_range_concurrency", "3"),
                Map.entry("az_page_entries", "10"),
                Map.entry("az_max_connections", "4"),
                Map.entry("az_max_attempts", "5"),
                Map.entry("az_timeout_seconds", "6"),
                Map.entry("az_request_timeout_seconds", "8"),
                Map.entry("az_connect_timeout_seconds", "7"),
                Map.entry("s3_max_attempts", "of another storage")),
            Map.of());

    assertThat(settings)
        .isEqualTo(
            new AzureSettings(
                Optional.of("shop"),
                Optional.of("https://shop.blob.core.chinacloudapi.cn"),
                new AccountKey(KEY),
                new Transfer(
                    AzureSettings.Client.LEAN,
                    1 << 20,
                    2,
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
  void everyVariableCountsAfterTheOptions() {
    Map<String, String> environment =
        Map.of(
            "AZURE_STORAGE_ACCOUNT_NAME", "first",
            "AZURE_STORAGE_ACCOUNT", "second",
            "AZURE_STORAGE_KEY", KEY,
            "AZURE_STORAGE_ENDPOINT", "http://127.0.0.1:10000");

    AzureSettings settings = AzureSettings.of(Map.of(), environment);
    assertThat(settings.account()).contains("first");
    assertThat(settings.credential()).isEqualTo(new AccountKey(KEY));
    assertThat(settings.endpointOf("first")).isEqualTo("http://127.0.0.1:10000/first");

    settings =
        AzureSettings.of(Map.of("account_name", "third", "sas_token", "?sig=x"), environment);
    assertThat(settings.account()).contains("third");
    assertThat(settings.credential()).isEqualTo(new SharedAccessSignature("sig=x"));

    settings = AzureSettings.of(Map.of(), Map.of("AZURE_STORAGE_ACCOUNT", "second"));
    assertThat(settings.account()).contains("second");
    settings = AzureSettings.of(Map.of(), Map.of("AZURE_STORAGE_SAS_TOKEN", "sig=y"));
    assertThat(settings.credential()).isEqualTo(new SharedAccessSignature("sig=y"));
  }

  @Test
  void aConnectionStringHoldsAccountKeyAndEndpoint() {
    String text =
        "DefaultEndpointsProtocol=https;AccountName=shop;AccountKey=%s;EndpointSuffix=core.cloudapi.de";
    for (AzureSettings settings :
        new AzureSettings[] {
          AzureSettings.of(Map.of("connection_string", text.formatted(KEY)), Map.of()),
          AzureSettings.of(Map.of(), Map.of("AZURE_STORAGE_CONNECTION_STRING", text.formatted(KEY)))
        }) {
      assertThat(settings.account()).contains("shop");
      assertThat(settings.credential()).isEqualTo(new AccountKey(KEY));
      assertThat(settings.endpointOf("shop")).isEqualTo("https://shop.blob.core.cloudapi.de");
    }
    AzureSettings emulator =
        AzureSettings.of(Map.of("connection_string", "UseDevelopmentStorage=true"), Map.of());
    assertThat(emulator.account()).contains("devstoreaccount1");
    assertThat(emulator.endpointOf("devstoreaccount1"))
        .isEqualTo("http://127.0.0.1:10000/devstoreaccount1");
    AzureSettings signed =
        AzureSettings.of(
            Map.of(
                "connection_string",
                "BlobEndpoint=https://shop.blob.core.windows.net;SharedAccessSignature=sv=1&sig=a"),
            Map.of());
    assertThat(signed.account()).contains("shop");
    assertThat(signed.credential()).isEqualTo(new SharedAccessSignature("sv=1&sig=a"));
  }

  @ParameterizedTest
  @CsvSource({
    "https://shop.blob.core.windows.net, shop",
    "http://127.0.0.1:10000/shop, shop",
    "http://azurite:10000/shop, shop",
    "http://localhost:10000,",
  })
  void anEndpointTellsItsAccount(String endpoint, String account) {
    assertThat(AzureSettings.of(Map.of("endpoint_url", endpoint), Map.of()).account())
        .isEqualTo(Optional.ofNullable(account));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "account_name | Shop! | storage.storage_options.account_name is not the name of an account:"
            + " 'Shop!' (allowed: 3 to 24 lower-case letters and digits)",
        "account_key | not base64! | storage.storage_options.account_key is not Base64, as keys of"
            + " accounts are; its value is not shown",
        "connection_string | secret | storage.storage_options.connection_string is not a connection"
            + " string: part 1 has no '=' (expected"
            + " AccountName=...;AccountKey=...;EndpointSuffix=core.windows.net)",
        "endpoint_url | ftp://a | storage.storage_options.endpoint_url is not a blob endpoint: its"
            + " scheme is 'ftp' (allowed: https://ACCOUNT.blob.core.windows.net, or"
            + " http://HOST:PORT/ACCOUNT for an emulator)",
        "endpoint_url | https://a.b.c?sig=secret | storage.storage_options.endpoint_url is not a"
            + " blob endpoint: it has a query or a user; signatures belong into sas_token (allowed:"
            + " https://ACCOUNT.blob.core.windows.net, or http://HOST:PORT/ACCOUNT for an"
            + " emulator)",
        "az_block_bytes | 8 MiB | storage.storage_options.az_block_bytes is '8 MiB' (allowed: a"
            + " whole number from 65536 to 1073741824)",
        "az_max_attempts | 0 | storage.storage_options.az_max_attempts is '0' (allowed: a whole"
            + " number from 1 to 100)",
      })
  void aWrongOptionIsNamedWithWhatIsAllowed(String key, String value, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> AzureSettings.of(Map.of(key, value), Map.of()))
        .withMessage(message);
  }

  @Test
  void anOptionThatLooksLikeOursMustBeOurs() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> AzureSettings.of(Map.of("account_nam", "x"), Map.of()))
        .withMessageStartingWith(
            "storage.storage_options.account_nam is no option of az:// (allowed: account_key,");
  }

  @Test
  void twoCredentialsAreOneTooMany() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> AzureSettings.of(Map.of("account_key", KEY, "sas_token", "sig=x"), Map.of()))
        .withMessage(
            "Only one of these may be given: storage.storage_options.account_key,"
                + " storage.storage_options.sas_token");
  }

  @Test
  void nothingSecretIsInAText() {
    for (Map<String, String> options :
        List.of(
            Map.of("account_name", "shop", "account_key", KEY),
            Map.of("sas_token", "sv=1&sig=" + KEY),
            Map.of("connection_string", "AccountName=shop;AccountKey=" + KEY))) {
      assertThat(AzureSettings.of(options, Map.of()).toString()).doesNotContain(KEY);
    }
  }

  @Test
  void theProviderTellsAWrongOption() throws IOException {
    AzureStorageProvider provider = new AzureStorageProvider();
    Assertions.assertThatExceptionOfType(StorageException.class)
        .isThrownBy(
            () -> provider.open("az", new StorageOptions(Map.of("az_max_attempts", "many"))))
        .withMessageContaining("az_max_attempts is 'many'")
        .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.UNSUPPORTED));
    try (Storage storage = provider.open("az", StorageOptions.NONE)) {
      assertThat(storage.requests()).isPresent();
    }
  }
}
