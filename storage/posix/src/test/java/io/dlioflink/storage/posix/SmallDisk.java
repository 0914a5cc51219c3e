/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.posix;

import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file system of 1 MiB, where the user may mount one; the test is skipped otherwise. */
record SmallDisk(Path folder) implements AutoCloseable {
  static final int BYTES = 1024 * 1024;

  /** Mounts it at {@code disk} below a folder. */
  static SmallDisk mount(Path parent) throws IOException {
    return mount(parent, "tmpfs");
  }

  /**
   * Mounts it at {@code disk} below a folder.
   *
   * @param type of the file system; {@code ramfs} does not observe the size
   */
  static SmallDisk mount(Path parent, String type) throws IOException {
    Path folder = Files.createDirectory(parent.resolve("disk"));
    String answer = run("mount", "-t", type, "-o", "size=" + BYTES, type, folder.toString());
    assumeThat(answer).as("what mount said").isEmpty();
    return new SmallDisk(folder);
  }

  @Override
  public void close() throws IOException {
    String answer = run("umount", folder.toString());
    if (!answer.isEmpty()) {
      throw new IOException(answer);
    }
  }

  private static String run(String... command) throws IOException {
    Process process;
    try {
      process = new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException e) {
      return e.getMessage();
    }
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int exit = process.onExit().join().exitValue();
    return exit == 0 ? "" : "exit code %d: %s".formatted(exit, said);
  }
}
