/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.s3;

import io.dlioflink.storage.s3.S3Settings.Identity.Keys;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.DigestException;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * AWS Signature Version 4 in the Authorization header. Keeps its digests and the key of the day, so
 * that a signature costs two hashes of some hundred bytes; for one thread.
 */
final class RequestSigner {
  /** In place of the hash of a body that is not signed. */
  static final String UNSIGNED_PAYLOAD = "UNSIGNED-PAYLOAD";

  /** SHA-256 of nothing. */
  static final String EMPTY_PAYLOAD =
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

  private static final String ALGORITHM = "AWS4-HMAC-SHA256";
  private static final String MAC = "HmacSHA256";
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final int DATE_LENGTH = 8;

  private final String service;
  private final MessageDigest sha256;
  private final Mac mac;
  private final AsciiText text = new AsciiText();
  private final byte[] hash = new byte[32];

  // What the key of the Mac was made from.
  private Keys keys;
  private String date = "";
  private String region = "";
  private String scope = "";

  private long second = Long.MIN_VALUE;
  private String time = "";

  /**
   * A signer.
   *
   * @param service e.g. {@code s3}
   */
  RequestSigner(String service) {
    this.service = service;
    try {
      sha256 = MessageDigest.getInstance("SHA-256");
      mac = Mac.getInstance(MAC);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has these", e);
    }
  }

  /** The value of {@code x-amz-date}. */
  String time(Instant now) {
    if (now.getEpochSecond() != second) {
      second = now.getEpochSecond();
      time = TIME.format(now);
    }
    return time;
  }

  /** The hash of a body, in hexadecimal. */
  String payloadHash(List<ByteBuffer> body) {
    sha256.reset();
    body.forEach(part -> sha256.update(part.duplicate()));
    finish(sha256);
    return text.clear().appendHex(hash).toString();
  }

  /**
   * The value of the Authorization header.
   *
   * @param time as {@link #time} gave it and {@code x-amz-date} has it
   * @param path encoded
   * @param query encoded, its parameters sorted; empty without one
   * @param headers to be signed; must hold {@code host} and {@code x-amz-date}
   * @param payload hash of the body, or {@link #UNSIGNED_PAYLOAD}
   */
  String authorization(
      Keys keys,
      String region,
      String time,
      String method,
      String path,
      String query,
      HeaderLines headers,
      String payload) {
    useKey(keys, time.substring(0, DATE_LENGTH), region);
    text.clear().append(method).append('\n').append(path).append('\n').append(query).append('\n');
    for (int i = 0; i < headers.count(); i++) {
      text.append(headers.name(i)).append(':').append(headers.value(i)).append('\n');
    }
    text.append('\n');
    appendNames(headers);
    text.append('\n').append(payload);
    sha256.reset();
    sha256.update(text.bytes(), 0, text.length());
    finish(sha256);
    text.clear().append(ALGORITHM).append('\n').append(time).append('\n').append(scope);
    text.append('\n').appendHex(hash);
    mac.update(text.bytes(), 0, text.length());
    byte[] signature = mac.doFinal();
    text.clear().append(ALGORITHM).append(" Credential=").append(keys.accessKeyId());
    text.append('/').append(scope).append(", SignedHeaders=");
    appendNames(headers);
    return text.append(", Signature=").appendHex(signature).toString();
  }

  private void finish(MessageDigest digest) {
    try {
      digest.digest(hash, 0, hash.length);
    } catch (DigestException e) {
      throw new IllegalStateException("A SHA-256 has 32 bytes", e);
    }
  }

  private void appendNames(HeaderLines headers) {
    for (int i = 0; i < headers.count(); i++) {
      if (i > 0) {
        text.append(';');
      }
      text.append(headers.name(i));
    }
  }

  private void useKey(Keys wanted, String wantedDate, String wantedRegion) {
    if (wanted.equals(keys) && wantedDate.equals(date) && wantedRegion.equals(region)) {
      return;
    }
    byte[] key = ("AWS4" + wanted.secretAccessKey()).getBytes(StandardCharsets.UTF_8);
    for (String part : List.of(wantedDate, wantedRegion, service, "aws4_request")) {
      setKey(key);
      Arrays.fill(key, (byte) 0);
      key = mac.doFinal(part.getBytes(StandardCharsets.UTF_8));
    }
    setKey(key);
    keys = wanted;
    date = wantedDate;
    region = wantedRegion;
    scope = "%s/%s/%s/aws4_request".formatted(date, region, service);
  }

  private void setKey(byte[] key) {
    try {
      mac.init(new SecretKeySpec(key, MAC));
    } catch (InvalidKeyException e) {
      throw new IllegalStateException("Any bytes are a key", e);
    }
  }
}
