/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.dlioflink.storage.EndpointCounts;
import io.dlioflink.storage.Location;
import io.dlioflink.storage.Storage;
import io.dlioflink.storage.StorageException;
import io.dlioflink.storage.StorageException.Reason;
import io.dlioflink.storage.StorageOptions;
import io.dlioflink.storage.StorageReader;
import io.dlioflink.storage.Storages;
import io.dlioflink.storage.s3.ScriptedServer.Answer;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of the failures of a server, told by one that fails as it is told. */
class S3FailuresTest {
  private static final Location FILE = Location.parse("s3://bucket/folder/file");
  private static final Answer OBJECT = Answer.object("0123456789");

  private ScriptedServer server;
  private Storage storage;

  @BeforeEach
  void start() throws IOException {
    server = new ScriptedServer();
    storage = open(Map.of());
  }

  @AfterEach
  void stop() throws IOException {
    storage.close();
    server.close();
  }

  /** Which code moves the bytes. */
  String client() {
    return "lean";
  }

  private Storage open(Map<String, String> more) throws IOException {
    Map<String, String> options =
        new HashMap<>(
            Map.of(
                "access_key_id", "AKIAHUSH",
                "secret_access_key", "hush/secret",
                "session_token", "hush-token",
                "endpoint_url", "http://127.0.0.1:" + server.port(),
                "s3_max_attempts", "3",
                "s3_client", client()));
    options.putAll(more);
    return Storages.open(FILE, new StorageOptions(options));
  }

  private String readFile() throws IOException {
    try (StorageReader reader = storage.openReader(FILE)) {
      ByteBuffer target = ByteBuffer.allocate(10);
      reader.readFully(0, target);
      return new String(target.array(), StandardCharsets.US_ASCII);
    }
  }

  private EndpointCounts counts() {
    return storage
        .requests()
        .orElseThrow()
        .counts()
        .getOrDefault("127.0.0.1:" + server.port(), EndpointCounts.ZERO);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          404 | NoSuchKey            | MISSING     | Cannot read at byte 0 (404 NoSuchKey Said so.; endpoint
          404 | NoSuchBucket         | MISSING     | create bucket 'bucket' first, or name another
          403 | AccessDenied         | PERMISSION  | may do this in bucket 'bucket'
          403 | InvalidAccessKeyId   | PERMISSION  | check the access key and that it is one of this endpoint
          403 | SignatureDoesNotMatch| PERMISSION  | check the secret key
          400 | ExpiredToken         | PERMISSION  | get a new session token; the keys have expired
          403 | QuotaExceeded        | NO_SPACE    | Said so.
          507 | InsufficientStorage  | NO_SPACE    | Said so.
          501 | NotImplemented       | UNSUPPORTED | the server does not take this request
          307 | TemporaryRedirect    | UNSUPPORTED | the bucket is elsewhere: set region to eu-west-1
          400 | AuthorizationHeaderMalformed | UNSUPPORTED | the region is wrong: set region to eu-west-1
          412 | PreconditionFailed   | UNAVAILABLE | the object was replaced while it was being read
          """)
  void whatTheServerRefusesIsSortedAndNotRepeated(
      int status, String code, Reason reason, String message) {
    server.script(
        Answer.error(status, code, "Said so.").withHeader("x-amz-bucket-region", "eu-west-1"));
    assertThatExceptionOfType(StorageException.class)
        .isThrownBy(this::readFile)
        .withMessageContaining(message)
        .withMessageContaining("%d %s Said so.", status, code)
        .withMessageContaining("endpoint 127.0.0.1:" + server.port() + ", request req-1)")
        .withMessageEndingWith(": " + FILE)
        .satisfies(e -> assertThat(e.reason()).isEqualTo(reason));
    assertThat(counts().requests()).isOne();
    assertThat(counts().retries()).isZero();
    assertThat(counts().failures()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "500, InternalError, 0",
    "502, , 0",
    "503, ServiceUnavailable, 0",
    "503, SlowDown, 2",
    "429, TooManyRequests, 2",
    "400, RequestTimeout, 0",
  })
  void whatPassesIsRepeatedAndCounted(int status, String code, int throttles) throws IOException {
    Answer failure = Answer.error(status, code == null ? "" : code, "Later.");
    server.script(failure, failure, OBJECT);
    assertThat(readFile()).isEqualTo("0123456789");
    assertThat(counts().requests()).isEqualTo(3);
    assertThat(counts().retries()).isEqualTo(2);
    assertThat(counts().throttles()).isEqualTo(throttles);
    assertThat(storage.ioCounts().retries()).isEqualTo(2);
    assertThat(storage.ioCounts().readBytes()).isEqualTo(10);
  }

  @Test
  void aClockThatStaysWrongIsAMatterOfPermission() {
    server.script(Answer.error(403, "RequestTimeTooSkewed", "Too late."));

    assertThatExceptionOfType(StorageException.class)
        .isThrownBy(this::readFile)
        .withMessageContaining("403 RequestTimeTooSkewed Too late.")
        .withMessageContaining("2 attempts")
        .withMessageContaining("set the clock of this machine")
        .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.PERMISSION));
    assertThat(counts().retries()).isOne();
  }

  @Test
  void aServerThatGoesOnFailingIsUnavailable() {
    server.script(Answer.error(503, "SlowDown", "Please reduce your request rate."));
    assertThatExceptionOfType(StorageException.class)
        .isThrownBy(this::readFile)
        .withMessageContaining("503 SlowDown Please reduce your request rate.")
        .withMessageContaining("3 attempts")
        .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.UNAVAILABLE));
    assertThat(counts().retries()).isEqualTo(2);
  }

  @Test
  void whatDoesNotPassInTimeIsUnavailable() {
    server.script(Answer.error(400, "RequestTimeout", "Idle."));
    assertThatExceptionOfType(StorageException.class)
        .isThrownBy(this::readFile)
        .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.UNAVAILABLE));
  }

  @Test
  void withoutCredentialsNothingIsSentAndTheirPlacesAreNamed() throws IOException {
    Map<String, String> options =
        Map.of("endpoint_url", "http://127.0.0.1:" + server.port(), "profile", "nobody");
    Map<String, String> environment =
        Map.of("AWS_CONFIG_FILE", "/nowhere/a", "AWS_SHARED_CREDENTIALS_FILE", "/nowhere/b");
    try (Storage unknown =
        new S3Storage(
            S3SettingsReader.read(new StorageOptions(options), environment),
            (clients, credentials, telemetry) -> new SdkTransfer(clients))) {
      assertThatExceptionOfType(StorageException.class)
          .isThrownBy(() -> unknown.stat(FILE))
          .withMessageContaining("No credentials")
          .withMessageContaining("set storage_options access_key_id and secret_access_key")
          .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.PERMISSION));
      assertThat(unknown.ioCounts().retries()).isZero();
      assertThat(unknown.requests().orElseThrow().counts()).isEmpty();
    }
  }

  @Test
  void aBodyThatIsCutOffIsReadAgain() throws IOException {
    server.script(OBJECT.announcing(10_000), Answer.object("012").announcing(10), OBJECT);
    assertThat(readFile()).isEqualTo("0123456789");
    assertThat(counts().retries()).isEqualTo(2);
    assertThat(storage.ioCounts().readBytes()).isEqualTo(10);
  }

  @Test
  void aServerThatIgnoresRangesIsReadFromItsStartOnly() throws IOException {
    Answer whole = new Answer(200, Map.of(), "0123456789", 10);
    server.script(whole);
    assertThat(readFile()).isEqualTo("0123456789");
    try (StorageReader reader = storage.openReader(FILE)) {
      assertThatExceptionOfType(StorageException.class)
          .isThrownBy(() -> reader.read(5, ByteBuffer.allocate(5)))
          .withMessageContaining("the server ignores ranges of bytes")
          .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.UNSUPPORTED));
    }
  }

  @Test
  void noServerAtAllIsUnavailable() {
    server.close();
    assertThatExceptionOfType(StorageException.class)
        .isThrownBy(this::readFile)
        .withMessageContaining("Connection refused")
        .withMessageContaining("endpoint 127.0.0.1:" + server.port())
        .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.UNAVAILABLE));
    assertThat(counts().failures()).isEqualTo(3);
    assertThat(counts().connections()).isZero();
  }

  @Test
  void aServerThatFallsSilentIsGivenUpAfterTheTimeSet() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Storage waiting =
            open(
                Map.of(
                    "endpoint_url", "http://127.0.0.1:" + silent.getLocalPort(),
                    "s3_answer_timeout_seconds", "1",
                    "s3_max_attempts", "2"))) {
      assertThatExceptionOfType(StorageException.class)
          .isThrownBy(() -> waiting.stat(FILE))
          .withMessageContaining("timed out")
          .withMessageContaining("2 attempts")
          .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.UNAVAILABLE));
      assertThat(waiting.ioCounts().retries()).isOne();
    }
  }

  @Test
  void aHostThatNobodyKnowsIsNamed() throws IOException {
    try (Storage unknown =
        open(Map.of("endpoint_url", "http://nobody.invalid", "s3_max_attempts", "1"))) {
      assertThatExceptionOfType(StorageException.class)
          .isThrownBy(() -> unknown.stat(FILE))
          .withMessageContaining("nobody.invalid")
          .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.UNAVAILABLE));
    }
  }

  @Test
  void keysThatAServerRepeatsAreTakenOutOfItsWords() {
    server.script(Answer.error(403, "AccessDenied", "Not AKIAHUSH, hush/secret, hush-token"));
    assertThatExceptionOfType(StorageException.class)
        .isThrownBy(this::readFile)
        .withMessageContaining("Not ***, ***, ***")
        .satisfies(e -> assertThat(e.getCause()).isNull());
  }

  @Test
  void anInterruptEndsTheWaitForTheNextAttempt() {
    server.script(Answer.error(503, "SlowDown", "").withHeader("Retry-After", "20"));
    Thread.currentThread().interrupt();
    try {
      assertThatExceptionOfType(IOException.class)
          .isThrownBy(this::readFile)
          .isInstanceOfAny(InterruptedIOException.class, ClosedByInterruptException.class);
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
  }
}
