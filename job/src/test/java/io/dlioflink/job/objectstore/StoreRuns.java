/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job.objectstore;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dlioflink.job.CommandLineRun;
import io.dlioflink.job.launch.LocalCluster;
import io.dlioflink.storage.http.FaultProxy;
import io.dlioflink.storage.http.WireMessage;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.jar.JarOutputStream;
import org.awaitility.Awaitility;

/**
 * Whole runs of a small workload, 16 files of one sample of 64 KiB, by two accelerators on a
 * cluster that all runs share. Between them and the object store stands a {@link FaultProxy}.
 */
final class StoreRuns implements Closeable {
  /** Samples of the dataset, one in each file. */
  static final int SAMPLES = 16;

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String JOB_JAR = "dlio-flink.job.jar";
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final LocalCluster cluster;
  private final Path folder;
  private int runs;

  /**
   * Starts the cluster.
   *
   * @param folder for results
   */
  StoreRuns(Path folder) throws IOException {
    this.folder = folder;
    Path jar = folder.resolve("job.jar");
    new JarOutputStream(Files.newOutputStream(jar)).close();
    System.setProperty(JOB_JAR, jar.toString());
    cluster = LocalCluster.start(2, 0);
  }

  @Override
  public void close() throws IOException {
    System.clearProperty(JOB_JAR);
    cluster.close();
  }

  /** A store, as a workload names it. */
  record Store(String root, Map<String, String> options) {}

  /** The outcome of a run, and its report. */
  record Run(CommandLineRun command, Path results) {
    JsonNode json(String name) throws IOException {
      return JSON.readTree(results.resolve(name).toFile());
    }

    /** The report of the phase that was the last. */
    JsonNode report() throws IOException {
      return json("report.json");
    }

    /** A run whose samples and bytes are all there, each once. */
    Run isComplete(int samples) throws IOException {
      assertThat(command.exitCode()).as(command.err() + command.out()).isZero();
      JsonNode report = report();
      assertThat(report.path("verdict").asText()).isEqualTo("VALID");
      JsonNode pass = report.at("/passes/0");
      assertThat(pass.path("samples").asLong()).isEqualTo(samples);
      assertThat(pass.path("expected_samples").asLong()).isEqualTo(samples);
      assertThat(pass.path("sample_bytes").asLong())
          .isPositive()
          .isEqualTo(pass.path("expected_sample_bytes").asLong());
      assertThat(pass.path("each_sample_exactly_once").asBoolean()).isTrue();
      return this;
    }

    /** A run that gave up, said why, and repeated nothing. */
    Run isInvalid(int exitCode, String reportName, String... reasons) throws IOException {
      assertThat(command.exitCode()).as(command.err() + command.out()).isEqualTo(exitCode);
      assertThat(command.err()).contains("INVALID").contains(reasons);
      JsonNode report = json(reportName);
      assertThat(report.path("verdict").asText()).isEqualTo("INVALID");
      assertThat(report.path("partial").asBoolean()).isTrue();
      assertThat(report.at("/reasons/0").asText()).contains(reasons);
      assertThat(results.resolve("summary.json")).doesNotExist();
      return this;
    }
  }

  /** What happened with requests of a kind, over all endpoints. */
  static long sum(JsonNode report, String traffic, String field) {
    long sum = 0;
    for (JsonNode endpoint : report.at("/requests/" + traffic + "/endpoints")) {
      sum += endpoint.path(field).asLong();
    }
    return sum;
  }

  Run run(Store store, String command, String... more) throws IOException {
    Path results = Files.createDirectory(folder.resolve("run-" + runs++));
    List<String> args =
        new ArrayList<>(
            List.of(
                command,
                "workload=quickstart",
                "--cluster=" + cluster.address().getHost() + ":" + cluster.address().getPort(),
                "--accelerators=2",
                "--output=" + results,
                "--no-time-series",
                "++workload.dataset.data_folder=" + store.root() + "/data",
                "++workload.dataset.num_files_train=" + SAMPLES,
                "++workload.dataset.record_length_bytes=65536",
                "++workload.dataset.record_length_bytes_stdev=0",
                "++workload.checkpoint.checkpoint_folder=" + store.root() + "/checkpoints",
                "++workload.train.epochs=1",
                "++workload.train.computation_time=0.002"));
    store
        .options()
        .forEach(
            (key, value) ->
                args.add("++workload.storage.storage_options.%s='%s'".formatted(key, value)));
    args.addAll(Arrays.asList(more));
    return new Run(CommandLineRun.of(args.toArray(String[]::new)), results);
  }

  /** Generates, trains, and takes a checkpoint at the end of the epoch. */
  Run everything(Store store, String... more) throws IOException {
    List<String> args =
        new ArrayList<>(
            List.of(
                "++workload.workflow.checkpoint=true",
                "++workload.checkpoint.checkpoint_after_epoch=1"));
    args.addAll(Arrays.asList(more));
    return run(store, "run", args.toArray(String[]::new));
  }

  /** Starts a run, and cancels it when the time has come. */
  void runUntilCancelled(Store store, Callable<Boolean> time, String command, String... more)
      throws Exception {
    CompletableFuture<Run> running =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return run(store, command, more);
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
    Awaitility.await().atMost(PATIENCE).until(() -> running.isDone() || time.call());
    cancel();
    Run run = running.get();
    assertThat(run.command().exitCode()).as(run.command().err()).isEqualTo(130);
  }

  /** Cancels the job that is running, as its web UI does. */
  private void cancel() throws IOException, InterruptedException {
    HttpClient http = HttpClient.newHttpClient();
    URI overview = URI.create(cluster.address() + "/jobs/overview");
    String jobs =
        http.send(HttpRequest.newBuilder(overview).build(), BodyHandlers.ofString()).body();
    for (JsonNode job : JSON.readTree(jobs).path("jobs")) {
      if (job.path("state").asText().equals("RUNNING")) {
        URI uri = URI.create(cluster.address() + "/jobs/" + job.path("jid").asText());
        HttpRequest cancel =
            HttpRequest.newBuilder(uri)
                .method("PATCH", HttpRequest.BodyPublishers.noBody())
                .build();
        assertThat(http.send(cancel, BodyHandlers.ofString()).statusCode()).isEqualTo(202);
      }
    }
  }

  /** A server that is gone for a while. */
  static void goAwayForTenSeconds(FaultProxy server) throws IOException {
    Executor later = CompletableFuture.delayedExecutor(10, TimeUnit.SECONDS);
    server.goAway();
    later.execute(
        () -> {
          try {
            server.comeBack();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  /** Nothing of a run is left: no connection, and no thread that moves bytes. */
  static void assertNothingIsLeft(FaultProxy proxy) {
    Awaitility.await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              assertThat(proxy.openConnections()).as("open connections").isZero();
              assertThat(Thread.getAllStackTraces().keySet())
                  .extracting(Thread::getName)
                  .noneMatch(
                      name ->
                          name.startsWith("sample-reader-")
                              || name.startsWith("sample-writer-")
                              || name.startsWith("checkpoint"));
            });
  }

  /** Requests for the bytes of samples. */
  static Predicate<WireMessage> samples(String method) {
    return request ->
        request.method().equals(method)
            && request.target().replace("%2F", "/").contains("/data/train/img_");
  }

  /** Requests for the tensors of checkpoints. */
  static Predicate<WireMessage> tensors(String method) {
    return request ->
        request.method().equals(method)
            && request.target().replace("%2F", "/").contains("/checkpoints/global_")
            && request.target().contains(".pt");
  }
}
