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
import java.util.Arrays;
import java.util.Collections;
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

  private static final Path PLUGINS = Path.of("target/flink-plugins").toAbsolutePath();
  private static final Path JOB_JAR = DISTRIBUTION.resolve("job/dlio-flink-job.jar");
  private static final Duration START_TIMEOUT = Duration.ofMinutes(2);
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * Where a process of the cluster is.
   *
   * @param address its address
   * @param command what starts it there, before its own command
   */
  record Site(String address, List<String> command) {
    static final Site LOOPBACK = new Site("localhost", List.of());
  }

  private final Path folder;
  private final List<Site> sites;
  private final List<String> settings;
  private final int taskManagers;
  private final HttpClient http = HttpClient.newHttpClient();
  private final int restPort;
  private final List<Process> processes = new ArrayList<>();

  private StandaloneCluster(Path folder, int taskManagers, List<Site> sites, List<String> settings)
      throws IOException {
    this.folder = folder;
    this.settings = settings;
    this.taskManagers = taskManagers;
    this.sites = sites;
    this.restPort = freePort();
  }

  static StandaloneCluster start(Path folder, int taskManagers, int slotsEach) throws IOException {
    return start(
        folder, slotsEach, Collections.nCopies(1 + taskManagers, StandaloneCluster.Site.LOOPBACK));
  }

  /** A cluster of a job manager at the first site, and task managers at the others. */
  static StandaloneCluster start(Path folder, int slotsEach, List<Site> sites) throws IOException {
    return start(folder, slotsEach, sites, List.of());
  }

  /** A cluster on loopback with lines of its own in its configuration. */
  static StandaloneCluster start(
      Path folder, int taskManagers, int slotsEach, List<String> settings) throws IOException {
    return start(
        folder,
        slotsEach,
        Collections.nCopies(1 + taskManagers, StandaloneCluster.Site.LOOPBACK),
        settings);
  }

  private static StandaloneCluster start(
      Path folder, int slotsEach, List<Site> sites, List<String> settings) throws IOException {
    int taskManagers = sites.size() - 1;
    StandaloneCluster cluster =
        new StandaloneCluster(Files.createDirectories(folder), taskManagers, sites, settings);
    cluster.configure(slotsEach);
    cluster.processes.add(cluster.launchJobManager());
    for (int i = 0; i < taskManagers; i++) {
      cluster.launchTaskManager(i);
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
            "jobmanager.rpc.address: " + sites.get(0).address(),
            "jobmanager.rpc.port: " + rpcPort,
            "jobmanager.bind-host: " + sites.get(0).address(),
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
            "rest.address: " + sites.get(0).address(),
            "rest.bind-address: " + sites.get(0).address(),
            "rest.port: " + restPort,
            "metrics.fetcher.update-interval: 500",
            "heartbeat.interval: 2000",
            "heartbeat.timeout: 8000",
            "taskmanager.network.netty.client.tcp.keepIdleSec: 3",
            "taskmanager.network.netty.client.tcp.keepIntervalSec: 1",
            "taskmanager.network.netty.client.tcp.keepCount: 3",
            "blob.storage.directory: " + folder.resolve("blobs"),
            String.join("\n", settings),
            ""));
  }

  private Process launchJobManager() throws IOException {
    return launch(
        0, "jobmanager", "org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint");
  }

  private void launchTaskManager(int number) throws IOException {
    String address = sites.get(1 + number % taskManagers).address();
    processes.add(
        launch(
            1 + number % taskManagers,
            "taskmanager-" + number,
            "org.apache.flink.runtime.taskexecutor.TaskManagerRunner",
            "-D",
            "taskmanager.host=" + address,
            "-D",
            "taskmanager.bind-host=" + address,
            "-D",
            "taskmanager.resource-id=taskmanager-" + number));
  }

  static String flinkJars() throws IOException {
    try (Stream<Path> jars = Files.list(DISTRIBUTION.resolve("lib"))) {
      return String.join(
          ":",
          jars.filter(jar -> !jar.getFileName().toString().startsWith("dlio-flink-"))
              .map(Path::toString)
              .toList());
    }
  }

  private Process launch(int site, String name, String mainClass, String... settings)
      throws IOException {
    Path log = folder.resolve(name + ".log");
    List<String> command = new ArrayList<>(sites.get(site).command());
    command.addAll(
        List.of(
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
            folder.toString()));
    command.addAll(Arrays.asList(settings));
    ProcessBuilder process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    process.environment().put("FLINK_PLUGINS_DIR", PLUGINS.toString());
    return process.start();
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
    return sites.get(0).address() + ":" + restPort;
  }

  /** SIGKILL. */
  void killTaskManager(int number) {
    processes.get(1 + number).destroyForcibly();
  }

  /** SIGKILL. */
  void killJobManager() {
    processes.get(0).destroyForcibly();
  }

  /** In place of one that was killed. */
  void startJobManager() throws IOException {
    processes.set(0, launchJobManager());
  }

  /** A signal of {@code kill}, e.g. STOP. */
  void signalTaskManager(int number, String signal) throws IOException, InterruptedException {
    String process = String.valueOf(processes.get(1 + number).pid());
    new ProcessBuilder("kill", "-" + signal, process).start().waitFor();
  }

  /** One more, at the site of the first; waits until it has registered. */
  void addTaskManager() throws IOException {
    int number = processes.size() - 1;
    launchTaskManager(number);
    await()
        .atMost(START_TIMEOUT)
        .ignoreExceptions()
        .until(() -> registered().contains("taskmanager-" + number));
  }

  /** The task managers that the job manager knows. */
  List<String> registered() throws IOException, InterruptedException {
    List<String> names = new ArrayList<>();
    get("/taskmanagers")
        .path("taskmanagers")
        .forEach(known -> names.add(known.path("id").asText()));
    return names;
  }

  /** The number of the task manager in which a task runs whose name begins so. */
  int taskManagerOf(String taskName) throws IOException, InterruptedException {
    for (JsonNode job : get("/jobs/overview").path("jobs")) {
      if (job.path("state").asText().equals("RUNNING")) {
        String path = "/jobs/" + job.path("jid").asText();
        for (JsonNode vertex : get(path).path("vertices")) {
          if (vertex.path("name").asText().startsWith(taskName)) {
            JsonNode task = get(path + "/vertices/" + vertex.path("id").asText());
            String id = task.at("/subtasks/0/taskmanager-id").asText();
            return Integer.parseInt(id.substring("taskmanager-".length()));
          }
        }
      }
    }
    throw new IllegalStateException("No task " + taskName + " runs");
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

  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  @Override
  public void close() {
    processes.forEach(Process::destroyForcibly);
  }
}
