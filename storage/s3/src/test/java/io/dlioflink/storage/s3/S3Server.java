/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.s3;

import static org.awaitility.Awaitility.await;

import io.dlioflink.storage.StorageOptions;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * S3Proxy on loopback, in a process of its own since it brings other versions of what Flink brings.
 * It insists on signatures, holds objects in memory and ends with {@link #close} or with this
 * process. The build puts it at {@code target/s3proxy/s3proxy.jar} of the module; the system
 * property {@code s3proxy.jar} names another place.
 */
public final class S3Server implements AutoCloseable {
  /** Key that the server accepts. */
  public static final String ACCESS_KEY_ID = "AKIATESTSERVER";

  /** Its secret. */
  public static final String SECRET_ACCESS_KEY = "secret/of+the/test-server";

  private static final Duration START_TIMEOUT = Duration.ofSeconds(60);

  private final Process process;
  private final int port;
  private final Path folder;

  private S3Server(Process process, int port, Path folder) {
    this.process = process;
    this.port = port;
    this.folder = folder;
  }

  /** Starts one on a free port; returns when it answers. */
  public static S3Server start() throws IOException {
    return start(freePort());
  }

  /** Starts one on this port, for instance again. */
  public static S3Server start(int port) throws IOException {
    Path folder = Files.createTempDirectory("s3proxy");
    Path properties =
        Files.writeString(
            folder.resolve("s3proxy.properties"),
            String.join(
                "\n",
                "s3proxy.endpoint=http://127.0.0.1:" + port,
                "s3proxy.authorization=aws-v2-or-v4",
                "s3proxy.identity=" + ACCESS_KEY_ID,
                "s3proxy.credential=" + SECRET_ACCESS_KEY,
                "jclouds.provider=transient-nio2",
                "jclouds.identity=none",
                "jclouds.credential=none"));
    S3Server server = new S3Server(launch(properties, folder.resolve("log")), port, folder);
    try {
      await("S3Proxy")
          .atMost(START_TIMEOUT)
          .pollInterval(Duration.ofMillis(50))
          .until(server::answers);
    } catch (RuntimeException e) {
      String log = server.log();
      server.close();
      throw new IOException("S3Proxy did not start: " + log, e);
    }
    return server;
  }

  private static Process launch(Path properties, Path log) throws IOException {
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx512m",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            ownClasses() + File.pathSeparator + jar(),
            S3ServerMain.class.getName(),
            "--properties",
            properties.toString());
    ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(command));
    builder.environment().put("LOG_LEVEL", "warn");
    builder.environment().put("JETTY_LOG_LEVEL", "warn");
    return builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
  }

  private static Path ownClasses() {
    try {
      return Path.of(S3Server.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Path jar() {
    String own = repository().resolve("storage/s3/target/s3proxy/s3proxy.jar").toString();
    Path jar = Path.of(System.getProperty("s3proxy.jar", own));
    if (!Files.isRegularFile(jar)) {
      throw new IllegalStateException(
          "No %s; the phase generate-test-resources of Maven puts it there".formatted(jar));
    }
    return jar.toAbsolutePath();
  }

  private static Path repository() {
    Path folder = Path.of(System.getProperty("basedir", ".")).toAbsolutePath().normalize();
    while (!Files.exists(folder.resolve(".mvn")) && folder.getParent() != null) {
      folder = folder.getParent();
    }
    return folder;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private boolean answers() {
    if (!process.isAlive()) {
      throw new IllegalStateException("S3Proxy ended with " + process.exitValue());
    }
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  /** What it printed. */
  public String log() {
    try {
      return Files.readString(folder.resolve("log"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** {@code http://127.0.0.1:port}. */
  public String endpointUrl() {
    return "http://127.0.0.1:" + port;
  }

  /** Port it listens on. */
  public int port() {
    return port;
  }

  /** The storage options for it, and these. */
  public StorageOptions options(Map<String, String> more) {
    Map<String, String> options = new HashMap<>();
    options.put("access_key_id", ACCESS_KEY_ID);
    options.put("secret_access_key", SECRET_ACCESS_KEY);
    options.put("endpoint_url", endpointUrl());
    options.put("region", "us-east-1");
    options.putAll(more);
    return new StorageOptions(options);
  }

  /** The storage options for it. */
  public StorageOptions options() {
    return options(Map.of());
  }

  /** Makes a bucket; one that exists is no error. */
  public void createBucket(String name) {
    try (S3Client client = client()) {
      if (client.listBuckets().buckets().stream().noneMatch(found -> found.name().equals(name))) {
        client.createBucket(request -> request.bucket(name));
      }
    }
  }

  /** A client of the SDK for it. */
  public S3Client client() {
    return S3Client.builder()
        .endpointOverride(URI.create(endpointUrl()))
        .forcePathStyle(true)
        .region(Region.US_EAST_1)
        .credentialsProvider(
            StaticCredentialsProvider.create(
                AwsBasicCredentials.create(ACCESS_KEY_ID, SECRET_ACCESS_KEY)))
        .httpClientBuilder(Apache5HttpClient.builder())
        .build();
  }

  @Override
  public void close() {
    process.destroyForcibly();
    try {
      process.waitFor();
      for (String file : List.of("s3proxy.properties", "log", "")) {
        Files.deleteIfExists(folder.resolve(file));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
