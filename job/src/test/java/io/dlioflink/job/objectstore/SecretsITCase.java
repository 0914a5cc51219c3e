/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job.objectstore;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dlioflink.job.CommandLineRun;
import io.dlioflink.job.launch.LocalCluster;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.WriterAppender;
import org.apache.logging.log4j.core.config.Configuration;
import org.apache.logging.log4j.core.layout.PatternLayout;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs with marked secrets leave them nowhere: not on the console, in logs down to debug, in
 * results, in what Flink's web UI shows, nor in what a failure says.
 */
class SecretsITCase {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String JOB_JAR = "dlio-flink.job.jar";

  /** Part of every secret used here. */
  private static final String MARK = "MARKED";

  @TempDir private Path folder;
  private final StringWriter log = new StringWriter();
  private final HttpClient http = HttpClient.newHttpClient();
  private WriterAppender appender;
  private Level levelBefore;
  private LocalCluster cluster;

  @BeforeEach
  void listen() throws IOException {
    FakeObjectStore.reset();
    Configuration logging = LoggerContext.getContext(false).getConfiguration();
    appender =
        WriterAppender.createAppender(
            PatternLayout.newBuilder().withPattern("%c %m %throwable%n").build(),
            null,
            log,
            "heard",
            false,
            true);
    appender.start();
    levelBefore = logging.getRootLogger().getLevel();
    logging.getRootLogger().addAppender(appender, Level.DEBUG, null);
    logging.getRootLogger().setLevel(Level.DEBUG);
    LoggerContext.getContext(false).updateLoggers();
    cluster = LocalCluster.start(2, 0);
    Path jar = folder.resolve("job.jar");
    new JarOutputStream(Files.newOutputStream(jar)).close();
    System.setProperty(JOB_JAR, jar.toString());
  }

  @AfterEach
  void stop() throws IOException {
    System.clearProperty(JOB_JAR);
    cluster.close();
    Configuration logging = LoggerContext.getContext(false).getConfiguration();
    logging.getRootLogger().removeAppender("heard");
    logging.getRootLogger().setLevel(levelBefore);
    LoggerContext.getContext(false).updateLoggers();
  }

  private CommandLineRun run(String command, String output, String... more) throws IOException {
    List<String> args =
        new ArrayList<>(
            List.of(
                command,
                "workload=quickstart",
                "--cluster=" + cluster.address().getHost() + ":" + cluster.address().getPort(),
                "--accelerators=2",
                "--output=" + output,
                "++workload.dataset.data_folder=fake://bucket/data",
                "++workload.checkpoint.checkpoint_folder=fake://bucket/checkpoints",
                "++workload.storage.storage_options.access_key_id=MARKED-ID",
                "++workload.storage.storage_options.secret_access_key=" + FakeObjectStore.SECRET,
                "++workload.storage.storage_options.session_token=MARKED-TOKEN",
                "++workload.storage.storage_options.connection_string='AccountKey=MARKED-KEY'",
                "++workload.storage.storage_options.endpoint_url='http://user:MARKED-PASS@h:1/?sig=MARKED-SIG'",
                "++workload.train.computation_time=0.002"));
    args.addAll(Arrays.asList(more));
    return CommandLineRun.of(args.toArray(String[]::new));
  }

  @Test
  void aRunThatSucceedsAndOneThatFailsTellNobody() throws Exception {
    CommandLineRun good =
        run(
            "run",
            folder.resolve("good").toString(),
            "--access-log",
            "++workload.workflow.checkpoint=true",
            "++workload.checkpoint.checkpoint_after_epoch=1");
    assertThat(good.exitCode()).as(good.err() + good.out()).isZero();

    FakeObjectStore.brokenSuffix = "img_07_of_64.npz";
    CommandLineRun broken = run("train", "fake://bucket/broken");
    assertThat(broken.exitCode()).isEqualTo(4);
    FakeObjectStore.OBJECTS.keySet().removeIf(key -> key.startsWith("bucket/data/"));
    CommandLineRun missing = run("train", folder.resolve("missing").toString());
    assertThat(missing.exitCode()).isEqualTo(3);
    assertThat(missing.err()).contains("secret_access_key=***");
    CommandLineRun denied =
        run(
            "train",
            folder.resolve("denied").toString(),
            "++workload.storage.storage_options.secret_access_key=MARKED-WRONG");
    assertThat(denied.exitCode()).isEqualTo(4);

    Map<String, String> seen = new TreeMap<>();
    Stream.of(good, broken, missing, denied)
        .forEach(run -> seen.merge("console", run.out() + run.err(), String::concat));
    seen.put("log", log.toString());
    FakeObjectStore.OBJECTS.forEach(
        (key, bytes) -> seen.put(key, new String(bytes, StandardCharsets.ISO_8859_1)));
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        seen.put(file.toString(), Files.readString(file, StandardCharsets.ISO_8859_1));
      }
    }
    seen.putAll(webUi());
    assertThat(seen.keySet()).anyMatch(name -> name.endsWith("report.json"));
    assertThat(seen.keySet()).anyMatch(name -> name.endsWith("config.yaml"));
    assertThat(seen.get("log")).contains("dlio-flink train quickstart");
    seen.forEach((where, text) -> assertThat(around(text)).as(where).isEmpty());
  }

  private static String around(String text) {
    int at = text.indexOf(MARK);
    return at < 0 ? "" : text.substring(Math.max(0, at - 200), Math.min(text.length(), at + 40));
  }

  /** All that the REST API says of the cluster and its jobs. */
  private Map<String, String> webUi() throws IOException, InterruptedException {
    Map<String, String> answers = new TreeMap<>();
    for (String path :
        List.of(
            "/config",
            "/overview",
            "/jobs/overview",
            "/jobmanager/config",
            "/jobmanager/environment",
            "/jobmanager/logs",
            "/jobmanager/metrics",
            "/taskmanagers",
            "/jars")) {
      answers.put(path, get(path));
    }
    for (JsonNode job : JSON.readTree(answers.get("/jobs/overview")).path("jobs")) {
      String of = "/jobs/" + job.path("jid").asText();
      answers.put(of, get(of));
      for (String part :
          List.of(
              "/config",
              "/plan",
              "/exceptions",
              "/accumulators?includeSerializedValue=true",
              "/checkpoints",
              "/jobmanager/config",
              "/jobmanager/environment")) {
        answers.put(of + part, get(of + part));
      }
      for (JsonNode vertex : JSON.readTree(answers.get(of)).path("vertices")) {
        String task = of + "/vertices/" + vertex.path("id").asText();
        for (String part :
            List.of("", "/accumulators", "/subtasks/accumulators", "/taskmanagers", "/metrics")) {
          answers.put(task + part, get(task + part));
        }
      }
    }
    assertThat(answers.keySet()).filteredOn(name -> name.endsWith("/plan")).hasSizeGreaterThan(4);
    return answers;
  }

  private String get(String path) throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(URI.create(cluster.address() + path)).build();
    return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
  }
}
