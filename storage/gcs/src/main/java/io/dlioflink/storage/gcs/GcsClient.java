/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.gcs;

import com.google.api.client.http.apache.v2.ApacheHttpTransport;
import com.google.api.gax.retrying.RetrySettings;
import com.google.auth.Credentials;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.cloud.NoCredentials;
import com.google.cloud.http.HttpTransportOptions;
import com.google.cloud.storage.HttpStorageOptions;
import com.google.cloud.storage.Storage;
import com.google.cloud.storage.StorageOptions;
import com.google.cloud.storage.StorageRetryStrategy;
import io.dlioflink.storage.Location;
import io.dlioflink.storage.RequestTelemetry;
import io.dlioflink.storage.StorageException;
import io.dlioflink.storage.StorageException.Reason;
import io.dlioflink.storage.gcs.GcsSettings.Transfer;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.http.client.methods.CloseableHttpResponse;
import org.apache.http.client.methods.HttpDelete;

/** The client of a storage; made at first use, since credentials may have to be fetched. */
final class GcsClient implements Closeable {
  private static final Duration FIRST_RETRY_DELAY = Duration.ofMillis(500);
  private static final Duration LONGEST_RETRY_DELAY = Duration.ofSeconds(10);

  private final GcsSettings settings;
  private final GcsConnections connections;
  private volatile Storage storage;

  GcsClient(GcsSettings settings, RequestTelemetry telemetry) {
    this.settings = settings;
    this.connections = new GcsConnections(settings.transfer(), telemetry);
  }

  /** The client. */
  Storage storage(Location location) throws StorageException {
    Storage known = storage;
    if (known == null) {
      synchronized (this) {
        if (storage == null) {
          storage = newStorage(credentials(location));
        }
        known = storage;
      }
    }
    return known;
  }

  private Storage newStorage(Credentials credentials) {
    Transfer transfer = settings.transfer();
    HttpStorageOptions.Builder builder =
        StorageOptions.http()
            .setCredentials(credentials)
            .setEnableOtelMetrics(false)
            .setTransportOptions(
                HttpTransportOptions.newBuilder()
                    .setHttpTransportFactory(() -> new ApacheHttpTransport(connections.client()))
                    .setConnectTimeout((int) transfer.connectTimeout().toMillis())
                    .setReadTimeout((int) transfer.timeout().toMillis())
                    .build())
            // Objects are written whole and deleted: doing it twice does no harm.
            .setStorageRetryStrategy(StorageRetryStrategy.getUniformStorageRetryStrategy())
            .setRetrySettings(
                RetrySettings.newBuilder()
                    .setMaxAttempts(transfer.maxAttempts())
                    .setInitialRetryDelayDuration(FIRST_RETRY_DELAY)
                    .setRetryDelayMultiplier(2)
                    .setMaxRetryDelayDuration(LONGEST_RETRY_DELAY)
                    .setTotalTimeoutDuration(
                        transfer
                            .requestTimeout()
                            .plus(LONGEST_RETRY_DELAY)
                            .multipliedBy(transfer.maxAttempts()))
                    .build());
    settings.endpoint().ifPresent(builder::setHost);
    settings.project().ifPresent(builder::setProjectId);
    if (credentials instanceof NoCredentials && settings.project().isEmpty()) {
      builder.setProjectId("dlio-flink");
    }
    return builder.build().getService();
  }

  private Credentials credentials(Location location) throws StorageException {
    if (settings.credentialsFile().isPresent()) {
      try (InputStream in = Files.newInputStream(Path.of(settings.credentialsFile().get()))) {
        return GoogleCredentials.fromStream(in);
      } catch (IOException | RuntimeException e) {
        // The cause may quote the file.
        throw new StorageException(
            Reason.PERMISSION,
            location,
            "Cannot take credentials from '%s' (%s); storage.storage_options.credentials_file or"
                    .formatted(settings.credentialsFile().get(), e.getClass().getSimpleName())
                + " GOOGLE_APPLICATION_CREDENTIALS must name the JSON file of a service account");
      }
    }
    if (settings.endpoint().isPresent()) {
      return NoCredentials.getInstance();
    }
    try {
      return GoogleCredentials.getApplicationDefault();
    } catch (IOException e) {
      throw new StorageException(
          Reason.PERMISSION,
          location,
          "No credentials were found (set storage.storage_options.credentials_file or"
              + " GOOGLE_APPLICATION_CREDENTIALS, run 'gcloud auth application-default login', or"
              + " run on a machine of Google with a service account)");
    }
  }

  /** Gives up a resumable upload; its address is all that this needs. */
  void cancelUpload(String address) throws IOException {
    HttpDelete request = new HttpDelete(address);
    // The server answers 499 when it is done.
    try (CloseableHttpResponse answer = connections.client().execute(request)) {
      answer.getStatusLine();
    }
  }

  @Override
  public void close() throws IOException {
    Storage known = storage;
    if (known != null) {
      try {
        known.close();
      } catch (Exception e) {
        throw new IOException("Cannot close the client of Google Cloud Storage", e);
      }
    }
    connections.close();
  }
}
