/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import javax.net.ServerSocketFactory;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * A certificate for a name of this host that nobody signed.
 *
 * @param context of a server that shows it
 * @param caBundle PEM file by which a client trusts it
 */
public record LoopbackCertificate(SSLContext context, Path caBundle) {
  private static final char[] PASSWORD = "only-for-tests".toCharArray();

  /** One for {@code localhost}. */
  public static LoopbackCertificate make(Path folder)
      throws IOException, InterruptedException, GeneralSecurityException {
    return make(folder, "dns:localhost");
  }

  /**
   * Makes one with the JDK's keytool.
   *
   * @param name e.g. {@code ip:127.0.0.1}
   */
  public static LoopbackCertificate make(Path folder, String name)
      throws IOException, InterruptedException, GeneralSecurityException {
    Path store = folder.resolve("keys.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "server",
                "-keyalg",
                "EC",
                "-dname",
                "CN=of a test",
                "-ext",
                "san=" + name,
                "-validity",
                "2",
                "-storetype",
                "PKCS12",
                "-storepass",
                new String(PASSWORD),
                "-keystore",
                store.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (keytool.waitFor() != 0) {
      throw new IOException("keytool made no certificate: " + said);
    }
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD);
    }
    String certificate =
        Base64.getMimeEncoder().encodeToString(keys.getCertificate("server").getEncoded());
    Path caBundle =
        Files.writeString(
            folder.resolve("ca.pem"),
            "# ours\n-----BEGIN CERTIFICATE-----\n%s\n-----END CERTIFICATE-----\n"
                .formatted(certificate));
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, PASSWORD);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    return new LoopbackCertificate(context, caBundle);
  }

  /** The sockets of a server that shows it. */
  public ServerSocketFactory sockets() {
    return context.getServerSocketFactory();
  }
}
