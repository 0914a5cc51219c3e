/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * A Flink session cluster of plain processes on loopback: a job manager and task managers from the
 * distribution's own jars, without our classes, so that the job jar is really needed.
 */
final class StandaloneCluster implements AutoCloseable {
  static final Path DISTRIBUTION = Path.of("target/dlio-flink-dist").toAbsolutePath();

  private static final Path JOB_JAR = DISTRIBUTION.resolve("job/dlio-flink-job.jar");
  private static final Duration START_TIMEOUT = Duration.ofMinutes(2);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path folder;
  private final HttpClient http = HttpClient.newHttpClient();
  private final int restPort;
  private final List<Process> processes = new ArrayList<>();

  private StandaloneCluster(Path folder) throws IOException {
    this.folder = folder;
    this.restPort = freePort();
  }

  static StandaloneCluster start(Path folder, int taskManagers, int slotsEach) throws IOException {
    StandaloneCluster cluster = new StandaloneCluster(Files.createDirectories(folder));
    cluster.configure(slotsEach);
    cluster.launch(
        "jobmanager", "org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint");
    for (int i = 0; i < taskManagers; i++) {
      cluster.launch("taskmanager-" + i, "org.apache.flink.runtime.taskexecutor.TaskManagerRunner");
    }
    try {
      await()
          .atMost(START_TIMEOUT)
          .failFast("a process of the cluster ended", () -> !cluster.allAlive())
          .ignoreExceptions()
          .until(() -> cluster.slots() == taskManagers * slotsEach);
    } catch (RuntimeException e) {
      cluster.close();
      throw new IOException(cluster.logs(), e);
    }
    return cluster;
  }

  private void configure(int slotsEach) throws IOException {
    int rpcPort = freePort();
    Files.writeString(
        folder.resolve("config.yaml"),
        String.join(
            "\n",
            "jobmanager.rpc.address: localhost",
            "jobmanager.rpc.port: " + rpcPort,
            "jobmanager.bind-host: localhost",
            "taskmanager.host: localhost",
            "taskmanager.bind-host: localhost",
            "taskmanager.numberOfTaskSlots: " + slotsEach,
            "taskmanager.load-balance.mode: SLOTS",
            "taskmanager.cpu.cores: " + slotsEach,
            "taskmanager.memory.framework.heap.size: 128m",
            "taskmanager.memory.framework.off-heap.size: 128m",
            "taskmanager.memory.task.heap.size: 256m",
            "taskmanager.memory.task.off-heap.size: 512m",
            "taskmanager.memory.network.min: 32m",
            "taskmanager.memory.network.max: 32m",
            "taskmanager.memory.managed.size: 8m",
            "taskmanager.memory.jvm-metaspace.size: 256m",
            "taskmanager.memory.jvm-overhead.min: 64m",
            "taskmanager.memory.jvm-overhead.max: 64m",
            "rest.address: localhost",
            "rest.bind-address: localhost",
            "rest.port: " + restPort,
            "metrics.fetcher.update-interval: 500",
            "heartbeat.interval: 2000",
            "heartbeat.timeout: 8000",
            "blob.storage.directory: " + folder.resolve("blobs"),
            ""));
  }

  private static String flinkJars() throws IOException {
    try (Stream<Path> jars = Files.list(DISTRIBUTION.resolve("lib"))) {
      return String.join(
          ":",
          jars.filter(jar -> !jar.getFileName().toString().startsWith("dlio-flink-"))
              .map(Path::toString)
              .toList());
    }
  }

  private void launch(String name, String mainClass) throws IOException {
    Path log = folder.resolve(name + ".log");
    processes.add(
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx700m",
                "--add-opens=java.base/java.util=ALL-UNNAMED",
                "--add-opens=java.base/java.lang=ALL-UNNAMED",
                "-Djava.io.tmpdir=" + Files.createDirectories(folder.resolve("tmp-" + name)),
                "-Dlog4j2.level=info",
                "-Dorg.apache.logging.log4j.simplelog.StatusLogger.level=error",
                "-cp",
                flinkJars(),
                mainClass,
                "--configDir",
                folder.toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start());
  }

  private boolean allAlive() {
    return processes.stream().allMatch(Process::isAlive);
  }

  private int slots() throws IOException, InterruptedException {
    return get("/overview").path("slots-total").asInt();
  }

  private String logs() throws IOException {
    StringBuilder text = new StringBuilder();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path log : files.filter(file -> file.toString().endsWith(".log")).toList()) {
        text.append(log).append(":\n").append(Files.readString(log)).append('\n');
      }
    }
    return text.toString();
  }

  String restAddress() {
    return "localhost:" + restPort;
  }

  /** SIGKILL. */
  void killTaskManager(int number) {
    processes.get(1 + number).destroyForcibly();
  }

  /** How many tasks of all jobs run. */
  int runningTasks() throws IOException, InterruptedException {
    int running = 0;
    for (JsonNode job : get("/jobs/overview").path("jobs")) {
      running += job.at("/tasks/running").asInt();
    }
    return running;
  }

  /** {@code flink run OPTIONS job.jar ARGS}. */
  LauncherProcess flinkRun(Path log, List<String> options, List<String> args) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-opens=java.base/java.util=ALL-UNNAMED",
                "--add-opens=java.base/java.lang=ALL-UNNAMED",
                "-Dorg.apache.logging.log4j.simplelog.StatusLogger.level=error",
                "-cp",
                flinkJars(),
                "org.apache.flink.client.cli.CliFrontend",
                "run",
                "-m",
                restAddress()));
    command.addAll(options);
    command.add(JOB_JAR.toString());
    command.addAll(args);
    ProcessBuilder process = new ProcessBuilder(command);
    process.environment().put("FLINK_CONF_DIR", folder.toString());
    return LauncherProcess.start(log, process);
  }

  /** What the web UI does with a jar; returns its id. */
  String uploadJobJar() throws IOException, InterruptedException {
    String boundary = "----" + UUID.randomUUID();
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://" + restAddress() + "/jars/upload"))
            .header("Content-Type", "multipart/form-data; boundary=" + boundary)
            .POST(
                BodyPublishers.concat(
                    BodyPublishers.ofString(
                        "--%s\r\nContent-Disposition: form-data; name=\"jarfile\"; filename=\"job.jar\"\r\nContent-Type: application/java-archive\r\n\r\n"
                            .formatted(boundary)),
                    BodyPublishers.ofFile(JOB_JAR),
                    BodyPublishers.ofString("\r\n--" + boundary + "--\r\n")))
            .build();
    String file = send(request).path("filename").asText();
    return file.substring(file.lastIndexOf('/') + 1);
  }

  /**
   * Does something with an uploaded jar.
   *
   * @param verb {@code run}, {@code plan} or {@code run-application}
   */
  JsonNode runJar(String jar, String verb, List<String> args)
      throws IOException, InterruptedException {
    String body = JSON.writeValueAsString(Map.of("programArgsList", args));
    return send(
        HttpRequest.newBuilder(URI.create("http://" + restAddress() + "/jars/" + jar + "/" + verb))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body))
            .build());
  }

  /** What the web UI does to cancel a job. */
  void cancel(String job) throws IOException, InterruptedException {
    send(
        HttpRequest.newBuilder(
                URI.create("http://" + restAddress() + "/jobs/" + job + "?mode=cancel"))
            .method("PATCH", BodyPublishers.noBody())
            .build());
  }

  /** What the web UI does to cancel the one running application of this name. */
  void cancelApplication(String name) throws IOException, InterruptedException {
    for (JsonNode application : get("/applications/overview").path("applications")) {
      if (application.path("status").asText().equals("RUNNING")
          && application.path("name").asText().equals(name)) {
        String path = "/applications/" + application.path("id").asText() + "/cancel";
        send(
            HttpRequest.newBuilder(URI.create("http://" + restAddress() + path))
                .POST(BodyPublishers.noBody())
                .build());
      }
    }
  }

  private JsonNode send(HttpRequest request) throws IOException, InterruptedException {
    return JSON.readTree(http.send(request, HttpResponse.BodyHandlers.ofString()).body());
  }

  JsonNode get(String path) throws IOException, InterruptedException {
    return send(HttpRequest.newBuilder(URI.create("http://" + restAddress() + path)).build());
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  @Override
  public void close() {
    processes.forEach(Process::destroyForcibly);
  }
}
