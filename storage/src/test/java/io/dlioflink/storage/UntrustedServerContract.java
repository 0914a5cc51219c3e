/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.dlioflink.storage.StorageException.Reason;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * TLS with a server whose certificate the test makes. What a JVM trusts is fixed at its first use,
 * so a back end that knows no authorities but those can only refuse it.
 */
public abstract class UntrustedServerContract {
  @TempDir private Path folder;

  /** A file there. */
  protected abstract Location file();

  /**
   * The storage.
   *
   * @param endpoint {@code https://127.0.0.1:port}
   */
  protected abstract Storage open(String endpoint);

  @Test
  protected void aCertificateThatNobodyVouchesForIsRefused() throws Exception {
    HttpsServer server =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(
        new HttpsConfigurator(LoopbackCertificate.make(folder, "ip:127.0.0.1").context()));
    server.start();
    try (Storage storage = open("https://127.0.0.1:" + server.getAddress().getPort())) {
      assertThatExceptionOfType(StorageException.class)
          .isThrownBy(() -> storage.stat(file()))
          .withMessageContaining("unable to find valid certification path")
          .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.UNAVAILABLE));
    } finally {
      server.stop(0);
    }
  }
}
