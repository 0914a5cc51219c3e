/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.azure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.azure.storage.blob.BlobServiceClient;
import com.azure.storage.blob.BlobServiceClientBuilder;
import com.azure.storage.common.StorageSharedKeyCredential;
import io.dlioflink.storage.StorageOptions;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Azurite, Microsoft's emulator, on a free port of the loopback interface. Installed by npm below
 * {@code target/test-servers} of the repository when first needed.
 */
public final class AzureServer implements Closeable {
  private static final String LISTENING = "Azurite Blob service successfully listens on ";
  private static final String ACCOUNT = "dlioaccount";
  private static final String KEY =
      Base64.getEncoder().encodeToString("key of a test".getBytes(StandardCharsets.UTF_8));

  private final Process process;
  private final String address;

  private AzureServer(Process process, String address) {
    this.process = process;
    this.address = address;
  }

  /**
   * Starts one; skips the test where there is no npm, and fails there in continuous integration.
   */
  public static AzureServer start() throws IOException, InterruptedException {
    boolean found = hasNpm();
    String message = "no npm, which installs Azurite";
    if ("true".equals(System.getenv("CI"))) {
      assertThat(found).as(message).isTrue();
    }
    assumeTrue(found, message);
    Path program = installed().resolve("node_modules/azurite/dist/src/blob/main.js");
    ProcessBuilder builder =
        new ProcessBuilder(
                "node",
                program.toString(),
                "--inMemoryPersistence",
                "--skipApiVersionCheck",
                "--disableTelemetry",
                "--silent",
                "--blobHost",
                "127.0.0.1",
                "--blobPort",
                "0")
            .redirectErrorStream(true);
    builder.environment().put("AZURITE_ACCOUNTS", ACCOUNT + ":" + KEY);
    Process process = builder.start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    return new AzureServer(process, awaitAddress(process));
  }

  private static String awaitAddress(Process process) throws IOException {
    StringBuilder output = new StringBuilder();
    BufferedReader reader = process.inputReader(StandardCharsets.UTF_8);
    for (String line = reader.readLine(); line != null; line = reader.readLine()) {
      if (line.startsWith(LISTENING)) {
        drain(reader);
        return line.substring(LISTENING.length()).trim();
      }
      output.append(line).append('\n');
    }
    throw new IOException("Azurite did not start:\n" + output);
  }

  private static void drain(BufferedReader reader) {
    Thread thread = new Thread(() -> reader.lines().forEach(line -> {}), "azurite-output");
    thread.setDaemon(true);
    thread.start();
  }

  private static boolean hasNpm() throws InterruptedException {
    try {
      return new ProcessBuilder("npm", "--version")
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
    Path folder = repository().resolve("target/test-servers/azurite");
    Files.createDirectories(folder);
    try (FileChannel channel =
            FileChannel.open(
                folder.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = channel.lock()) {
      assertThat(lock.isValid()).isTrue();
      Path lockFile = folder.resolve("package-lock.json");
      Path done = folder.resolve(".installed");
      byte[] wanted = resource("package-lock.json");
      if (Files.exists(done) && Arrays.equals(Files.readAllBytes(done), wanted)) {
        return folder;
      }
      Files.write(folder.resolve("package.json"), resource("package.json"));
      Files.write(lockFile, wanted);
      Process npm =
          new ProcessBuilder(
                  "npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error")
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .start();
      String output = new String(npm.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(npm.waitFor()).as("npm ci in %s: %s", folder, output).isZero();
      Path marker = folder.resolve(".installing");
      Files.write(marker, wanted);
      Files.move(marker, done, StandardCopyOption.REPLACE_EXISTING);
      return folder;
    }
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream in = AzureServer.class.getResourceAsStream("azurite/" + name)) {
      return in.readAllBytes();
    }
  }

  private static Path repository() {
    Path folder = Path.of(System.getProperty("basedir", ".")).toAbsolutePath().normalize();
    while (!Files.exists(folder.resolve(".mvn")) && folder.getParent() != null) {
      folder = folder.getParent();
    }
    return folder;
  }

  /** The name of the only account. */
  public String account() {
    return ACCOUNT;
  }

  /** Its key, Base64. */
  public String key() {
    return KEY;
  }

  /** Where it listens, {@code http://127.0.0.1:PORT}. */
  public String address() {
    return address;
  }

  /** {@code storage_options} that reach it. */
  public Map<String, String> options() {
    return Map.of("account_name", ACCOUNT, "account_key", KEY, "endpoint_url", address);
  }

  /** The same as {@link StorageOptions}. */
  public StorageOptions storageOptions() {
    return new StorageOptions(options());
  }

  /** The same for other programs. */
  public String connectionString() {
    return "DefaultEndpointsProtocol=http;AccountName=%s;AccountKey=%s;BlobEndpoint=%s/%s"
        .formatted(ACCOUNT, KEY, address, ACCOUNT);
  }

  /** Makes a container; one that exists is no error. */
  public void createContainer(String name) {
    client().getBlobContainerClient(name).createIfNotExists();
  }

  /** A client of the account, for looks behind the scenes. */
  BlobServiceClient client() {
    return new BlobServiceClientBuilder()
        .endpoint(address + "/" + ACCOUNT)
        .credential(new StorageSharedKeyCredential(ACCOUNT, KEY))
        .buildClient();
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
      throw new UncheckedIOException(new IOException("Interrupted while Azurite stopped", e));
    }
  }
}
