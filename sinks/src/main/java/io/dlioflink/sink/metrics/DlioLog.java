/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.metrics;

import java.io.BufferedWriter;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * DLIO's log file, in DLIO's words and form ({@code utils/config.py}, {@code configure_logging}).
 * Appended to, as DLIO does. In a local folder a line is there as soon as it was written; elsewhere
 * the file appears when the log is closed. Not thread-safe.
 */
public final class DlioLog implements Closeable {
  private final OutputFolder folder;
  private final String name;
  private final boolean steps;
  private final boolean local;
  private final Path file;
  private final BufferedWriter writer;
  private boolean silent;

  /**
   * Opens the log.
   *
   * @param folder of the results
   * @param name {@code output.log_file}
   * @param steps whether lines of DLIO's level info are written as well
   */
  public DlioLog(OutputFolder folder, String name, boolean steps) throws IOException {
    this.folder = folder;
    this.name = name;
    this.steps = steps;
    this.local = folder.location().isLocal();
    if (local) {
      file = Path.of(folder.location().child(name).path());
      Files.createDirectories(file.getParent());
    } else {
      file = Files.createTempFile("dlio-flink", ".log");
    }
    writer = Files.newBufferedWriter(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  /**
   * Whether what is told now was told by an earlier attempt of the run: in a local folder its lines
   * are in the file already.
   */
  void repeating(boolean repeated) {
    silent = repeated && local;
  }

  /** A line of DLIO's level {@code OUTPUT}. */
  public void output(long micros, String text) throws IOException {
    line("[OUTPUT] " + WallClock.format(micros) + " " + text);
    writer.flush();
  }

  /** Lines that stand as they are. */
  public void block(List<String> lines) throws IOException {
    for (String text : lines) {
      line(text);
    }
    writer.flush();
  }

  /** Whether {@link #info} writes anything. */
  public boolean logsSteps() {
    return steps;
  }

  /** A line of DLIO's level {@code INFO}; it may become visible a little later. */
  public void info(long micros, String text) throws IOException {
    if (steps) {
      line("[INFO] " + WallClock.format(micros) + " " + text);
    }
  }

  private void line(String text) throws IOException {
    if (silent) {
      return;
    }
    writer.write(text);
    writer.write('\n');
  }

  @Override
  public void close() throws IOException {
    writer.close();
    if (!local) {
      try {
        folder.writeCopy(name, file);
      } finally {
        Files.deleteIfExists(file);
      }
    }
  }

  /** A mapping as Python writes it, e.g. {@code {'mean': 0.5}}. */
  static String python(List<String> keys, double... values) {
    StringBuilder text = new StringBuilder("{");
    for (int i = 0; i < values.length; i++) {
      text.append(i == 0 ? "'" : ", '").append(keys.get(i)).append("': ").append(values[i]);
    }
    return text.append('}').toString();
  }
}
