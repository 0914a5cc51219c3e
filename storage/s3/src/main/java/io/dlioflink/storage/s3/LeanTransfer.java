/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.s3;

import io.dlioflink.storage.RequestTelemetry;
import io.dlioflink.storage.http.ContentRange;
import io.dlioflink.storage.http.HttpException;
import io.dlioflink.storage.http.HttpResponse;
import io.dlioflink.storage.http.UriEncoding;
import io.dlioflink.storage.s3.S3Settings.Checksums;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;

/** Moves the bytes of objects by our own HTTP, at little more than the cost of the socket. */
final class LeanTransfer implements ObjectTransfer {
  private static final int WHOLE = 200;
  private static final int PARTIAL = 206;
  private static final int RANGE_PAST_THE_END = 416;
  private static final int UNSUPPORTED = 501;

  private final SignedRequests requests;
  private final boolean checks;

  /** Opens no connection yet. */
  LeanTransfer(S3Settings settings, AwsCredentialsProvider credentials, RequestTelemetry telemetry)
      throws IOException {
    this(settings, credentials, telemetry, Clock.systemUTC(), false);
  }

  LeanTransfer(
      S3Settings settings,
      AwsCredentialsProvider credentials,
      RequestTelemetry telemetry,
      Clock clock,
      boolean signsPayload)
      throws IOException {
    requests = new SignedRequests(settings, credentials, telemetry, clock, signsPayload);
    checks = settings.checksums() == Checksums.WHEN_SUPPORTED;
  }

  @Override
  public Got get(
      Endpoint endpoint,
      ObjectKey object,
      long position,
      ByteBuffer target,
      Optional<String> ifMatch)
      throws IOException {
    HeaderLines headers = new HeaderLines();
    if (checks) {
      headers.add("x-amz-checksum-mode", "ENABLED");
    }
    String range = "bytes=" + position + "-" + (position + target.remaining() - 1);
    SignedRequest request =
        new SignedRequest("GET", "", headers, Optional.of(range), ifMatch, Optional.empty());
    int start = target.position();
    boolean good = false;
    try {
      HttpResponse response = requests.send(endpoint, object, request, target);
      Got got = received(endpoint, response, position, target, start);
      good = true;
      return got;
    } catch (RequestFailure e) {
      throw isWholeInsteadOfRange(e) ? ignoresRanges(endpoint) : e;
    } finally {
      if (!good) {
        target.position(start);
      }
    }
  }

  private static boolean isWholeInsteadOfRange(RequestFailure failure) {
    return failure.getCause() instanceof HttpException http
        && http.failure() == HttpException.Failure.TOO_LONG
        && http.status().equals(OptionalInt.of(WHOLE));
  }

  private static RequestFailure ignoresRanges(Endpoint endpoint) {
    return RequestFailure.refused(
        endpoint, RequestFailure.Answer.local(UNSUPPORTED, "the server ignores ranges of bytes"));
  }

  private Got received(
      Endpoint endpoint, HttpResponse response, long position, ByteBuffer target, int start)
      throws RequestFailure {
    Optional<ContentRange> range = response.header("Content-Range").flatMap(ContentRange::parse);
    OptionalLong total = range.map(ContentRange::totalBytes).orElse(OptionalLong.empty());
    if (response.status() == RANGE_PAST_THE_END) {
      return new Got(0, total, Optional.empty());
    }
    requireSuccess(endpoint, response);
    boolean whole = response.status() != PARTIAL;
    if (whole && position > 0) {
      throw ignoresRanges(endpoint);
    }
    long bytes = response.bodyBytes();
    if (!whole && range.isPresent() && !range.get().holds(position, bytes)) {
      throw RequestFailure.unanswered(
          endpoint,
          "%d bytes at %d received as Content-Range %s"
              .formatted(bytes, position, response.header("Content-Range").orElse("")),
          null);
    }
    if (whole || range.map(ContentRange::isWhole).orElse(false)) {
      check(endpoint, response, target.duplicate().flip().position(start));
    }
    return new Got(
        Math.toIntExact(bytes), whole ? OptionalLong.of(bytes) : total, response.header("ETag"));
  }

  private static void check(Endpoint endpoint, HttpResponse response, ByteBuffer content)
      throws RequestFailure {
    Optional<String> mismatch = ObjectChecksum.mismatch(response::header, content);
    if (mismatch.isPresent()) {
      throw RequestFailure.unanswered(endpoint, mismatch.get(), null);
    }
  }

  @Override
  public Optional<String> put(Endpoint endpoint, ObjectKey object, List<ByteBuffer> content)
      throws IOException {
    HeaderLines headers = new HeaderLines().add("content-type", "application/octet-stream");
    if (checks) {
      headers.add(ObjectChecksum.CRC32.header(), ObjectChecksum.CRC32.of(content));
    }
    return send(endpoint, object, "", headers, content).header("ETag");
  }

  @Override
  public SentPart putPart(
      Endpoint endpoint, ObjectKey object, String uploadId, int number, List<ByteBuffer> content)
      throws IOException {
    String query = "partNumber=" + number + "&uploadId=" + UriEncoding.query(uploadId);
    HeaderLines headers = new HeaderLines();
    Optional<String> crc32 =
        checks ? Optional.of(ObjectChecksum.CRC32.of(content)) : Optional.empty();
    crc32.ifPresent(value -> headers.add(ObjectChecksum.CRC32.header(), value));
    String eTag =
        send(endpoint, object, query, headers, content)
            .header("ETag")
            .orElseThrow(
                () ->
                    RequestFailure.unanswered(endpoint, "A part was answered without ETag", null));
    return new SentPart(eTag, crc32);
  }

  private HttpResponse send(
      Endpoint endpoint,
      ObjectKey object,
      String query,
      HeaderLines headers,
      List<ByteBuffer> content)
      throws IOException {
    ByteBuffer[] body = content.toArray(new ByteBuffer[0]);
    SignedRequest request =
        new SignedRequest(
            "PUT", query, headers, Optional.empty(), Optional.empty(), Optional.of(body));
    HttpResponse response = requests.send(endpoint, object, request, null);
    requireSuccess(endpoint, response);
    return response;
  }

  private static void requireSuccess(Endpoint endpoint, HttpResponse response)
      throws RequestFailure {
    if (response.isSuccess()) {
      return;
    }
    ErrorDocument error = new ErrorDocument(response.text());
    throw RequestFailure.refused(
        endpoint,
        new RequestFailure.Answer(
            response.status(),
            error.code(),
            error.message(),
            response.header("x-amz-request-id").orElse(""),
            response.header("Retry-After").flatMap(LeanTransfer::seconds),
            response.header("x-amz-bucket-region").or(error::region)));
  }

  // The other form of the header, a date, is not used by stores.
  private static Optional<Duration> seconds(String text) {
    return text.matches("\\d{1,6}")
        ? Optional.of(Duration.ofSeconds(Long.parseLong(text)))
        : Optional.empty();
  }

  @Override
  public void close() {
    requests.close();
  }
}
