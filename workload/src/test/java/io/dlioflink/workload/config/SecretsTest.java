/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SecretsTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "access_key_id",
        "secret_access_key",
        "session_token",
        "account_key",
        "sas_token",
        "connection_string",
        "password",
        "credentials"
      })
  void optionsOfTheseNamesAreNeverShown(String name) {
    assertThat(Secrets.maskedOption(name, "hush")).isEqualTo("'***'");
    assertThat(Secrets.maskedOverride("++workload.storage.storage_options." + name + "=hush"))
        .endsWith("=***");
  }

  @ParameterizedTest
  @CsvSource({
    "http://u:hush@h:1/p, http://***@h:1/p",
    "https://h/c?sv=2024&sig=hush&se=9, https://h/c?sv=2024&sig=***&se=9",
    "https://b/k?X-Amz-Signature=hush, https://b/k?X-Amz-Signature=***",
    "AccountName=a;AccountKey=hush==;EndpointSuffix=s,"
        + " AccountName=a;AccountKey=***;EndpointSuffix=s",
  })
  void signedPartsOfValuesAreMasked(String value, String shown) {
    assertThat(Secrets.maskUri(value)).isEqualTo(shown);
    assertThat(Secrets.maskedOption("endpoint_url", value)).doesNotContain("hush");
  }

  @Test
  void whatIsNoSecretIsShown() {
    assertThat(Secrets.maskedOption("region", "eu-1")).contains("eu-1");
    assertThat(Secrets.maskUri("s3://bucket/a=b/c?d")).isEqualTo("s3://bucket/a=b/c?d");
  }

  @Test
  void severalOptionsAtOnceAreHidden() {
    assertThat(Secrets.maskedOverride("storage.storage_options={secret_access_key: hush}"))
        .isEqualTo("storage.storage_options=***");
    assertThat(Secrets.maskedOverride("++workload.storage={storage_options: {x: hush}}"))
        .isEqualTo("++workload.storage=***");
  }
}
