/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every way to bring a run to a cluster takes it through all its phases, and whoever comes later
 * can follow it: by the command line, in the web UI, by its results.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SubmissionITCase {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Pattern SUBMITTED = Pattern.compile("Submitted as job (\\p{XDigit}{32});");
  private static final String SECRET = "MARKED-SECRET";

  @TempDir private static Path shared;
  @TempDir private Path folder;

  private static StandaloneCluster cluster;

  @BeforeAll
  static void startCluster() throws IOException {
    cluster = StandaloneCluster.start(shared.resolve("cluster"), 2, 2);
  }

  @AfterAll
  static void stopCluster() {
    if (cluster != null) {
      cluster.close();
    }
  }

  /** Generates, trains and takes a checkpoint. */
  private List<String> wholeRun(String... more) {
    List<String> args =
        new ArrayList<>(
            List.of(
                "run",
                "workload=quickstart",
                "--accelerators=4",
                "--output=" + folder.resolve("out"),
                "++workload.dataset.data_folder=" + folder.resolve("data"),
                "++workload.workflow.checkpoint=true",
                "++workload.checkpoint.checkpoint_folder=" + folder.resolve("checkpoints"),
                "++workload.checkpoint.checkpoint_after_epoch=2",
                "++workload.model.layer_parameters=[1000]",
                "++workload.storage.storage_options.secret_access_key=" + SECRET));
    args.addAll(Arrays.asList(more));
    return args;
  }

  private LauncherProcess launch(String log, String... args) throws IOException {
    return LauncherProcess.start(folder.resolve(log), args);
  }

  private LauncherProcess detached(String... more) throws Exception {
    List<String> args = wholeRun(more);
    args.add("--detached");
    args.add("--cluster=" + cluster.restAddress());
    LauncherProcess run = launch("submit.log", args.toArray(String[]::new));
    assertThat(run.exitCode()).as(run.output()).isZero();
    return run;
  }

  private LauncherProcess attach(String... more) throws IOException {
    List<String> args = new ArrayList<>(List.of("attach", "--cluster=" + cluster.restAddress()));
    args.addAll(Arrays.asList(more));
    return launch("attach.log", args.toArray(String[]::new));
  }

  private static String jobOf(LauncherProcess submitted) throws IOException {
    Matcher line = SUBMITTED.matcher(submitted.output());
    assertThat(line.find()).as(submitted.output()).isTrue();
    return line.group(1);
  }

  private void assertWholeRun(LauncherProcess console) throws Exception {
    assertThat(console.exitCode()).as(console.output()).isZero();
    assertThat(console.output())
        .contains("Generated 64 files", "[METRIC] Number of Simulated Accelerators: 4 ")
        .containsPattern("(?m)^VALID$");
    assertResults();
  }

  private void assertResults() throws IOException {
    assertThat(report("generation.json").path("verdict").asText()).isEqualTo("VALID");
    JsonNode report = report("report.json");
    assertThat(report.path("verdict").asText()).as(report.toString()).isEqualTo("VALID");
    assertThat(report.path("passes")).hasSize(2);
    assertThat(folder.resolve("out/summary.json")).isNotEmptyFile();
    assertThat(folder.resolve("out/dlio_config/config.yaml")).isNotEmptyFile();
    assertThat(folder.resolve("out/timeseries")).isNotEmptyDirectory();
    try (var files = Files.walk(folder.resolve("checkpoints"))) {
      assertThat(files.filter(file -> file.toString().endsWith(".pt"))).isNotEmpty();
    }
  }

  private JsonNode report(String name) throws IOException {
    return JSON.readTree(folder.resolve("out").resolve(name).toFile());
  }

  /** The jar of a run holds its secrets: it goes when the run has ended. */
  private static void awaitNoUploadedJar() {
    await().atMost(PATIENCE).until(() -> cluster.get("/jars").path("files").isEmpty());
  }

  @Test
  @Order(1)
  void aDetachedRunGoesThroughAllPhasesAndIsFollowedFromAnywhere() throws Exception {
    LauncherProcess submitted = detached();
    LauncherProcess follower = attach(jobOf(submitted));

    assertWholeRun(follower);
    assertThat(follower.output())
        .contains("Following job " + jobOf(submitted) + ": generate quickstart")
        .contains(": train quickstart with 4 accelerator(s) on " + folder.resolve("data"));
    awaitNoUploadedJar();
    LauncherProcess list = attach("--list");
    assertThat(list.exitCode()).isZero();
    assertThat(list.output())
        .containsPattern(jobOf(submitted) + " +finished .* generate +4 +quickstart in ")
        .containsPattern(" finished .* train +4 +quickstart in " + folder.resolve("out"));
  }

  @Test
  @Order(2)
  void theWebUiTellsWhatRanAndHowItEnded() throws Exception {
    JsonNode job = latestJob();
    String path = "/jobs/" + job.path("jid").asText();

    assertThat(job.path("name").asText()).isEqualTo("dlio-flink train quickstart, 4 accelerators");
    JsonNode facts = cluster.get(path + "/config").at("/execution-config/user-config");
    assertThat(facts.path("dlio-flink.phase").asText()).isEqualTo("train");
    assertThat(facts.path("dlio-flink.epochs").asText()).isEqualTo("2");
    assertThat(cluster.get(path + "/plan").toString())
        .contains("Dataset: 64 npz files of 1 samples in ")
        .contains("Accelerator: 2 epochs of 4 steps, each of 20.0 ms of compute");
    Map<String, String> figures = new LinkedHashMap<>();
    for (JsonNode vertex : cluster.get(path).path("vertices")) {
      String accumulators = path + "/vertices/" + vertex.path("id").asText() + "/accumulators";
      for (JsonNode figure : cluster.get(accumulators).path("user-accumulators")) {
        figures.put(figure.path("name").asText(), figure.path("value").asText());
      }
    }
    assertThat(figures)
        .containsEntry("Verdict", "VALID")
        .containsKeys("AU (%)", "Throughput (samples/s)", "Results");
    assertThat(figures.get("Outcome")).startsWith("VALID");
    assertThat(figures.get("Progress")).startsWith("epoch 2 of 2, 32 of 32 steps of all ranks");
    assertThat(figures.get("Latency of step")).matches("p50 .* ms, p99 .* ms, max .* ms");
    for (String said : List.of("", "/config", "/plan", "/accumulators")) {
      assertThat(cluster.get(path + said).toString()).doesNotContain(SECRET);
    }
    assertThat(cluster.get("/applications/overview").toString()).doesNotContain(SECRET);
  }

  private static JsonNode latestJob() throws Exception {
    JsonNode latest = null;
    for (JsonNode job : cluster.get("/jobs/overview").path("jobs")) {
      if (latest == null || job.path("start-time").asLong() > latest.path("start-time").asLong()) {
        latest = job;
      }
    }
    return latest;
  }

  @Test
  @Order(3)
  void flinkRunWaitsAndShowsWhatTheCommandLineShows() throws Exception {
    assertWholeRun(cluster.flinkRun(folder.resolve("flink.log"), List.of(), wholeRun()));
  }

  @Test
  @Order(4)
  void flinkRunWithoutWaitingHandsTheRunOver() throws Exception {
    LauncherProcess submitted =
        cluster.flinkRun(folder.resolve("flink.log"), List.of("-d"), wholeRun());
    assertThat(submitted.exitCode()).as(submitted.output()).isZero();

    assertWholeRun(attach(jobOf(submitted)));
  }

  @Test
  @Order(5)
  void aJarOfTheWebUiRunsAllPhasesToo() throws Exception {
    String jar = cluster.uploadJobJar();
    JsonNode plan = cluster.runJar(jar, "plan", wholeRun());
    assertThat(plan.at("/plan/name").asText()).startsWith("dlio-flink generate quickstart");
    assertThat(folder.resolve("out")).doesNotExist();

    JsonNode answer = cluster.runJar(jar, "run", wholeRun());

    assertThat(answer.path("jobid").asText()).as(answer.toString()).isNotEmpty();
    assertWholeRun(attach(answer.path("jobid").asText()));
  }

  @Test
  @Order(6)
  void aJarRunAsApplicationDoesCheckpointsAlone() throws Exception {
    String jar = cluster.uploadJobJar();
    List<String> args =
        wholeRun(
            "++workload.workflow.generate_data=false",
            "++workload.workflow.train=false",
            "++workload.checkpoint.num_checkpoints_write=2",
            "++workload.checkpoint.num_checkpoints_read=1");
    JsonNode answer = cluster.runJar(jar, "run-application", args);

    String application = answer.path("applicationid").asText();
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                cluster
                    .get("/applications/" + application)
                    .path("status")
                    .asText()
                    .equals("FINISHED"));
    assertThat(report("report.json").path("verdict").asText()).isEqualTo("VALID");
  }

  @Test
  @Order(7)
  void aSubmissionThatCannotBeSaysWhyAtOnce() throws Exception {
    String jar = cluster.uploadJobJar();
    JsonNode refused = cluster.runJar(jar, "run", List.of("run", "workload=quickstart"));
    assertThat(refused.toString()).contains("A submitted job needs --output with an absolute path");

    List<String> tooLarge = wholeRun("--detached", "--cluster=" + cluster.restAddress());
    tooLarge.set(2, "--accelerators=9");
    LauncherProcess run = launch("submit.log", tooLarge.toArray(String[]::new));
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.output()).contains("has 4 free slots; 9 accelerators need 9");

    LauncherProcess unknown = attach("0123456789abcdef0123456789abcdef");
    assertThat(unknown.exitCode()).isEqualTo(2);
    assertThat(unknown.output()).contains("knows no run with the job '0123456789abcdef");
  }

  @Test
  @Order(8)
  void ctrlCEndsTheFollowerOnlyAndCancellingLeavesAPartialReport() throws Exception {
    LauncherProcess submitted = detached("++workload.train.computation_time=3600");
    LauncherProcess first = attach(jobOf(submitted));
    awaitOutput(first, "(?s).*epoch 1/2.*");
    first.interrupt();
    assertThat(first.exitCode()).isEqualTo(130);

    LauncherProcess second = attach();
    awaitOutput(second, "(?s).*epoch 1/2.*");
    cluster.cancel(latestJob().path("jid").asText());

    assertThat(second.exitCode()).as(second.output()).isEqualTo(130);
    await().atMost(PATIENCE).until(() -> report("report.json").path("partial").asBoolean());
    assertThat(report("report.json").path("verdict").asText()).isEqualTo("INVALID");
    assertThat(folder.resolve("out/summary.json")).doesNotExist();
    awaitNoApplication();
  }

  @Test
  @Order(9)
  void cancellingTheApplicationCancelsItsJob() throws Exception {
    LauncherProcess submitted = detached("++workload.train.computation_time=3600");
    LauncherProcess follower = attach(jobOf(submitted));
    awaitOutput(follower, "(?s).*epoch 1/2.*");

    cluster.cancelApplication("io.dlioflink.job.SubmittedJob");

    assertThat(follower.exitCode()).as(follower.output()).isEqualTo(130);
    await().atMost(PATIENCE).until(() -> report("report.json").path("partial").asBoolean());
    assertThat(report("report.json").path("verdict").asText()).isEqualTo("INVALID");
    awaitNoApplication();
    awaitNoJobs();
  }

  @Test
  @Order(10)
  void aKilledTaskManagerLeavesAReportThoughNobodyFollows() throws Exception {
    detached("++workload.train.computation_time=3600");
    await().atMost(PATIENCE).until(() -> Files.exists(folder.resolve("out/dlio.log")));

    cluster.killTaskManager(1);

    awaitNoApplication();
    assertThat(report("report.json").path("verdict").asText()).isEqualTo("INVALID");
    assertThat(report("report.json").path("partial").asBoolean()).isTrue();
    assertThat(report("report.json").path("reasons").get(0).asText()).isNotEmpty();
  }

  private static void awaitOutput(LauncherProcess run, String regex) {
    await()
        .atMost(PATIENCE)
        .failFast(() -> assertThat(run.alive()).as(run.output()).isTrue())
        .until(() -> run.output().matches(regex));
  }

  private static void awaitNoApplication() {
    await()
        .atMost(PATIENCE)
        .until(() -> !cluster.get("/applications/overview").toString().contains("\"RUNNING\""));
  }

  private static void awaitNoJobs() {
    await().atMost(PATIENCE).until(() -> cluster.runningTasks() == 0);
  }
}
