/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** A file system of a few bytes in memory; takes root. */
record SmallDisk(Path folder) implements AutoCloseable {

  /**
   * Mounts it.
   *
   * @param size as mount(8) takes it, e.g. {@code 4m}
   */
  static SmallDisk mount(Path folder, String size) throws IOException, InterruptedException {
    Files.createDirectories(folder);
    String refusal = run("mount", "-t", "tmpfs", "-o", "size=" + size, "tmpfs", folder.toString());
    Assumptions.assumeTrue(refusal.isEmpty(), "a small file system needs root: " + refusal);
    return new SmallDisk(folder);
  }

  /** What a command says if it fails; empty if not. */
  private static String run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return process.waitFor() == 0 ? "" : "failed: " + said;
  }

  @Override
  public void close() throws IOException {
    // Whoever was killed may hold it a moment longer; lazily it goes when they have gone.
    try {
      String refusal = run("umount", "--lazy", folder.toString());
      if (!refusal.isEmpty()) {
        throw new IOException(refusal);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
