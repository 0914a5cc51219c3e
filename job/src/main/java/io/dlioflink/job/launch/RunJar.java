/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job.launch;

import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The job jar with a run in it. Program arguments stand in the web UI for all to read, so a run
 * with its storage options, secrets among them, travels to the job manager inside the jar, and with
 * it the user's own jars. Who may upload a jar may run any code, so what it holds is trusted as
 * code is.
 */
final class RunJar {
  private static final String ENTRY = "dlio-flink-run.bin";

  /** Where Flink looks for jars inside a jar. */
  private static final String LIBRARIES = "lib";

  private RunJar() {}

  /**
   * Writes the jar.
   *
   * @param jars the job jar, then the user's own
   * @param file to write
   */
  static void write(List<Path> jars, DetachedRun run, Path file) throws IOException {
    Files.copy(jars.get(0), file, StandardCopyOption.REPLACE_EXISTING);
    try (FileSystem jar = FileSystems.newFileSystem(URI.create("jar:" + file.toUri()), Map.of())) {
      try (ObjectOutputStream entry =
          new ObjectOutputStream(Files.newOutputStream(jar.getPath(ENTRY)))) {
        entry.writeObject(run);
      }
      Path libraries = Files.createDirectories(jar.getPath(LIBRARIES));
      for (int i = 1; i < jars.size(); i++) {
        Files.copy(jars.get(i), libraries.resolve(i + "-" + jars.get(i).getFileName().toString()));
      }
    }
  }

  /** The run in the jar that a program was loaded from. */
  static Optional<DetachedRun> read(ClassLoader program) throws IOException {
    try (InputStream bytes = program.getResourceAsStream(ENTRY)) {
      if (bytes == null) {
        return Optional.empty();
      }
      try (ObjectInputStream entry = new ObjectInputStream(bytes)) {
        return Optional.of((DetachedRun) entry.readObject());
      }
    } catch (ClassNotFoundException e) {
      throw new IOException("The run in the job jar cannot be read", e);
    }
  }
}
