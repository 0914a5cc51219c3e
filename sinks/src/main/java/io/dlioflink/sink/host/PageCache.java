/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.host;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The page cache of this host. As root it is dropped as a whole. Other users can only give advice
 * about files they may read ({@code posix_fadvise}, {@code POSIX_FADV_DONTNEED}), which Java
 * cannot; GNU dd gives it for them.
 */
public final class PageCache {
  private static final Path DROP_CACHES = Path.of("/proc/sys/vm/drop_caches");
  private static final String ADVISE =
      "while IFS= read -r f; do dd if=\"$f\" iflag=nocache count=0 status=none || exit 1; done";
  private static final String HINT =
      "run as root, or drop them on each host with: sync; echo 3 > " + DROP_CACHES;

  /**
   * What became of it.
   *
   * @param dropped whether the caches were dropped
   * @param how by which means, or why not and what can be done
   */
  public record Outcome(boolean dropped, String how) {}

  private PageCache() {}

  /**
   * Writes back what is dirty and drops caches.
   *
   * @param files to be dropped if not everything can be; paths
   */
  public static Outcome drop(Iterable<String> files) throws InterruptedException {
    try {
      run(new ProcessBuilder("sync"), List.of());
    } catch (IOException e) {
      return new Outcome(false, "sync failed: " + e.getMessage());
    }
    try {
      Files.writeString(DROP_CACHES, "3\n");
      return new Outcome(true, "all caches of the host, " + DROP_CACHES);
    } catch (IOException notRoot) {
      try {
        long count = run(new ProcessBuilder("sh", "-c", ADVISE), files);
        return new Outcome(
            true,
            "posix_fadvise of %d files with dd; only advice, see device bytes".formatted(count));
      } catch (IOException e) {
        return new Outcome(
            false,
            "no permission for %s, and no advice through dd (%s); %s"
                .formatted(DROP_CACHES, e.getMessage(), HINT));
      }
    }
  }

  /** Runs a program with lines as its input; returns how many. */
  private static long run(ProcessBuilder program, Iterable<String> lines)
      throws IOException, InterruptedException {
    Process process =
        program
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      long count = 0;
      try (BufferedWriter input = process.outputWriter(StandardCharsets.UTF_8)) {
        for (String line : lines) {
          input.write(line);
          input.write('\n');
          count++;
        }
      }
      int code = process.waitFor();
      if (code != 0) {
        throw new IOException(program.command().get(0) + " exited with " + code);
      }
      return count;
    } finally {
      process.destroy();
    }
  }
}
