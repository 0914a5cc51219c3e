/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.s3;

import io.dlioflink.storage.RequestTelemetry;
import io.dlioflink.storage.RequestWatch;
import io.dlioflink.storage.http.TrustedAuthorities;
import io.dlioflink.storage.s3.S3Settings.Checksums;
import java.io.Closeable;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** The SDK's client for each endpoint, all over the same connections. They repeat nothing. */
final class SdkClients implements Closeable {
  private static final int MAX_REDIRECTS = 3;

  private final S3Settings settings;
  private final AwsCredentialsProvider credentials;
  private final RequestTelemetry telemetry;
  private final SdkHttpClient connections;
  private final RequestWatch watch;
  private final Map<Endpoint, S3Client> clients = new ConcurrentHashMap<>();

  SdkClients(S3Settings settings, AwsCredentialsProvider credentials, RequestTelemetry telemetry)
      throws IOException {
    this.settings = settings;
    this.credentials = credentials;
    this.telemetry = telemetry;
    this.connections = connections(settings);
    this.watch = new RequestWatch("s3-watch", settings.connections().requestTimeout());
  }

  private static SdkHttpClient connections(S3Settings settings) throws IOException {
    Apache5HttpClient.Builder builder =
        Apache5HttpClient.builder()
            .maxConnections(settings.connections().max())
            .connectionTimeout(settings.connections().connectTimeout())
            .connectionAcquisitionTimeout(settings.connections().answerTimeout())
            .socketTimeout(settings.connections().answerTimeout())
            .dnsResolver(new MeasuredHttpClient.Lookups());
    if (settings.caBundle().isPresent()) {
      var trusted = TrustedAuthorities.managers(settings.caBundle().get());
      builder.tlsTrustManagersProvider(() -> trusted);
    }
    return builder.build();
  }

  /**
   * Makes a call; if a server of the user's redirects it, at the server that is named. The SDK
   * itself does that only between the regions of AWS.
   *
   * @throws SdkException as the SDK throws it
   */
  <T> T follow(Endpoint endpoint, Function<S3Client, T> call) {
    Endpoint at = endpoint;
    for (int redirects = 0; ; redirects++) {
      try {
        return call.apply(of(at));
      } catch (S3Exception e) {
        Optional<Endpoint> next =
            endpoint.custom() && redirects < MAX_REDIRECTS ? redirected(e) : Optional.empty();
        if (next.isEmpty()) {
          throw e;
        }
        at = next.get();
      }
    }
  }

  /** {@link #follow}, with failures as those of a request. */
  <T> T call(Endpoint endpoint, Function<S3Client, T> call) throws IOException {
    return SdkFailures.translated(endpoint, () -> follow(endpoint, call));
  }

  private static Optional<Endpoint> redirected(S3Exception e) {
    boolean isElsewhere = e.statusCode() == 301 || e.statusCode() == 307 || e.statusCode() == 308;
    return isElsewhere && e.awsErrorDetails() != null
        ? Optional.ofNullable(e.awsErrorDetails().sdkHttpResponse())
            .flatMap(answer -> answer.firstMatchingHeader("Location"))
            .flatMap(Endpoint::ofLocation)
        : Optional.empty();
  }

  private S3Client of(Endpoint endpoint) {
    S3Client known = clients.get(endpoint);
    return known == null ? clients.computeIfAbsent(endpoint, this::client) : known;
  }

  private S3Client client(Endpoint endpoint) {
    S3ClientBuilder builder =
        S3Client.builder()
            .region(Region.of(settings.region()))
            .credentialsProvider(credentials)
            .forcePathStyle(settings.forcePathStyle().orElse(endpoint.custom()))
            .requestChecksumCalculation(
                settings.checksums() == Checksums.WHEN_REQUIRED
                    ? RequestChecksumCalculation.WHEN_REQUIRED
                    : RequestChecksumCalculation.WHEN_SUPPORTED)
            .responseChecksumValidation(
                settings.checksums() == Checksums.WHEN_REQUIRED
                    ? ResponseChecksumValidation.WHEN_REQUIRED
                    : ResponseChecksumValidation.WHEN_SUPPORTED)
            .httpClient(new MeasuredHttpClient(connections, endpoint, telemetry, watch))
            .overrideConfiguration(
                override -> override.retryStrategy(AwsRetryStrategy.doNotRetry()));
    if (endpoint.custom()) {
      builder.endpointOverride(endpoint.uri());
    } else {
      builder.crossRegionAccessEnabled(true);
    }
    return builder.build();
  }

  @Override
  public void close() {
    watch.close();
    clients.values().forEach(S3Client::close);
    connections.close();
  }
}
