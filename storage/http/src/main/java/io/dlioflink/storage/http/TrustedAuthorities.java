/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.http;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/** Trust in the certificate authorities of a PEM file, and in no others. */
public final class TrustedAuthorities {
  private static final Pattern CERTIFICATE =
      Pattern.compile("-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----");

  private TrustedAuthorities() {}

  /**
   * A context that trusts them alone.
   *
   * @throws IOException if the file cannot be read, or holds no certificate
   */
  static SSLContext context(Path pem) throws IOException {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, managers(pem), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw unusable(pem, e);
    }
  }

  /**
   * What decides whether a server is trusted.
   *
   * @throws IOException if the file cannot be read, or holds no certificate
   */
  public static TrustManager[] managers(Path pem) throws IOException {
    Matcher certificates = CERTIFICATE.matcher(Files.readString(pem, StandardCharsets.ISO_8859_1));
    try {
      KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
      trusted.load(null, null);
      CertificateFactory factory = CertificateFactory.getInstance("X.509");
      while (certificates.find()) {
        byte[] certificate = certificates.group().getBytes(StandardCharsets.US_ASCII);
        trusted.setCertificateEntry(
            "ca-" + trusted.size(),
            factory.generateCertificate(new ByteArrayInputStream(certificate)));
      }
      if (trusted.size() == 0) {
        throw new IOException("No certificate (PEM) in the CA bundle " + pem);
      }
      TrustManagerFactory managers =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      managers.init(trusted);
      return managers.getTrustManagers();
    } catch (GeneralSecurityException e) {
      throw unusable(pem, e);
    }
  }

  private static IOException unusable(Path pem, GeneralSecurityException cause) {
    return new IOException("The CA bundle %s cannot be used".formatted(pem), cause);
  }
}
