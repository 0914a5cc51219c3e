/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.dlioflink.storage.EndpointCounts;
import io.dlioflink.storage.LoopbackCertificate;
import io.dlioflink.storage.RequestTelemetry;
import io.dlioflink.storage.StorageOptions;
import io.dlioflink.storage.http.Fault;
import io.dlioflink.storage.http.FaultProxy;
import io.dlioflink.storage.http.ObjectOrigin;
import io.dlioflink.storage.http.WireMessage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One attempt at a time, against a server that does what the test says. */
@Timeout(value = 20, unit = TimeUnit.SECONDS)
final class LeanTransferTest {
  private static final String SECRET = "a-secret-of-the-test";
  private static final ObjectKey OBJECT = new ObjectKey("bucket", "some key");
  private static final String PATH = "/bucket/some%20key";

  private final byte[] content = new byte[100_000];
  private final ObjectOrigin origin = new ObjectOrigin().with(PATH, content);
  private final RequestTelemetry telemetry = new RequestTelemetry();
  private final ByteBuffer target = ByteBuffer.allocateDirect(content.length + 20);
  private FaultProxy server;
  private Endpoint endpoint;
  private ObjectTransfer transfer;

  @BeforeEach
  void start() throws IOException {
    new Random(1).nextBytes(content);
    server = FaultProxy.of(origin);
    endpoint = Endpoint.parse(server.uri().toString());
    transfer = transfer(Map.of(), false);
    target.position(10).limit(10 + content.length);
  }

  private ObjectTransfer transfer(Map<String, String> more, boolean signsPayload)
      throws IOException {
    Map<String, String> options = new TreeMap<>(more);
    options.put("endpoint_url", server.uri().toString());
    options.putIfAbsent("access_key_id", "AKID");
    options.putIfAbsent("secret_access_key", SECRET);
    S3Settings settings = S3SettingsReader.read(new StorageOptions(options), Map.of());
    return new LeanTransfer(
        settings,
        Identities.provider(settings.identity()),
        telemetry,
        Clock.systemUTC(),
        signsPayload);
  }

  @AfterEach
  void stop() throws IOException {
    transfer.close();
    server.close();
  }

  @Test
  void readsARangeIntoTheTarget() throws IOException {
    target.limit(target.position() + 500);

    ObjectTransfer.Got got = get(1_000);

    assertThat(got.bytes()).isEqualTo(500);
    assertThat(got.objectLengthBytes()).isEqualTo(OptionalLong.of(content.length));
    assertThat(target.flip().position(10)).isEqualTo(ByteBuffer.wrap(content, 1_000, 500));
    WireMessage request = server.requests().get(0);
    assertThat(request.header("range")).contains("bytes=1000-1499");
    assertThat(request.header("authorization").orElseThrow())
        .startsWith("AWS4-HMAC-SHA256 Credential=AKID/")
        .doesNotContain(SECRET);
    assertThat(request.header("x-amz-security-token")).isEmpty();
  }

  @Test
  void tellsARangePastTheEnd() throws IOException {
    assertThat(get(content.length))
        .isEqualTo(new ObjectTransfer.Got(0, OptionalLong.empty(), Optional.empty()));
    assertThat(target.position()).isEqualTo(10);
  }

  @Test
  void tellsWhatTheServerRefuses() {
    server.next(
        1, Fault.status(503, "SlowDown", Map.of("retry-after", "7", "x-amz-request-id", "r1")));
    RequestFailure slowDown = fails();
    assertThat(slowDown.answer())
        .isEqualTo(
            new RequestFailure.Answer(
                503,
                "SlowDown",
                "Made by a test",
                "r1",
                Optional.of(Duration.ofSeconds(7)),
                Optional.empty()));
    assertThat(slowDown.isThrottle()).isTrue();
    assertThat(slowDown.endpoint()).isEqualTo(endpoint);

    server.next(1, Fault.status(400, "ExpiredToken", Map.of()));
    assertThat(fails().answer().code()).isEqualTo("ExpiredToken");
    server.next(1, Fault.chunkedStatus(500, "<Error><Code>InternalError</Code></Error>"));
    assertThat(fails().answer().code()).isEqualTo("InternalError");
    assertThat(target.position()).isEqualTo(10);
  }

  @Test
  void tellsAnswersThatAreNotWhole() {
    server.next(1, Fault.endAfter(50_000));
    server.next(1, Fault.resetAfter(50_000));
    server.next(1, Fault.shortened(50_000));
    server.next(1, Fault.lengthened(1));
    server.next(1, Fault.reset());
    server.next(1, Fault.raw("nonsense\r\n\r\n"));

    for (int i = 0; i < 6; i++) {
      RequestFailure failure = fails();
      assertThat(failure.isPassing()).as(failure.getMessage()).isTrue();
      assertThat(failure.answer().status()).isZero();
    }
    EndpointCounts counts = telemetry.counts().get(endpoint.name());
    assertThat(counts.requests()).isEqualTo(6);
    assertThat(counts.failures()).isEqualTo(1);
    assertThat(counts.retries()).isZero();
  }

  @Test
  void endsWhenNothingComes() throws IOException {
    transfer.close();
    transfer = transfer(Map.of("s3_answer_timeout_seconds", "1"), false);
    server.next(1, Fault.hang());
    server.next(1, Fault.stallAfter(10));

    assertThat(fails()).hasMessageContaining("Time-out after 1000 ms");
    assertThat(fails()).hasMessageContaining("Time-out after 1000 ms");
  }

  @Test
  void tellsAWrongByteIfTheAnswerHasAChecksum() throws IOException {
    for (ObjectChecksum checksum : ObjectChecksum.values()) {
      String value = checksum.of(List.of(ByteBuffer.wrap(content)));
      server.next(
          1, connection -> connection.send(connection.ask().with(checksum.header(), value)));
      assertThat(get(0).bytes()).isEqualTo(content.length);
      target.position(10);

      server.next(
          1,
          connection -> {
            WireMessage answer = connection.ask().with(checksum.header(), value);
            byte[] wrong = answer.rawBody().clone();
            wrong[77]++;
            connection.send(answer.withBody(wrong));
          });
      assertThat(fails()).hasMessageContaining("The " + checksum + " of what was received is ");
    }
  }

  @Test
  void doesNotCheckPartsOfAnObjectAgainstItsChecksum() throws IOException {
    String value = ObjectChecksum.CRC32.of(List.of(ByteBuffer.wrap(content)));
    server.next(
        1, connection -> connection.send(connection.ask().with("x-amz-checksum-crc32", value)));
    assertThat(get(1).bytes()).isEqualTo(content.length - 1);
    server.next(
        1,
        connection -> connection.send(connection.ask().with("x-amz-checksum-crc32", "AAAAAA==-3")));
    target.position(10);
    assertThat(get(0).bytes()).isEqualTo(content.length);
  }

  @Test
  void writesAnObject() throws IOException {
    List<ByteBuffer> parts =
        List.of(ByteBuffer.wrap(content, 0, 10), ByteBuffer.wrap(content, 10, content.length - 10));

    Optional<String> eTag = transfer.put(endpoint, new ObjectKey("bucket", "new"), parts);

    assertThat(eTag).contains("\"1\"");
    assertThat(origin.content("/bucket/new")).isEqualTo(content);
    assertThat(parts.get(0).remaining()).isEqualTo(10);
    assertThat(server.requests().get(0).header("x-amz-content-sha256"))
        .contains("UNSIGNED-PAYLOAD");
  }

  @Test
  void signsAndSumsBodiesIfItShall() throws IOException {
    transfer.close();
    transfer = transfer(Map.of("s3_checksums", "when_supported"), true);
    ByteBuffer body = ByteBuffer.wrap("123456789".getBytes(StandardCharsets.UTF_8));

    transfer.put(endpoint, OBJECT, List.of(body));

    WireMessage request = server.requests().get(0);
    assertThat(request.header("x-amz-content-sha256"))
        .contains("15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225");
    assertThat(request.header("x-amz-checksum-crc32")).contains("y/Q5Jg==");
    assertThat(request.header("authorization").orElseThrow())
        .contains("host;x-amz-checksum-crc32;x-amz-content-sha256;x-amz-date");
  }

  @Test
  void writesAPart() throws IOException {
    assertThat(transfer.putPart(endpoint, OBJECT, "id/+=", 3, List.of(ByteBuffer.wrap(content))))
        .isEqualTo(new ObjectTransfer.SentPart("\"1\"", Optional.empty()));
    assertThat(server.requests().get(0).target())
        .isEqualTo(PATH + "?partNumber=3&uploadId=id%2F%2B%3D");
  }

  @Test
  void writesAPartWithItsChecksumIfThatIsWanted() throws IOException {
    try (ObjectTransfer checked = transfer(Map.of("s3_checksums", "when_supported"), false)) {
      byte[] text = "123456789".getBytes(StandardCharsets.US_ASCII);

      assertThat(checked.putPart(endpoint, OBJECT, "id", 3, List.of(ByteBuffer.wrap(text))))
          .isEqualTo(new ObjectTransfer.SentPart("\"1\"", Optional.of("y/Q5Jg==")));
    }
    assertThat(server.requests().get(0).header("x-amz-checksum-crc32")).contains("y/Q5Jg==");
  }

  @Test
  void goesWhereAServerRedirectsTo() throws IOException {
    try (FaultProxy other = FaultProxy.of(origin)) {
      server.next(1, Fault.redirect(other.uri().toString()));
      assertThat(get(0).bytes()).isEqualTo(content.length);
      server.next(1, Fault.redirect(other.uri().toString()));
      transfer.put(endpoint, new ObjectKey("bucket", "new"), List.of(ByteBuffer.wrap(content)));

      assertThat(other.requests()).hasSize(2);
      assertThat(other.requests().get(0).header("host")).contains("127.0.0.1:" + other.port());
      assertThat(origin.content("/bucket/new")).isEqualTo(content);
    }
  }

  @Test
  void doesNotGoInCircles() {
    server.next(9, Fault.redirect(server.uri().toString()));

    assertThat(fails().answer().status()).isEqualTo(307);
    assertThat(server.requests()).hasSize(4);
  }

  @Test
  void signsForTheRegionThatAwsNames() throws IOException {
    endpoint = new Endpoint(server.uri(), false);
    server.next(
        1,
        connection ->
            connection.send(
                WireMessage.answer(
                    301,
                    Map.of(),
                    "<Error><Code>PermanentRedirect</Code><Region>eu-west-3</Region></Error>"
                        .getBytes(StandardCharsets.UTF_8))));

    for (int i = 0; i < 2; i++) {
      assertThat(get(0).bytes()).isEqualTo(content.length);
      target.position(10);
    }

    assertThat(server.requests()).hasSize(3);
    assertThat(server.requests().get(0).header("authorization").orElseThrow())
        .contains("/us-east-1/s3/");
    assertThat(server.requests().get(2).header("authorization").orElseThrow())
        .contains("/eu-west-3/s3/");
  }

  @Test
  void sendsSessionTokensAndConditions() throws IOException {
    transfer.close();
    transfer = transfer(Map.of("session_token", "tok/en=="), false);

    transfer.get(endpoint, OBJECT, 0, target, Optional.of("\"1\""));

    WireMessage request = server.requests().get(0);
    assertThat(request.header("x-amz-security-token")).contains("tok/en==");
    assertThat(request.header("if-match")).contains("\"1\"");
    assertThat(request.header("authorization").orElseThrow())
        .contains("host;x-amz-content-sha256;x-amz-date;x-amz-security-token");
  }

  @Test
  void doesNotSignForNobody() throws IOException {
    transfer.close();
    transfer = transfer(Map.of("s3_anonymous", "true"), false);

    assertThat(get(0).bytes()).isEqualTo(content.length);
    assertThat(server.requests().get(0).header("authorization")).isEmpty();
  }

  @Test
  void anInterruptEndsIt() {
    Thread.currentThread().interrupt();

    assertThatExceptionOfType(ClosedByInterruptException.class).isThrownBy(() -> get(0));
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void speaksTlsWithServersItTrusts(@TempDir Path folder) throws Exception {
    LoopbackCertificate certificate = LoopbackCertificate.make(folder);
    try (FaultProxy secure = FaultProxy.withTls(origin, certificate.sockets())) {
      endpoint = Endpoint.parse("https://localhost:" + secure.port());
      assertThat(fails().isTrust()).isTrue();

      transfer.close();
      transfer = transfer(Map.of("ca_bundle", certificate.caBundle().toString()), false);
      assertThat(get(0).bytes()).isEqualTo(content.length);
      transfer.put(endpoint, new ObjectKey("bucket", "new"), List.of(ByteBuffer.wrap(content)));
      assertThat(origin.content("/bucket/new")).isEqualTo(content);
      assertThat(secure.acceptedConnections()).isEqualTo(2);
    }
  }

  @Test
  void namesTheBucketInTheHostIfItShall() {
    S3Settings settings =
        S3SettingsReader.read(
            new StorageOptions(
                Map.of(
                    "endpoint_url", "https://store.example:9000",
                    "s3_force_path_style", "false",
                    "access_key_id", "a",
                    "secret_access_key", "b")),
            Map.of());
    Destination destination =
        Destination.of(settings.endpoints().get(0), "bucket", settings, Optional.empty());

    assertThat(destination.hostHeader()).isEqualTo("bucket.store.example:9000");
    assertThat(destination.path(new ObjectKey("bucket", "a b"))).isEqualTo("/a%20b");
    assertThat(destination.server().tls()).isTrue();
    assertThat(destination.server().name()).isEqualTo("store.example:9000");
  }

  private ObjectTransfer.Got get(long position) throws IOException {
    return transfer.get(endpoint, OBJECT, position, target, Optional.empty());
  }

  private RequestFailure fails() {
    RequestFailure failure = catchThrowableOfType(RequestFailure.class, () -> get(0));
    assertThat(failure).isNotNull();
    assertThat(target.position()).isEqualTo(10);
    return failure;
  }
}
