/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.azure;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.Locale;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs requests with the key of an account ("Authorize with Shared Key", for the Blob service from
 * version 2015-02-21 on). For one thread.
 */
final class SharedKeySigner {
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US)
          .withZone(ZoneOffset.UTC);

  private final String account;
  private final Mac mac;
  private final StringBuilder text = new StringBuilder(256);
  private long second = Long.MIN_VALUE;
  private String date = "";

  /**
   * A signer.
   *
   * @param key Base64
   */
  SharedKeySigner(String account, String key) {
    this.account = account;
    try {
      mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(Base64.getDecoder().decode(key), "HmacSHA256"));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("The JDK offers no HMAC-SHA256 with this key", e);
    }
  }

  /** A time as {@code x-ms-date} has it. */
  String date(Instant now) {
    if (now.getEpochSecond() != second) {
      second = now.getEpochSecond();
      date = DATE.format(now);
    }
    return date;
  }

  /**
   * What of a request is signed.
   *
   * @param path as it stands in the request, without a query
   * @param bodyBytes of the request
   * @param contentType empty if there is none; likewise the next two
   * @param msHeaders lines {@code name:value}, each with a line feed, of all headers that begin
   *     with {@code x-ms-}, by name
   */
  record Signed(
      String method,
      String path,
      long bodyBytes,
      String contentType,
      String ifMatch,
      String range,
      String msHeaders) {

    /** This with other headers that begin with {@code x-ms-}. */
    Signed withMsHeaders(String headers) {
      return new Signed(method, path, bodyBytes, contentType, ifMatch, range, headers);
    }
  }

  /** The value of the Authorization header. */
  String authorization(Signed request) {
    text.setLength(0);
    // Content-Encoding and Content-Language are empty, as are Content-MD5 and Date further on.
    text.append(request.method()).append("\n\n\n");
    if (request.bodyBytes() > 0) {
      text.append(request.bodyBytes());
    }
    text.append("\n\n").append(request.contentType()).append("\n\n\n");
    text.append(request.ifMatch()).append("\n\n\n").append(request.range()).append('\n');
    text.append(request.msHeaders()).append('/').append(account).append(request.path());
    byte[] signature = mac.doFinal(text.toString().getBytes(StandardCharsets.UTF_8));
    return "SharedKey " + account + ":" + Base64.getEncoder().encodeToString(signature);
  }
}
