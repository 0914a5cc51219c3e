/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.s3;

import static io.dlioflink.storage.StoredFiles.content;
import static io.dlioflink.storage.StoredFiles.list;
import static io.dlioflink.storage.StoredFiles.read;
import static io.dlioflink.storage.StoredFiles.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.dlioflink.storage.Location;
import io.dlioflink.storage.Storage;
import io.dlioflink.storage.Storages;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * boto3 reads what we write, and the reverse. Skipped where there is no Python with boto3: {@code
 * DLIO_FLINK_PYTHON} names the interpreter, by default {@code python3}.
 */
class Boto3InteropIT {
  private static final String PYTHON =
      Optional.ofNullable(System.getenv("DLIO_FLINK_PYTHON")).orElse("python3");
  private static final Path SCRIPT =
      Path.of(System.getProperty("basedir", "."), "src/test/python/check_boto3.py");
  private static final int MIB = 1024 * 1024;

  @TempDir private Path folder;

  @Test
  void boto3ReadsWhatWeWriteAndTheReverse() throws Exception {
    assumeBoto3();
    Location root = Location.parse("s3://interop/a prefix");
    try (S3Server server = S3Server.start()) {
      server.createBucket("interop");
      try (Storage storage =
          Storages.open(root, server.options(Map.of("s3_read_split_mib", "4")))) {
        Path objects = Files.write(folder.resolve("objects"), writeObjects(storage, root));
        assertThat(
                run(
                    SCRIPT.toString(),
                    server.endpointUrl(),
                    root.authority(),
                    root.path() + "/",
                    objects.toString()))
            .contains("8 objects checked, 0 failed");

        Location theirs = root.child("by boto3");
        assertThat(list(storage, theirs)).hasSize(4);
        for (int length : new int[] {0, 1, 70_000, 17 * MIB + 3}) {
          assertThat(read(storage, theirs.child(Integer.toString(length)))).isEqualTo(made(length));
        }
      }
    }
  }

  private static List<String> writeObjects(Storage storage, Location root) throws Exception {
    List<String> lines = new ArrayList<>();
    for (int length : new int[] {0, 1, 65_536, 8 * MIB, 8 * MIB + 1, 25 * MIB}) {
      lines.add(writeObject(storage, root.child("train/img_" + length), length));
    }
    lines.add(writeObject(storage, root.child("odd/ünï 100%+&=?#.npz"), 1000));
    lines.add(writeObject(storage, root.child("odd/it's \"quoted\";,"), 1000));
    return lines;
  }

  private static String writeObject(Storage storage, Location file, int length)
      throws IOException, NoSuchAlgorithmException {
    byte[] content = content(length, length);
    write(storage, file, content);
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
    return "%s %d %s".formatted(HexFormat.of().formatHex(digest), length, file.path());
  }

  private static byte[] made(int length) {
    byte[] content = new byte[length];
    for (int i = 0; i < length; i++) {
      content[i] = (byte) ((i % 251 * 7 + length) % 251);
    }
    return content;
  }

  private static void assumeBoto3() throws InterruptedException {
    boolean found;
    try {
      found = start("-c", "import boto3").waitFor() == 0;
    } catch (IOException e) {
      found = false;
    }
    String message = "no boto3 in %s (DLIO_FLINK_PYTHON names another)".formatted(PYTHON);
    if ("true".equals(System.getenv("CI"))) {
      assertThat(found).as(message).isTrue();
    }
    assumeTrue(found, message);
  }

  private static String run(String... arguments) throws IOException, InterruptedException {
    Process process = start(arguments);
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as("%s", output).isZero();
    return output;
  }

  private static Process start(String... arguments) throws IOException {
    List<String> command = Stream.concat(Stream.of(PYTHON), Stream.of(arguments)).toList();
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("AWS_ACCESS_KEY_ID", S3Server.ACCESS_KEY_ID);
    builder.environment().put("AWS_SECRET_ACCESS_KEY", S3Server.SECRET_ACCESS_KEY);
    return builder.start();
  }
}
