/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job.objectstore;

import static io.dlioflink.job.objectstore.StoreRuns.SAMPLES;
import static io.dlioflink.job.objectstore.StoreRuns.assertNothingIsLeft;
import static io.dlioflink.job.objectstore.StoreRuns.samples;
import static io.dlioflink.job.objectstore.StoreRuns.sum;
import static io.dlioflink.job.objectstore.StoreRuns.tensors;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.dlioflink.job.objectstore.StoreRuns.Run;
import io.dlioflink.job.objectstore.StoreRuns.Store;
import io.dlioflink.storage.http.Fault;
import io.dlioflink.storage.http.FaultProxy;
import io.dlioflink.storage.http.Origin;
import io.dlioflink.storage.http.WireMessage;
import io.dlioflink.storage.s3.S3Server;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * What whole runs make of an S3 server that fails: the table of {@code docs/object-stores.md}. Both
 * clients are held to the same words, codes and counts.
 */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class S3FaultsITCase {
  private static final String BUCKET = "faults";
  private static final String CLEAN = "s3://" + BUCKET + "/clean";

  /** Less than a sample has. */
  private static final int SOME_BYTES = 20_000;

  private static final AtomicInteger PLACES = new AtomicInteger();

  @TempDir private static Path folder;
  private static S3Server server;
  private static StoreRuns runs;

  private FaultProxy proxy;

  @BeforeAll
  static void generate() throws IOException {
    server = S3Server.start();
    server.createBucket(BUCKET);
    runs = new StoreRuns(folder);
    Store direct = new Store(CLEAN, server.options().values());
    assertThat(runs.run(direct, "generate").command().exitCode()).isZero();
  }

  @AfterAll
  static void stop() throws IOException {
    runs.close();
    server.close();
  }

  @BeforeEach
  void startProxy() throws IOException {
    proxy = FaultProxy.of(origin());
  }

  @AfterEach
  void stopProxy() throws IOException {
    proxy.close();
  }

  private static Origin origin() {
    return Origin.at("127.0.0.1", server.port());
  }

  private Store store(String root, String client, String... more) {
    Map<String, String> options = new HashMap<>(server.options().values());
    options.put("endpoint_url", proxy.uri().toString());
    options.put("client", client);
    for (int i = 0; i < more.length; i += 2) {
      options.put(more[i], more[i + 1]);
    }
    return new Store(root, options);
  }

  /** A place that no other run has. */
  private static String somewhere() {
    return "s3://" + BUCKET + "/run" + PLACES.incrementAndGet();
  }

  /** The dataset below a place is that which a run without faults generates. */
  private static void assertGenerated(String root) {
    assertThat(eTags(root)).hasSize(SAMPLES).isEqualTo(eTags(CLEAN));
  }

  private static Map<String, String> eTags(String root) {
    String prefix = root.substring(("s3://" + BUCKET + "/").length()) + "/data/train/";
    Map<String, String> found = new TreeMap<>();
    try (S3Client client = server.client()) {
      client
          .listObjectsV2Paginator(request -> request.bucket(BUCKET).prefix(prefix))
          .contents()
          .forEach((S3Object o) -> found.put(o.key().substring(prefix.length()), o.eTag()));
    }
    return found;
  }

  /**
   * In generation, training and checkpoints: nothing is lost, and all is told.
   *
   * @param times that a read meets the fault
   * @param throttles as which the report counts these
   */
  private void assertRiddenOut(
      String client, int times, Fault ofReads, int throttles, String... options)
      throws IOException {
    String root = somewhere();
    proxy.next(3, samples("PUT"), Fault.slowDown());
    proxy.next(times, samples("GET"), ofReads);
    proxy.next(1, tensors("PUT"), Fault.slowDown());

    Run run = runs.everything(store(root, client, options)).isComplete(SAMPLES);

    assertGenerated(root);
    JsonNode generation = run.json("generation.json");
    assertThat(sum(generation, "dataset", "retries")).isEqualTo(3);
    assertThat(sum(generation, "dataset", "throttles")).isEqualTo(3);
    JsonNode report = run.report();
    assertThat(sum(report, "dataset", "retries")).isEqualTo(times);
    assertThat(sum(report, "dataset", "throttles")).isEqualTo(throttles);
    assertThat(sum(report, "checkpoints", "retries")).isOne();
    assertThat(sum(report, "checkpoints", "throttles")).isOne();
    assertThat(report.at("/access/retries").asLong()).isEqualTo(times);
    assertThat(report.path("notices").toString()).contains("requests (dataset) were repeated");
    assertNothingIsLeft(proxy);
  }

  @ParameterizedTest
  @ValueSource(strings = {"lean", "sdk"})
  void burstsOfSlowDownAreRiddenOut(String client) throws IOException {
    assertRiddenOut(client, 2, Fault.slowDown(), 2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"lean", "sdk"})
  void resetsAmidABodyAreRiddenOut(String client) throws IOException {
    assertRiddenOut(client, 2, Fault.resetAfter(SOME_BYTES), 0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"lean", "sdk"})
  void bodiesShorterThanTheirLengthAreReadAgain(String client) throws IOException {
    assertRiddenOut(client, 2, Fault.endAfter(SOME_BYTES), 0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"lean", "sdk"})
  void bodiesShorterThanTheirRangeAreReadAgain(String client) throws IOException {
    assertRiddenOut(client, 2, Fault.shortened(SOME_BYTES), 0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"lean", "sdk"})
  void bodiesThatTrickleAreGivenUpAfterTheTimeOfARequest(String client) throws IOException {
    assertRiddenOut(
        client, 2, Fault.slow(Duration.ofMillis(50)), 0, "s3_request_timeout_seconds", "1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"lean", "sdk"})
  void clocksThatDifferAreCorrectedByTheServers(String client) throws IOException {
    String now = DateTimeFormatter.RFC_1123_DATE_TIME.format(ZonedDateTime.now(ZoneOffset.UTC));
    assertRiddenOut(client, 1, Fault.status(403, "RequestTimeTooSkewed", Map.of("date", now)), 0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"lean", "sdk"})
  void wrongBytesAreReadAgainWhereChecksumsAreWanted(String client) throws IOException {
    proxy.next(2, samples("GET"), Fault.flippedBehindCrc32(SOME_BYTES));

    Run run =
        runs.run(store(CLEAN, client, "s3_checksums", "when_supported"), "train")
            .isComplete(SAMPLES);

    assertThat(sum(run.report(), "dataset", "retries")).isEqualTo(2);
    assertNothingIsLeft(proxy);
  }

  @ParameterizedTest
  @ValueSource(strings = {"lean", "sdk"})
  void wrongBytesAreFoundByTheFormatOtherwise(String client) throws IOException {
    proxy.next(1, samples("GET"), Fault.flipped(SOME_BYTES));

    runs.run(store(CLEAN, client), "train").isInvalid(3, "report.json", "CRC", "/img_");

    assertNothingIsLeft(proxy);
  }

  @ParameterizedTest
  @CsvSource({"lean, generate", "sdk, generate", "lean, train", "sdk, train"})
  void keysThatExpireEndTheRun(String client, String command) throws IOException {
    boolean trains = command.equals("train");
    // A generation that fails is begun anew some times.
    proxy.next(
        Integer.MAX_VALUE,
        samples(trains ? "GET" : "PUT"),
        Fault.status(400, "ExpiredToken", Map.of()));

    Run run = runs.run(store(trains ? CLEAN : somewhere(), client), command);

    run.isInvalid(
        4,
        trains ? "report.json" : "generation.json",
        "400 ExpiredToken",
        "get a new session token; the keys have expired",
        "/img_");
    assertNothingIsLeft(proxy);
  }

  @ParameterizedTest
  @ValueSource(strings = {"lean", "sdk"})
  void redirectsAreFollowed(String client) throws IOException {
    String root = somewhere();
    try (FaultProxy other = FaultProxy.of(origin())) {
      Fault elsewhere = Fault.redirect(other.uri().toString());
      proxy.next(2, samples("PUT"), elsewhere);
      proxy.next(2, samples("GET"), elsewhere);
      proxy.next(1, tensors("PUT"), elsewhere);
      proxy.next(1, S3FaultsITCase::isListing, elsewhere);

      Run run = runs.everything(store(root, client)).isComplete(SAMPLES);

      assertGenerated(root);
      assertThat(other.requests()).hasSize(6);
      JsonNode report = run.report();
      assertThat(report.at("/requests/dataset/endpoints")).hasSize(2);
      assertThat(sum(report, "dataset", "retries")).isZero();
      assertThat(sum(report, "checkpoints", "retries")).isZero();
      assertNothingIsLeft(proxy);
      assertNothingIsLeft(other);
    }
  }

  private static boolean isListing(WireMessage request) {
    return request.target().contains("list-type=2");
  }

  @ParameterizedTest
  @ValueSource(strings = {"lean", "sdk"})
  void anUnknownHostEndsTheRun(String client) throws IOException {
    Store nowhere =
        store(CLEAN, client, "endpoint_url", "http://no-such-host.invalid", "s3_max_attempts", "2");

    runs.run(nowhere, "train").isInvalid(4, "report.json", "no-such-host.invalid", "2 attempts");
  }

  @ParameterizedTest
  @ValueSource(strings = {"lean", "sdk"})
  void anObjectThatGoesAwayEndsTheRun(String client) throws IOException {
    proxy.next(SAMPLES / 2, samples("GET"), connection -> connection.send(connection.ask()));
    proxy.next(1, samples("GET"), Fault.status(404, "NoSuchKey", Map.of()));

    Run run = runs.run(store(CLEAN, client), "train");

    run.isInvalid(3, "report.json", "404 NoSuchKey", "/img_");
    assertNothingIsLeft(proxy);
  }

  @ParameterizedTest
  @ValueSource(strings = {"lean", "sdk"})
  void fullPagesOfAListingAreFollowedToTheLast(String client) throws IOException {
    String root = "s3://" + BUCKET + "/pages";
    String[] many = {
      "++workload.dataset.num_files_train=1050",
      "++workload.dataset.record_length_bytes=64",
      "++workload.reader.batch_size=25"
    };
    if (eTags(root).isEmpty()) {
      Store direct = new Store(root, server.options().values());
      assertThat(runs.run(direct, "generate", many).command().exitCode()).isZero();
    }
    proxy.next(1, S3FaultsITCase::isSecondPage, Fault.slowDown());

    runs.run(store(root, client), "train", many).isComplete(1050);

    assertThat(proxy.requests()).filteredOn(S3FaultsITCase::isSecondPage).hasSize(2);
    assertNothingIsLeft(proxy);
  }

  private static boolean isSecondPage(WireMessage request) {
    return isListing(request) && request.target().contains("continuation-token=");
  }

  @ParameterizedTest
  @ValueSource(strings = {"lean", "sdk"})
  void aServerThatIsGoneForTenSecondsIsRiddenOut(String client) throws IOException {
    proxy.next(1, samples("GET"), connection -> StoreRuns.goAwayForTenSeconds(proxy));

    Run run = runs.run(store(CLEAN, client), "train").isComplete(SAMPLES);

    assertThat(sum(run.report(), "dataset", "retries")).isPositive();
    assertThat(sum(run.report(), "dataset", "failures")).isPositive();
    assertThat(sum(run.report(), "dataset", "throttles")).isZero();
    assertNothingIsLeft(proxy);
  }

  @ParameterizedTest
  @CsvSource({
    "lean, train",
    "sdk, train",
    "lean, generate",
    "sdk, generate",
    "lean, checkpoint",
    "sdk, checkpoint"
  })
  void aRunThatHangsCanBeCancelled(String client, String command) throws Exception {
    Predicate<WireMessage> hanging =
        switch (command) {
          case "train" -> samples("GET");
          case "generate" -> samples("PUT");
          default -> tensors("PUT");
        };
    proxy.next(Integer.MAX_VALUE, hanging, Fault.hang());
    Store store =
        store(
            command.equals("train") ? CLEAN : somewhere(),
            client,
            "s3_answer_timeout_seconds",
            "3600",
            "s3_request_timeout_seconds",
            "3600");

    runs.runUntilCancelled(
        store,
        () -> proxy.requests().stream().anyMatch(hanging),
        command,
        "++workload.checkpoint.num_checkpoints_write=1",
        "++workload.checkpoint.num_checkpoints_read=0");

    assertNothingIsLeft(proxy);
  }
}
