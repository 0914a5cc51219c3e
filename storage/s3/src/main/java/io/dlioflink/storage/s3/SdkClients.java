/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.s3;

import io.dlioflink.storage.RequestTelemetry;
import io.dlioflink.storage.s3.S3Settings.Checksums;
import java.io.Closeable;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

/** The SDK's client for each endpoint, all over the same connections. They repeat nothing. */
final class SdkClients implements Closeable {
  private final S3Settings settings;
  private final AwsCredentialsProvider credentials;
  private final RequestTelemetry telemetry;
  private final SdkHttpClient connections;
  private final Map<Endpoint, S3Client> clients = new ConcurrentHashMap<>();

  SdkClients(S3Settings settings, AwsCredentialsProvider credentials, RequestTelemetry telemetry)
      throws IOException {
    this.settings = settings;
    this.credentials = credentials;
    this.telemetry = telemetry;
    this.connections = connections(settings);
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
      var trusted = TrustedAuthorities.of(settings.caBundle().get());
      builder.tlsTrustManagersProvider(() -> trusted);
    }
    return builder.build();
  }

  /** The client of an endpoint; lives as long as this. */
  S3Client of(Endpoint endpoint) {
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
            .httpClient(new MeasuredHttpClient(connections, endpoint, telemetry))
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
    clients.values().forEach(S3Client::close);
    connections.close();
  }
}
