/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.metrics;

import io.dlioflink.storage.StorageWriter;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import javax.annotation.Nullable;

/**
 * The file {@value #FILE_NAME}: one line per bad file, path, tab, problem. All of them are written,
 * the first few are kept; without any there is no such file.
 */
final class BadFileList implements Closeable {
  static final String FILE_NAME = "bad_files.tsv";

  private static final int KEPT = 20;
  private static final int BUFFER_BYTES = 64 * 1024;

  private final OutputFolder output;
  private final List<BadFile> first = new ArrayList<>();
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
  private @Nullable StorageWriter writer;
  private long count;

  BadFileList(OutputFolder output) {
    this.output = output;
  }

  void add(BadFile bad) throws IOException {
    if (writer == null) {
      writer = output.openFile(FILE_NAME);
    }
    String line = oneLine(bad.path()) + "\t" + oneLine(bad.problem()) + "\n";
    put(line.getBytes(StandardCharsets.UTF_8));
    count++;
    if (first.size() < KEPT) {
      first.add(bad);
    }
  }

  private void put(byte[] bytes) throws IOException {
    int done = 0;
    while (done < bytes.length) {
      if (!buffer.hasRemaining()) {
        drain();
      }
      int piece = Math.min(bytes.length - done, buffer.remaining());
      buffer.put(bytes, done, piece);
      done += piece;
    }
  }

  private void drain() throws IOException {
    writer.write(buffer.flip());
    buffer.clear();
  }

  private static String oneLine(String text) {
    return text.replaceAll("[\\t\\r\\n]", " ");
  }

  long count() {
    return count;
  }

  List<BadFile> first() {
    return first;
  }

  /** Gives the file its name; once. */
  void commit() throws IOException {
    if (writer != null) {
      try (StorageWriter ending = writer) {
        drain();
        writer = null;
        ending.commit();
      }
    }
  }

  @Override
  public void close() throws IOException {
    if (writer != null) {
      writer.close();
    }
  }
}
