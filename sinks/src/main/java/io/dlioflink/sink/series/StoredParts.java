/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.series;

import io.dlioflink.storage.Location;
import io.dlioflink.storage.Storage;
import io.dlioflink.storage.StorageOptions;
import io.dlioflink.storage.StorageWriter;
import io.dlioflink.storage.Storages;
import java.io.Closeable;
import java.io.IOException;
import java.io.Serializable;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.apache.flink.api.common.serialization.Encoder;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;

/**
 * Part files in a storage that Flink's own file sink cannot write to. An object store shows no file
 * under way: a part is there when it is full or its writer has ended well, and a run that fails
 * leaves the full ones.
 *
 * @param <T> what is written
 */
final class StoredParts<T> implements Sink<T> {
  private static final long serialVersionUID = 1L;

  /**
   * Says which folder below that of the parts a record belongs to; empty for that folder itself.
   *
   * @param <T> what is written
   */
  interface Folders<T> extends Function<T, String>, Serializable {}

  private final Location folder;
  private final StorageOptions options;
  private final Folders<T> folders;
  private final Encoder<T> encoder;
  private final long partBytes;

  StoredParts(
      Location folder,
      StorageOptions options,
      Folders<T> folders,
      Encoder<T> encoder,
      long partBytes) {
    this.folder = folder;
    this.options = options;
    this.folders = folders;
    this.encoder = encoder;
    this.partBytes = partBytes;
  }

  @Override
  public SinkWriter<T> createWriter(WriterInitContext context) throws IOException {
    return new Writer(
        Storages.open(folder, options), context.getTaskInfo().getIndexOfThisSubtask());
  }

  /** Writes the parts of one subtask. */
  final class Writer implements SinkWriter<T> {
    private final Storage storage;
    private final int subtask;
    private final Map<String, Part> parts = new HashMap<>();
    private final Map<String, Integer> numbers = new HashMap<>();

    Writer(Storage storage, int subtask) {
      this.storage = storage;
      this.subtask = subtask;
    }

    @Override
    public void write(T element, Context context) throws IOException {
      String name = folders.apply(element);
      Part part = parts.get(name);
      if (part == null) {
        part = new Part(storage.openWriter(next(name)));
        parts.put(name, part);
      }
      encoder.encode(element, part.stream);
      if (part.stream.writtenBytes() >= partBytes) {
        parts.remove(name);
        part.commit();
      }
    }

    private Location next(String name) {
      int number = numbers.merge(name, 1, Integer::sum) - 1;
      Location below = name.isEmpty() ? folder : folder.child(name);
      return below.child("part-%d-%d.csv".formatted(subtask, number));
    }

    @Override
    public void flush(boolean endOfInput) throws IOException {
      if (endOfInput) {
        for (Part part : parts.values()) {
          part.commit();
        }
        parts.clear();
      }
    }

    @Override
    public void close() throws IOException {
      try {
        for (Part part : parts.values()) {
          part.close();
        }
      } finally {
        storage.close();
      }
    }
  }

  private static final class Part implements Closeable {
    private final StorageWriter writer;
    private final WriterStream stream;

    Part(StorageWriter writer) {
      this.writer = writer;
      this.stream = new WriterStream(writer);
    }

    void commit() throws IOException {
      try (StorageWriter ending = writer) {
        stream.close();
        ending.commit();
      }
    }

    @Override
    public void close() throws IOException {
      writer.close();
    }
  }
}
