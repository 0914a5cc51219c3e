/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job.launch;

import io.dlioflink.storage.Location;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows what the sink writes to {@code dlio.log} while it grows, on standard error as DLIO does.
 * The metric block is left to the results on standard output. Shows nothing if the file is out of
 * reach from here.
 */
final class LogTail {
  private static final Logger LOG = LoggerFactory.getLogger(LogTail.class);
  private static final int MAX_BYTES = 1 << 20;

  private final Path file;
  private final PrintWriter err;
  private final StringBuilder rest = new StringBuilder();
  private long shown;

  /** Begins behind what the file holds now. */
  LogTail(Location output, String name, PrintWriter err) {
    this.file = output.isLocal() ? Path.of(output.child(name).path()) : null;
    this.err = err;
    if (file != null && Files.exists(file)) {
      shown = file.toFile().length();
    }
  }

  /**
   * Shows new lines.
   *
   * @param before runs before the first of them
   */
  void show(Runnable before) {
    if (file == null || !Files.exists(file)) {
      return;
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      ByteBuffer bytes = ByteBuffer.allocate(MAX_BYTES);
      while (channel.read(bytes, shown) > 0) {
        shown += bytes.position();
        rest.append(StandardCharsets.UTF_8.decode(bytes.flip()));
        bytes.clear();
        showLines(before);
      }
    } catch (IOException e) {
      LOG.debug("{} cannot be followed", file, e);
    }
  }

  private void showLines(Runnable before) {
    int start = 0;
    for (int end = rest.indexOf("\n"); end >= 0; end = rest.indexOf("\n", start)) {
      String line = rest.substring(start, end);
      start = end + 1;
      if (!line.startsWith("[METRIC]") && !line.startsWith("[OUTPUT] Averaged")) {
        before.run();
        err.println(line);
      }
    }
    rest.delete(0, start);
    err.flush();
  }
}
