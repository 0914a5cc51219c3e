/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.posix;

import static io.dlioflink.storage.StoredFiles.content;
import static io.dlioflink.storage.StoredFiles.list;
import static io.dlioflink.storage.StoredFiles.read;
import static io.dlioflink.storage.StoredFiles.write;
import static org.assertj.core.api.Assertions.assertThat;

import io.dlioflink.storage.Location;
import io.dlioflink.storage.Storage;
import io.dlioflink.storage.StorageOptions;
import io.dlioflink.storage.StorageWriter;
import io.dlioflink.storage.Storages;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A real process that dies by SIGKILL while it writes. */
class KilledWriterTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"file", "direct"})
  @Timeout(60)
  void leavesNoFileAndWhatItLeavesIsRemoved(String scheme) throws Exception {
    Location root = Location.parse(scheme + "://" + folder);
    Storage storage = Storages.open(root, StorageOptions.NONE);
    write(storage, root.child("old"), content(1, 10_000));

    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-cp",
                System.getProperty("java.class.path"),
                EndlessWriter.class.getName(),
                root.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try {
      // The first byte tells that both files have content.
      assertThat(process.getInputStream().read()).isEqualTo('w');
    } finally {
      process.destroyForcibly();
    }
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(128 + 9);

    try (var left = Files.list(folder)) {
      assertThat(left).hasSize(3);
    }
    assertThat(list(storage, root)).containsOnlyKeys("old");
    assertThat(storage.stat(root.child("new"))).isEmpty();
    assertThat(storage.removeAbandonedWrites(root)).isEqualTo(2);
    assertThat(folder).isDirectoryNotContaining("glob:**.part");
    assertThat(read(storage, root.child("old"))).isEqualTo(content(1, 10_000));
  }

  /** Writes until it is killed. */
  static final class EndlessWriter {
    private EndlessWriter() {}

    public static void main(String[] args) throws IOException {
      Location root = Location.parse(args[0]);
      Storage storage = Storages.open(root, StorageOptions.NONE);
      ByteBuffer source = ByteBuffer.allocateDirect(1024 * 1024);
      try (StorageWriter replacing = storage.openWriter(root.child("old"));
          StorageWriter creating = storage.openWriter(root.child("new"))) {
        replacing.write(source.clear());
        creating.write(source.clear());
        System.out.write('w');
        System.out.flush();
        for (long written = 1; written < 4096; written++) {
          creating.write(source.clear());
        }
      }
    }
  }
}
