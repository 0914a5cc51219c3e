/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.s3;

import io.dlioflink.storage.Storage;
import io.dlioflink.storage.StorageOptions;
import io.dlioflink.storage.StorageProvider;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;

/**
 * {@code s3://bucket/prefix}: Amazon S3 and stores that speak its protocol. {@code docs/storage.md}
 * has the options. A bucket is never made and never removed.
 */
public final class S3StorageProvider implements StorageProvider {

  /** For the service loader. */
  public S3StorageProvider() {}

  @Override
  public Set<String> schemes() {
    return Set.of("s3");
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException if an option is unknown or has a value that cannot be used
   */
  @Override
  public Storage open(String scheme, StorageOptions options) throws IOException {
    S3Settings settings =
        S3SettingsReader.read(options, DotEnv.environment(Path.of(""), System.getenv()));
    return new S3Storage(
        settings,
        switch (settings.client()) {
          case SDK -> (clients, credentials, telemetry) -> new SdkTransfer(clients);
          case LEAN ->
              (clients, credentials, telemetry) ->
                  new LeanTransfer(settings, credentials, telemetry);
        });
  }
}
