/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.s3;

import io.dlioflink.storage.StorageOptions;
import io.dlioflink.storage.s3.S3Settings.Checksums;
import io.dlioflink.storage.s3.S3Settings.Client;
import io.dlioflink.storage.s3.S3Settings.Connections;
import io.dlioflink.storage.s3.S3Settings.Identity;
import io.dlioflink.storage.s3.S3Settings.LoadBalance;
import io.dlioflink.storage.s3.S3Settings.Reading;
import io.dlioflink.storage.s3.S3Settings.Writing;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.regions.PartitionMetadata;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.AwsProfileRegionProvider;

/** Makes settings of options and environment: an option wins, then a variable, then the default. */
final class S3SettingsReader {
  private static final int MIB = 1024 * 1024;
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(60);
  private static final Duration REQUEST_TIMEOUT = Duration.ofMinutes(10);
  private static final String DEFAULT_REGION = "us-east-1";
  private static final int DEFAULT_ATTEMPTS = 8;

  private final S3Options options;

  private S3SettingsReader(S3Options options) {
    this.options = options;
  }

  /**
   * Reads all settings.
   *
   * @throws IllegalArgumentException if an option is unknown or has a value that cannot be used
   */
  static S3Settings read(StorageOptions options, Map<String, String> environment) {
    return new S3SettingsReader(new S3Options(options.values(), environment)).settings();
  }

  private S3Settings settings() {
    Identity identity = identity();
    String region = region(identity);
    return new S3Settings(
        options
            .text(S3Options.CLIENT, S3Options.CLIENT_SHORT)
            .map(value -> S3Options.choice(S3Options.CLIENT, value, Client.class))
            .orElse(Client.LEAN),
        identity,
        region,
        endpoints(region),
        loadBalance(),
        options.flag(S3Options.FORCE_PATH_STYLE),
        options.number(S3Options.MAX_ATTEMPTS, 1, 100).orElse(DEFAULT_ATTEMPTS),
        options
            .text(S3Options.CHECKSUMS)
            .map(value -> S3Options.choice(S3Options.CHECKSUMS, value, Checksums.class))
            .orElse(Checksums.WHEN_REQUIRED),
        new Connections(
            options.number(S3Options.MAX_CONNECTIONS, 1, 65_536).orElse(256),
            seconds(S3Options.CONNECT_TIMEOUT, CONNECT_TIMEOUT),
            seconds(S3Options.ANSWER_TIMEOUT, ANSWER_TIMEOUT),
            seconds(S3Options.REQUEST_TIMEOUT, REQUEST_TIMEOUT)),
        caBundle(),
        new Reading(
            options.number(S3Options.READ_SPLIT, 1, 2047).orElse(16) * MIB,
            options.number(S3Options.READ_PART, 1, 2047).orElse(8) * MIB),
        writing(),
        options.number(S3Options.THREADS, 1, 1024).orElse(16));
  }

  private Writing writing() {
    int bufferMib = options.number(S3Options.WRITE_BUFFER, 16, 1 << 20).orElse(64);
    Optional<Integer> partMib = options.number(S3Options.WRITE_PART, 5, 2047);
    partMib
        .filter(mib -> mib > bufferMib)
        .ifPresent(
            mib -> {
              throw S3Options.bad(
                  S3Options.WRITE_PART,
                  mib.toString(),
                  "at most %s, which is %d".formatted(S3Options.WRITE_BUFFER, bufferMib));
            });
    return new Writing(
        partMib.map(mib -> OptionalInt.of(mib * MIB)).orElse(OptionalInt.empty()),
        (long) bufferMib * MIB);
  }

  private Duration seconds(String name, Duration otherwise) {
    return options.number(name, 1, 86_400).map(Duration::ofSeconds).orElse(otherwise);
  }

  private Identity identity() {
    if (options.flag(S3Options.ANONYMOUS).orElse(false)) {
      return new Identity.Anonymous();
    }
    Optional<String> id = options.text(S3Options.ACCESS_KEY_ID);
    Optional<String> secret = options.text(S3Options.SECRET_ACCESS_KEY);
    if (id.isPresent() != secret.isPresent()) {
      throw new IllegalArgumentException(
          "Storage option '%s' is set and '%s' is not; set both, or neither to use the AWS_*"
                  .formatted(
                      id.isPresent() ? S3Options.ACCESS_KEY_ID : S3Options.SECRET_ACCESS_KEY,
                      id.isPresent() ? S3Options.SECRET_ACCESS_KEY : S3Options.ACCESS_KEY_ID)
              + " variables or a profile");
    }
    if (id.isPresent()) {
      return new Identity.Keys(id.get(), secret.get(), options.text(S3Options.SESSION_TOKEN));
    }
    Optional<String> profile = options.text(S3Options.PROFILE);
    Optional<String> idVariable = options.variable("AWS_ACCESS_KEY_ID");
    Optional<String> secretVariable = options.variable("AWS_SECRET_ACCESS_KEY");
    if (profile.isEmpty() && idVariable.isPresent() && secretVariable.isPresent()) {
      return new Identity.Keys(
          idVariable.get(), secretVariable.get(), options.variable("AWS_SESSION_TOKEN"));
    }
    return new Identity.Found(
        profile.or(() -> options.variable("AWS_PROFILE")),
        options.variable("AWS_SHARED_CREDENTIALS_FILE").map(Path::of),
        options.variable("AWS_CONFIG_FILE").map(Path::of));
  }

  private String region(Identity identity) {
    return options
        .text(S3Options.REGION)
        .or(() -> options.variable("AWS_REGION", "AWS_DEFAULT_REGION"))
        .or(() -> profileRegion(identity))
        .orElse(DEFAULT_REGION);
  }

  // The SDK's whole chain would end with a request to a server that only machines of EC2 have.
  private static Optional<String> profileRegion(Identity identity) {
    if (!(identity instanceof Identity.Found found)) {
      return Optional.empty();
    }
    try {
      return Optional.ofNullable(
              found.profile().isPresent() || found.configFile().isPresent()
                  ? new AwsProfileRegionProvider(
                          () -> Identities.profiles(found),
                          found.profile().orElse(Identities.DEFAULT_PROFILE))
                      .getRegion()
                  : new AwsProfileRegionProvider().getRegion())
          .map(Region::id);
    } catch (SdkException e) {
      return Optional.empty();
    }
  }

  private List<Endpoint> endpoints(String region) {
    Optional<String> several =
        options.text(S3Options.ENDPOINTS).or(() -> options.variable("S3_ENDPOINT_URIS"));
    Optional<String> one = options.text(S3Options.ENDPOINT_URL);
    if (several.isPresent() && (options.text(S3Options.ENDPOINTS).isPresent() || one.isEmpty())) {
      List<Endpoint> endpoints =
          Arrays.stream(several.get().split(",", -1))
              .map(String::strip)
              .filter(url -> !url.isEmpty())
              .map(url -> S3Options.parsed(S3Options.ENDPOINTS, url, Endpoint::parse))
              .distinct()
              .toList();
      if (endpoints.isEmpty()) {
        throw S3Options.bad(
            S3Options.ENDPOINTS, several.get(), "URLs of servers, separated by commas");
      }
      return endpoints;
    }
    return one.or(() -> options.variable("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL"))
        .map(url -> List.of(S3Options.parsed(S3Options.ENDPOINT_URL, url, Endpoint::parse)))
        .orElseGet(() -> List.of(new Endpoint(ofAws(region), false)));
  }

  private static URI ofAws(String region) {
    return URI.create(
        "https://s3.%s.%s".formatted(region, PartitionMetadata.of(Region.of(region)).dnsSuffix()));
  }

  private LoadBalance loadBalance() {
    return options
        .text(S3Options.LOAD_BALANCE)
        .or(() -> options.variable("S3_LOAD_BALANCE_STRATEGY"))
        .map(value -> S3Options.choice(S3Options.LOAD_BALANCE, value, LoadBalance.class))
        .orElse(LoadBalance.ROUND_ROBIN);
  }

  private Optional<Path> caBundle() {
    Optional<Path> file =
        options.text(S3Options.CA_BUNDLE).or(() -> options.variable("AWS_CA_BUNDLE")).map(Path::of);
    file.filter(path -> !Files.isReadable(path))
        .ifPresent(
            path -> {
              throw S3Options.bad(
                  S3Options.CA_BUNDLE, path.toString(), "a PEM file that can be read");
            });
    return file;
  }
}
