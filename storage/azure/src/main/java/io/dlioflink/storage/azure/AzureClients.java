/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.azure;

import com.azure.core.http.HttpClient;
import com.azure.core.http.netty.NettyAsyncHttpClientBuilder;
import com.azure.identity.DefaultAzureCredentialBuilder;
import com.azure.storage.blob.BlobContainerAsyncClient;
import com.azure.storage.blob.BlobServiceAsyncClient;
import com.azure.storage.blob.BlobServiceClientBuilder;
import com.azure.storage.common.StorageSharedKeyCredential;
import com.azure.storage.common.policy.RequestRetryOptions;
import com.azure.storage.common.policy.RetryPolicyType;
import io.dlioflink.storage.Location;
import io.dlioflink.storage.RequestTelemetry;
import io.dlioflink.storage.StorageException;
import io.dlioflink.storage.StorageException.Reason;
import io.dlioflink.storage.azure.AzureCredential.AccountKey;
import io.dlioflink.storage.azure.AzureCredential.DefaultChain;
import io.dlioflink.storage.azure.AzureCredential.SharedAccessSignature;
import io.dlioflink.storage.azure.AzureSettings.Transfer;
import io.netty.util.AttributeKey;
import java.io.Closeable;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import reactor.netty.Connection;
import reactor.netty.resources.ConnectionProvider;
import reactor.netty.resources.LoopResources;

/** The clients of a storage, on connections and threads of its own. */
final class AzureClients implements Closeable {
  private static final AttributeKey<Long> CONNECT_STARTED =
      AttributeKey.valueOf("dlio-flink-connect-started");
  static final Duration FIRST_RETRY_DELAY = Duration.ofMillis(500);
  static final Duration LONGEST_RETRY_DELAY = Duration.ofSeconds(10);

  private final AzureSettings settings;
  private final RequestTelemetry telemetry;
  private final ConnectionProvider connections;
  private final LoopResources threads;
  private final HttpClient http;
  private final Map<String, BlobServiceAsyncClient> services = new ConcurrentHashMap<>();
  private final Map<String, BlobContainerAsyncClient> containers = new ConcurrentHashMap<>();

  AzureClients(AzureSettings settings, RequestTelemetry telemetry) {
    this.settings = settings;
    this.telemetry = telemetry;
    Transfer transfer = settings.transfer();
    this.connections =
        ConnectionProvider.builder("dlio-flink-az")
            .maxConnections(transfer.maxConnections())
            .pendingAcquireMaxCount(-1)
            .pendingAcquireTimeout(transfer.timeout())
            .lifo()
            .build();
    this.threads =
        LoopResources.create(
            "dlio-flink-az", Math.max(2, Runtime.getRuntime().availableProcessors()), true);
    this.http =
        new NettyAsyncHttpClientBuilder(
                reactor.netty.http.client.HttpClient.create(connections)
                    .runOn(threads, false)
                    .doOnChannelInit(
                        (observer, channel, address) ->
                            channel.attr(CONNECT_STARTED).set(System.nanoTime()))
                    .doOnConnected(this::connected))
            // What arrives is copied once, into the caller's buffer.
            .disableBufferCopy(true)
            .connectTimeout(transfer.connectTimeout())
            .responseTimeout(transfer.timeout())
            .readTimeout(transfer.timeout())
            .writeTimeout(transfer.timeout())
            .build();
  }

  private void connected(Connection connection) {
    Long started = connection.channel().attr(CONNECT_STARTED).getAndSet(null);
    if (started != null
        && connection.channel().remoteAddress() instanceof InetSocketAddress address) {
      telemetry.connected(
          address.getHostString() + ":" + address.getPort(), System.nanoTime() - started);
    }
  }

  /** The client of a container. */
  BlobContainerAsyncClient container(Location location, BlobAddress address)
      throws StorageException {
    String key = address.account() + "/" + address.container();
    BlobContainerAsyncClient known = containers.get(key);
    if (known == null) {
      known = service(location, address.account()).getBlobContainerAsyncClient(address.container());
      containers.put(key, known);
    }
    return known;
  }

  private BlobServiceAsyncClient service(Location location, String account)
      throws StorageException {
    BlobServiceAsyncClient known = services.get(account);
    if (known == null) {
      try {
        known = newService(account);
      } catch (RuntimeException e) {
        throw new StorageException(
            Reason.UNSUPPORTED,
            location,
            "No client can be made for account '%s' at %s (%s)"
                .formatted(account, settings.endpointOf(account), e.getMessage()));
      }
      services.put(account, known);
    }
    return known;
  }

  private BlobServiceAsyncClient newService(String account) {
    String endpoint = settings.endpointOf(account);
    Transfer transfer = settings.transfer();
    BlobServiceClientBuilder builder =
        new BlobServiceClientBuilder()
            .endpoint(endpoint)
            .httpClient(http)
            .retryOptions(
                new RequestRetryOptions(
                    RetryPolicyType.EXPONENTIAL,
                    transfer.maxAttempts(),
                    transfer.timeout(),
                    FIRST_RETRY_DELAY,
                    LONGEST_RETRY_DELAY,
                    null))
            .addPolicy(new RequestMeter(telemetry, transfer.requestTimeout()));
    AzureCredential credential = settings.credential();
    if (credential instanceof AccountKey key) {
      builder.credential(new StorageSharedKeyCredential(account, key.key()));
    } else if (credential instanceof SharedAccessSignature signature) {
      builder.sasToken(signature.token());
    } else if (credential instanceof DefaultChain) {
      if (endpoint.startsWith("http://")) {
        throw new IllegalArgumentException(
            "no key is set, and a token is not sent without TLS; set"
                + " storage.storage_options.account_key or AZURE_STORAGE_KEY");
      }
      builder.credential(new DefaultAzureCredentialBuilder().httpClient(http).build());
    }
    return builder.buildAsyncClient();
  }

  @Override
  public void close() {
    connections.disposeLater().block();
    threads.disposeLater(Duration.ZERO, Duration.ofSeconds(5)).block();
  }
}
