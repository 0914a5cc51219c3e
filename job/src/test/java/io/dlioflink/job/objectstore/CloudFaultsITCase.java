/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job.objectstore;

import static io.dlioflink.job.objectstore.StoreRuns.SAMPLES;
import static io.dlioflink.job.objectstore.StoreRuns.assertNothingIsLeft;
import static io.dlioflink.job.objectstore.StoreRuns.samples;
import static io.dlioflink.job.objectstore.StoreRuns.sum;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.dlioflink.job.objectstore.StoreRuns.Run;
import io.dlioflink.job.objectstore.StoreRuns.Store;
import io.dlioflink.storage.azure.AzureServer;
import io.dlioflink.storage.gcs.GcsServer;
import io.dlioflink.storage.http.Fault;
import io.dlioflink.storage.http.FaultProxy;
import io.dlioflink.storage.http.Origin;
import io.dlioflink.storage.http.WireMessage;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What whole runs make of {@code az://} and {@code gs://} servers that fail. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class CloudFaultsITCase {
  private static final String BUCKET = "faults";

  /** Less than a sample has. */
  private static final int SOME_BYTES = 20_000;

  private static final AtomicInteger PLACES = new AtomicInteger();

  private enum Cloud {
    AZ("az", "PUT"),
    GS("gs", "POST");

    final String scheme;

    /** How objects are written. */
    final String writes;

    Cloud(String scheme, String writes) {
      this.scheme = scheme;
      this.writes = writes;
    }

    String root(String place) {
      return "%s://%s/%s".formatted(scheme, BUCKET, place);
    }

    Map<String, String> options() {
      return this == AZ ? azure.options() : gcs.options();
    }

    Fault busy() {
      return Fault.status(503, "ServerBusy", Map.of("x-ms-error-code", "ServerBusy"));
    }

    Fault expired() {
      return this == AZ
          ? Fault.status(
              403, "AuthenticationFailed", Map.of("x-ms-error-code", "AuthenticationFailed"))
          : Fault.status(401, "Unauthorized", Map.of());
    }

    Fault missing() {
      return Fault.status(404, "BlobNotFound", Map.of("x-ms-error-code", "BlobNotFound"));
    }
  }

  @TempDir private static Path folder;
  private static AzureServer azure;
  private static GcsServer gcs;
  private static StoreRuns runs;

  private FaultProxy proxy;

  @BeforeAll
  static void generate() throws IOException, InterruptedException {
    azure = AzureServer.start();
    azure.createContainer(BUCKET);
    gcs = GcsServer.start();
    gcs.createBucket(BUCKET);
    runs = new StoreRuns(folder);
    for (Cloud cloud : Cloud.values()) {
      Store direct = new Store(cloud.root("clean"), cloud.options());
      Run run = runs.run(direct, "generate");
      assertThat(run.command().exitCode()).as(run.command().err()).isZero();
    }
  }

  @AfterAll
  static void stop() throws IOException {
    if (runs != null) {
      runs.close();
      gcs.close();
    }
    if (azure != null) {
      azure.close();
    }
  }

  private FaultProxy proxy(Cloud cloud) throws IOException {
    URI server = URI.create(cloud.options().get("endpoint_url"));
    proxy = FaultProxy.of(Origin.at(server.getHost(), server.getPort()));
    return proxy;
  }

  @AfterEach
  void stopProxy() throws IOException {
    proxy.close();
  }

  private Store store(Cloud cloud, String place, String... more) {
    Map<String, String> options = new HashMap<>(cloud.options());
    options.put("endpoint_url", proxy.uri().toString());
    for (int i = 0; i < more.length; i += 2) {
      options.put(cloud.scheme + "_" + more[i], more[i + 1]);
    }
    return new Store(cloud.root(place), options);
  }

  /** Each n-th request that writes. */
  private static Predicate<WireMessage> eachWrite(Cloud cloud, int n) {
    AtomicInteger seen = new AtomicInteger();
    return request ->
        request.method().equals(cloud.writes)
            && request.target().replace("%2F", "/").matches(".*(/data/|/upload/).*")
            && seen.incrementAndGet() % n == 0;
  }

  @ParameterizedTest
  @EnumSource
  void whatPassesIsRiddenOut(Cloud cloud) throws IOException {
    proxy(cloud).next(4, eachWrite(cloud, 5), cloud.busy());
    proxy.next(2, samples("GET"), cloud.busy());
    proxy.next(1, samples("GET"), Fault.resetAfter(SOME_BYTES));
    proxy.next(1, samples("GET"), Fault.endAfter(SOME_BYTES));
    proxy.next(1, samples("GET"), Fault.slowBody(Duration.ofMillis(50)));
    String place = "run" + PLACES.incrementAndGet();

    Run run =
        runs.everything(store(cloud, place, "request_timeout_seconds", "1")).isComplete(SAMPLES);

    assertThat(sum(run.json("generation.json"), "dataset", "throttles")).isPositive();
    JsonNode report = run.report();
    assertThat(sum(report, "dataset", "retries")).isEqualTo(5);
    assertThat(sum(report, "dataset", "throttles")).isEqualTo(2);
    assertThat(report.path("notices").toString()).contains("requests (dataset) were repeated");
    assertNothingIsLeft(proxy);
    Run verified = runs.run(new Store(cloud.root(place), cloud.options()), "verify");
    assertThat(verified.command().out()).contains(SAMPLES + " equal to what was generated");
  }

  @ParameterizedTest
  @EnumSource
  void aServerThatIsGoneForTenSecondsIsRiddenOut(Cloud cloud) throws IOException {
    proxy(cloud).next(1, samples("GET"), connection -> StoreRuns.goAwayForTenSeconds(proxy));

    Run run = runs.run(store(cloud, "clean"), "train").isComplete(SAMPLES);

    assertThat(sum(run.report(), "dataset", "retries")).isPositive();
    assertThat(sum(run.report(), "dataset", "failures")).isPositive();
    assertNothingIsLeft(proxy);
  }

  @ParameterizedTest
  @EnumSource
  void keysThatExpireEndTheRun(Cloud cloud) throws IOException {
    proxy(cloud).next(Integer.MAX_VALUE, samples("GET"), cloud.expired());

    runs.run(store(cloud, "clean"), "train").isInvalid(4, "report.json", "Cannot read", "/img_");

    assertNothingIsLeft(proxy);
  }

  @ParameterizedTest
  @EnumSource
  void anObjectThatGoesAwayEndsTheRun(Cloud cloud) throws IOException {
    proxy(cloud).next(SAMPLES / 2, samples("GET"), c -> c.send(c.ask()));
    proxy.next(1, samples("GET"), cloud.missing());

    runs.run(store(cloud, "clean"), "train").isInvalid(3, "report.json", "404", "/img_");

    assertNothingIsLeft(proxy);
  }

  @ParameterizedTest
  @EnumSource
  void wrongBytesEndTheRun(Cloud cloud) throws IOException {
    proxy(cloud).next(1, samples("GET"), Fault.flipped(SOME_BYTES));

    Run run = runs.run(store(cloud, "clean"), "train");

    if (cloud == Cloud.GS) {
      run.isInvalid(4, "report.json", "Mismatch checksum value", "/img_");
    } else {
      run.isInvalid(3, "report.json", "CRC", "/img_");
    }

    assertNothingIsLeft(proxy);
  }

  @ParameterizedTest
  @EnumSource
  void aBodyShorterThanItsRangeIsAskedForAgainOrEndsTheRun(Cloud cloud) throws IOException {
    proxy(cloud).next(1, samples("GET"), Fault.shortened(SOME_BYTES));

    Run run = runs.run(store(cloud, "clean"), "train");

    if (cloud == Cloud.GS) {
      run.isInvalid(4, "report.json", "Mismatch checksum value", "/img_");
    } else {
      assertThat(sum(run.isComplete(SAMPLES).report(), "dataset", "retries")).isEqualTo(1);
    }

    assertNothingIsLeft(proxy);
  }

  @ParameterizedTest
  @EnumSource
  void anUnknownHostEndsTheRun(Cloud cloud) throws IOException {
    proxy(cloud);
    Map<String, String> options = new HashMap<>(cloud.options());
    options.put("endpoint_url", "http://no-such-host.invalid");
    options.put(cloud.scheme + "_max_attempts", "2");

    runs.run(new Store(cloud.root("clean"), options), "train")
        .isInvalid(4, "report.json", "no-such-host.invalid");
  }

  @ParameterizedTest
  @EnumSource
  void aRunThatHangsCanBeCancelled(Cloud cloud) throws Exception {
    proxy(cloud).next(Integer.MAX_VALUE, samples("GET"), Fault.hang());

    runs.runUntilCancelled(
        store(cloud, "clean", "timeout_seconds", "3600", "request_timeout_seconds", "3600"),
        () -> proxy.requests().stream().anyMatch(samples("GET")),
        "train");

    assertNothingIsLeft(proxy);
  }

  @ParameterizedTest
  @EnumSource
  void aGenerationThatHangsCanBeCancelled(Cloud cloud) throws Exception {
    Predicate<WireMessage> third = eachWrite(cloud, 3);
    AtomicInteger hanging = new AtomicInteger();
    proxy(cloud)
        .next(
            Integer.MAX_VALUE,
            third,
            connection -> {
              hanging.incrementAndGet();
              connection.awaitEndOfClient();
            });

    runs.runUntilCancelled(
        store(
            cloud,
            "run" + PLACES.incrementAndGet(),
            "timeout_seconds",
            "3600",
            "request_timeout_seconds",
            "3600"),
        () -> hanging.get() > 0,
        "generate");

    assertNothingIsLeft(proxy);
  }
}
