/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.tuple;

import io.dlioflink.storage.StorageOptions;
import io.dlioflink.storage.s3.S3Settings.Checksums;
import io.dlioflink.storage.s3.S3Settings.Client;
import io.dlioflink.storage.s3.S3Settings.Connections;
import io.dlioflink.storage.s3.S3Settings.Identity;
import io.dlioflink.storage.s3.S3Settings.LoadBalance;
import io.dlioflink.storage.s3.S3Settings.Reading;
import io.dlioflink.storage.s3.S3Settings.Writing;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class S3SettingsReaderTest {
  private static final int MIB = 1024 * 1024;
  // So that no file of the machine has a say.
  private static final Map<String, String> NO_FILES =
      Map.of("AWS_CONFIG_FILE", "/nowhere/a", "AWS_SHARED_CREDENTIALS_FILE", "/nowhere/b");

  @TempDir private Path folder;

  private static S3Settings read(Map<String, String> options, Map<String, String> environment) {
    Map<String, String> all = new HashMap<>(NO_FILES);
    all.putAll(environment);
    return S3SettingsReader.read(new StorageOptions(options), all);
  }

  private static S3Settings read(Map<String, String> options) {
    return read(options, Map.of());
  }

  @Test
  void theDefaultsAreThese() {
    assertThat(read(Map.of()))
        .isEqualTo(
            new S3Settings(
                Client.LEAN,
                new Identity.Found(
                    Optional.empty(),
                    Optional.of(Path.of("/nowhere/b")),
                    Optional.of(Path.of("/nowhere/a"))),
                "us-east-1",
                List.of(new Endpoint(URI.create("https://s3.us-east-1.amazonaws.com"), false)),
                LoadBalance.ROUND_ROBIN,
                Optional.empty(),
                8,
                Checksums.WHEN_REQUIRED,
                new Connections(
                    256, Duration.ofSeconds(5), Duration.ofSeconds(60), Duration.ofSeconds(600)),
                Optional.empty(),
                new Reading(16 * MIB, 8 * MIB),
                new Writing(OptionalInt.empty(), 64 * MIB),
                16));
  }

  @Test
  void everyOptionHasItsPlace() throws IOException {
    Path bundle = Files.writeString(folder.resolve("ca.pem"), "");
    Map<String, String> options =
        Map.ofEntries(
            Map.entry("access_key_id", "id"),
            Map.entry("secret_access_key", "secret"),
            Map.entry("session_token", "token"),
            Map.entry("region", "eu-west-3"),
            Map.entry("endpoints", "http://a:9000, https://b,c:1"),
            Map.entry("load_balance_strategy", "least_connections"),
            Map.entry("s3_force_path_style", "False"),
            Map.entry("s3_max_attempts", "7"),
            Map.entry("s3_client", "sdk"),
            Map.entry("s3_checksums", "when_supported"),
            Map.entry("s3_max_connections", "11"),
            Map.entry("s3_connect_timeout_seconds", "12"),
            Map.entry("s3_answer_timeout_seconds", "13"),
            Map.entry("s3_request_timeout_seconds", "14"),
            Map.entry("ca_bundle", bundle.toString()),
            Map.entry("s3_read_split_mib", "14"),
            Map.entry("s3_read_part_mib", "15"),
            Map.entry("s3_write_part_mib", "17"),
            Map.entry("s3_write_buffer_mib", "18"),
            Map.entry("s3_transfer_threads", "19"));
    assertThat(read(options))
        .isEqualTo(
            new S3Settings(
                Client.SDK,
                new Identity.Keys("id", "secret", Optional.of("token")),
                "eu-west-3",
                List.of(
                    new Endpoint(URI.create("http://a:9000"), true),
                    new Endpoint(URI.create("https://b"), true),
                    new Endpoint(URI.create("http://c:1"), true)),
                LoadBalance.LEAST_CONNECTIONS,
                Optional.of(false),
                7,
                Checksums.WHEN_SUPPORTED,
                new Connections(
                    11, Duration.ofSeconds(12), Duration.ofSeconds(13), Duration.ofSeconds(14)),
                Optional.of(bundle),
                new Reading(14 * MIB, 15 * MIB),
                new Writing(OptionalInt.of(17 * MIB), 18 * MIB),
                19));
  }

  @Test
  void theOptionsOfDliosFilesAreTaken() {
    S3Settings settings =
        read(
            Map.of(
                "access_key_id", "access-key",
                "secret_access_key", "secret-key",
                "endpoint_url", "http://localhost:9020",
                "region", "us-east-1",
                "s3_force_path_style", "False",
                "s3_max_attempts", "5"));
    assertThat(settings.endpoints())
        .extracting(Endpoint::name, Endpoint::isTls, Endpoint::custom)
        .containsExactly(tuple("localhost:9020", false, true));
    assertThat(settings.forcePathStyle()).contains(false);
  }

  @Test
  void anOptionWinsOverAVariable() {
    Map<String, String> environment =
        Map.of(
            "AWS_ACCESS_KEY_ID", "id",
            "AWS_SECRET_ACCESS_KEY", "secret",
            "AWS_SESSION_TOKEN", "token",
            "AWS_REGION", "eu-west-1",
            "AWS_ENDPOINT_URL", "http://all",
            "AWS_ENDPOINT_URL_S3", "http://s3:1",
            "S3_LOAD_BALANCE_STRATEGY", "least_connections");
    S3Settings settings = read(Map.of(), environment);
    assertThat(settings.identity())
        .isEqualTo(new Identity.Keys("id", "secret", Optional.of("token")));
    assertThat(settings.region()).isEqualTo("eu-west-1");
    assertThat(settings.endpoints()).extracting(Endpoint::name).containsExactly("s3:1");
    assertThat(settings.loadBalance()).isEqualTo(LoadBalance.LEAST_CONNECTIONS);

    S3Settings optioned =
        read(
            Map.of(
                "access_key_id", "id2",
                "secret_access_key", "secret2",
                "region", "eu-west-2",
                "endpoint_url", "http://mine/",
                "load_balance_strategy", "round_robin"),
            environment);
    assertThat(optioned.identity())
        .isEqualTo(new Identity.Keys("id2", "secret2", Optional.empty()));
    assertThat(optioned.region()).isEqualTo("eu-west-2");
    assertThat(optioned.endpoints()).extracting(Endpoint::name).containsExactly("mine:80");
    assertThat(optioned.loadBalance()).isEqualTo(LoadBalance.ROUND_ROBIN);
  }

  @Test
  void severalEndpointsOfTheEnvironmentWinOverOneOfIt() {
    assertThat(
            read(
                    Map.of(),
                    Map.of("S3_ENDPOINT_URIS", "http://a,http://b", "AWS_ENDPOINT_URL", "http://c"))
                .endpoints())
        .extracting(Endpoint::name)
        .containsExactly("a:80", "b:80");
  }

  @Test
  void aProfileIsReadFromTheFilesThatTheEnvironmentNames() throws IOException {
    Path config =
        Files.writeString(folder.resolve("config"), "[profile lab]\nregion = ap-south-1\n");
    Path credentials =
        Files.writeString(
            folder.resolve("credentials"),
            "[lab]\naws_access_key_id = lab-id\naws_secret_access_key = lab-secret\n");
    S3Settings settings =
        read(
            Map.of("profile", "lab"),
            Map.of(
                "AWS_CONFIG_FILE",
                config.toString(),
                "AWS_SHARED_CREDENTIALS_FILE",
                credentials.toString(),
                "AWS_ACCESS_KEY_ID",
                "other",
                "AWS_SECRET_ACCESS_KEY",
                "other"));
    assertThat(settings.region()).isEqualTo("ap-south-1");
    assertThat(Identities.provider(settings.identity()).resolveCredentials().accessKeyId())
        .isEqualTo("lab-id");
  }

  @Test
  void aDotEnvFileAddsAwsVariablesAndOverridesNone() throws IOException {
    Files.writeString(
        folder.resolve(".env"),
        """
        # comment
        AWS_ACCESS_KEY_ID=from-file
        export AWS_SECRET_ACCESS_KEY = "quoted # secret"
        AWS_REGION='eu-west-1' # here
        AWS_SESSION_TOKEN=plain # comment
        PATH=/bad
        not a line
        """);
    assertThat(DotEnv.environment(folder, Map.of("AWS_ACCESS_KEY_ID", "real", "PATH", "/bin")))
        .containsOnly(
            Map.entry("AWS_ACCESS_KEY_ID", "real"),
            Map.entry("AWS_SECRET_ACCESS_KEY", "quoted # secret"),
            Map.entry("AWS_REGION", "eu-west-1"),
            Map.entry("AWS_SESSION_TOKEN", "plain"),
            Map.entry("PATH", "/bin"));
    assertThat(DotEnv.environment(folder.resolve("none"), Map.of("a", "b")))
        .containsOnly(Map.entry("a", "b"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          s3_max_attempts | 0 | Storage option 's3_max_attempts': cannot use '0', expected a whole number from 1 to 100
          s3_max_attempts | many | Storage option 's3_max_attempts': cannot use 'many', expected a whole number from 1 to 100
          s3_force_path_style | maybe | Storage option 's3_force_path_style': cannot use 'maybe', expected true or false
          s3_client | fast | Storage option 's3_client': cannot use 'fast', expected lean or sdk
          load_balance_strategy | random | Storage option 'load_balance_strategy': cannot use 'random', expected round_robin or least_connections
          endpoint_url | ftp://a | Storage option 'endpoint_url': cannot use 'ftp://a', its scheme is neither http nor https
          endpoint_url | http://a/b | Storage option 'endpoint_url': cannot use 'http://a/b', only scheme, host and port are taken
          endpoint_url | https://me:hush@a | Storage option 'endpoint_url': cannot use 'https://***@a', a URL with a user or password is not supported
          endpoints | , | Storage option 'endpoints': cannot use ',', expected URLs of servers, separated by commas
          s3_write_part_mib | 4 | Storage option 's3_write_part_mib': cannot use '4', expected a whole number from 5 to 2047
          s3_write_part_mib | 500 | Storage option 's3_write_part_mib': cannot use '500', expected at most s3_write_buffer_mib, which is 64
          ca_bundle | /nowhere/ca.pem | Storage option 'ca_bundle': cannot use '/nowhere/ca.pem', expected a PEM file that can be read
          """)
  void aValueThatCannotBeUsedIsNamedWithWhatIsAllowed(String name, String value, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> read(Map.of(name, value)))
        .withMessage(message);
  }

  @Test
  void anUnknownOptionIsNamedWithTheOnesThatExist() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> read(Map.of("acces_key_id", "very secret")))
        .withMessageStartingWith("Unknown storage option 'acces_key_id' for s3://; known are acc")
        .withMessageContaining("access_key_id, ")
        .withMessageNotContaining("very secret");
    assertThat(read(Map.of("azure_account", "a"))).isEqualTo(read(Map.of()));
  }

  @Test
  void halfAPairOfKeysIsAnError() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> read(Map.of("access_key_id", "very secret")))
        .withMessage(
            "Storage option 'access_key_id' is set and 'secret_access_key' is not; set both, or"
                + " neither to use the AWS_* variables or a profile");
  }

  @Test
  void keysAreNeverPrinted() {
    S3Settings settings =
        read(
            Map.of(
                "access_key_id",
                "hushId",
                "secret_access_key",
                "hushKey",
                "session_token",
                "hush"));
    assertThat(settings.toString()).contains("Keys[hidden]").doesNotContain("hush");
  }

  @ParameterizedTest
  @CsvSource({
    "http://s3.lab:9000, bucket, , true",
    "http://s3.lab:9000, bucket, false, false",
    "http://127.0.0.1:9000, bucket, false, true",
    "http://[::1]:9000, bucket, false, true",
    "https://s3.lab, dotted.bucket, false, true",
    "http://s3.lab, dotted.bucket, false, false",
    "http://s3.lab, Upper_Case, false, true",
  })
  void theBucketStandsInThePathIfItCannotStandInTheHost(
      String url, String bucket, Boolean wanted, boolean expected) {
    assertThat(Endpoint.parse(url).usesPathStyle(bucket, Optional.ofNullable(wanted)))
        .isEqualTo(expected);
  }
}
