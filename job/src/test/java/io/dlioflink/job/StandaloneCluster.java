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
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A Flink session cluster of plain processes on loopback: a job manager and task managers from the
 * distribution's own jars, without our classes, so that the job jar is really needed.
 */
final class StandaloneCluster implements AutoCloseable {
  static final Path DISTRIBUTION = Path.of("target/dlio-flink-dist").toAbsolutePath();

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

  private void launch(String name, String mainClass) throws IOException {
    String flinkJars;
    try (Stream<Path> jars = Files.list(DISTRIBUTION.resolve("lib"))) {
      flinkJars =
          String.join(
              ":",
              jars.filter(jar -> !jar.getFileName().toString().startsWith("dlio-flink-"))
                  .map(Path::toString)
                  .toList());
    }
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
                flinkJars,
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

  private JsonNode get(String path) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://" + restAddress() + path)).build();
    return JSON.readTree(http.send(request, HttpResponse.BodyHandlers.ofString()).body());
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
