/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job.objectstore;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlioflink.job.CommandLineRun;
import io.dlioflink.job.launch.LocalCluster;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoctorITCase {
  @TempDir private Path folder;
  private ServerSocket endpoint;
  private volatile Duration skew = Duration.ZERO;

  @BeforeEach
  void startEndpoint() throws IOException {
    FakeObjectStore.reset();
    endpoint = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread server = new Thread(this::serve, "endpoint");
    server.setDaemon(true);
    server.start();
    FakeObjectStore.endpoints = List.of(address());
  }

  @AfterEach
  void stopEndpoint() throws IOException {
    endpoint.close();
  }

  /** Refuses everybody and tells the time. */
  private void serve() {
    while (!endpoint.isClosed()) {
      try (Socket client = endpoint.accept()) {
        BufferedReader request =
            new BufferedReader(
                new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII));
        String line = request.readLine();
        while (line != null && !line.isEmpty()) {
          line = request.readLine();
        }
        String date =
            DateTimeFormatter.RFC_1123_DATE_TIME.format(
                ZonedDateTime.now(ZoneOffset.UTC).plus(skew));
        String answer =
            "HTTP/1.1 403 Forbidden\r\nDate: %s\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                .formatted(date);
        client.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
      } catch (IOException e) {
        // Closed, or a client that went away.
      }
    }
  }

  private String address() {
    return "127.0.0.1:" + endpoint.getLocalPort();
  }

  private static CommandLineRun doctor(String... more) {
    List<String> args = new ArrayList<>(List.of("doctor", "workload=quickstart"));
    args.addAll(Arrays.asList(more));
    return CommandLineRun.of(args.toArray(String[]::new));
  }

  private CommandLineRun doctorOfStore(String... more) {
    List<String> args =
        new ArrayList<>(
            List.of(
                "--output=fake://bucket/results",
                "++workload.dataset.data_folder=fake://bucket/data",
                "++workload.workflow.checkpoint=true",
                "++workload.checkpoint.checkpoint_folder=fake://bucket/checkpoints",
                "++workload.storage.storage_options.secret_access_key=" + FakeObjectStore.SECRET));
    args.addAll(Arrays.asList(more));
    return doctor(args.toArray(String[]::new));
  }

  @Test
  void foldersThatAreFineAreLeftAsTheyWere() throws Exception {
    Files.writeString(folder.resolve("mine"), "mine");

    CommandLineRun run =
        doctor(
            "--accelerators=2",
            "--output=" + folder.resolve("a/b/results"),
            "++workload.dataset.data_folder=" + folder.resolve("data"));

    assertThat(run.exitCode()).as(run.out() + run.err()).isZero();
    assertThat(run.out())
        .contains("All is well")
        .containsPattern("slots +ok +2 free of 2 on 1 workers, for 2 accelerators")
        .containsPattern("dataset: put +ok +[0-9.]+ ms")
        .containsPattern("dataset: range +ok")
        .containsPattern("output: delete +ok")
        .containsPattern("dataset: free space +ok .*needed are 16.0 MiB")
        .containsPattern("memory +ok")
        .containsPattern("dataset: clock +skipped +a mounted file system tells no date");
    try (Stream<Path> left = Files.walk(folder)) {
      assertThat(left.filter(path -> !path.equals(folder))).containsExactly(folder.resolve("mine"));
    }
  }

  @Test
  void aFolderThatCannotBeIsNamedWithWhatToChange() throws Exception {
    Files.writeString(folder.resolve("file"), "not a folder");

    CommandLineRun run =
        doctor(
            "--output=" + folder.resolve("results"),
            "++workload.dataset.data_folder=" + folder.resolve("file/data"));

    assertThat(run.exitCode()).isEqualTo(4);
    assertThat(run.out())
        .containsPattern("dataset: put +FAILED .*file")
        .contains("    -> ")
        .contains("A run would fail: change what is marked FAILED");
    assertThat(folder.resolve("file")).hasContent("not a folder");
    assertThat(folder.resolve("results")).doesNotExist();
  }

  @Test
  void aStoreThatIsFineIsLeftAsItWas() {
    FakeObjectStore.OBJECTS.put("bucket/data/mine", new byte[1]);

    CommandLineRun run = doctorOfStore("--accelerators=2");

    assertThat(run.exitCode()).as(run.out() + run.err()).isZero();
    assertThat(run.out())
        .containsPattern("checkpoints: get +ok")
        .containsPattern("endpoint " + address() + " +ok +answers in")
        .containsPattern("clock of " + address() + " +ok +this host is 0 s");
    assertThat(FakeObjectStore.OBJECTS).containsOnlyKeys("bucket/data/mine");
  }

  @Test
  void whatAStoreRefusesAndClocksThatDifferAreNamedWithWhatToChange() {
    FakeObjectStore.readOnly = "bucket/checkpoints";
    skew = Duration.ofMinutes(20);

    CommandLineRun run = doctorOfStore("--accelerators=2");

    assertThat(run.exitCode()).isEqualTo(4);
    assertThat(run.out())
        .containsPattern("checkpoints: put +FAILED +403 AccessDenied: fake://bucket/checkpoints/")
        .contains("-> give the credentials of this host the right to write")
        .containsPattern("dataset: put +ok")
        .containsPattern("clock of " + address() + " +FAILED +this host is (1199|1200) s behind")
        .contains("-> set the clocks");
    assertThat(FakeObjectStore.OBJECTS).isEmpty();
  }

  @Test
  void endpointsThatDoNotAnswerAndUnknownKeysAreNamed() throws Exception {
    endpoint.close();

    CommandLineRun run =
        doctorOfStore(
            "++workload.storage.endpoints=[http://no-such-host.invalid:9000]",
            "++workload.storage.storage_options.secret_access_key=MARKED-WRONG");

    assertThat(run.exitCode()).isEqualTo(4);
    assertThat(run.out())
        .containsPattern("dataset: open +FAILED +The store does not know the key")
        .containsPattern(
            "endpoint http://no-such-host.invalid:9000 +FAILED +the name .* is not known")
        .doesNotContain("MARKED");
    CommandLineRun refused = doctorOfStore("--accelerators=2");
    assertThat(refused.out())
        .containsPattern("endpoint " + address() + " +FAILED +the connection was refused");
  }

  @Test
  void aClusterWithTooFewSlotsIsToldAndItsWorkerLookedAtOnce() throws Exception {
    Path jar = folder.resolve("job.jar");
    new JarOutputStream(Files.newOutputStream(jar)).close();
    System.setProperty("dlio-flink.job.jar", jar.toString());
    try (LocalCluster cluster = LocalCluster.start(3, 0)) {
      CommandLineRun run =
          doctorOfStore(
              "--accelerators=4",
              "--cluster=" + cluster.address().getHost() + ":" + cluster.address().getPort());

      assertThat(run.exitCode()).as(run.err()).isEqualTo(4);
      assertThat(run.out())
          .containsPattern("slots +FAILED +3 free of 3 on 1 workers, for 4 accelerators")
          .contains("-> start more task managers")
          .containsOnlyOnce("dataset: put");
    } finally {
      System.clearProperty("dlio-flink.job.jar");
    }
  }
}
