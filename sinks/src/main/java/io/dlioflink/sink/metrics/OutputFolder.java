/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.metrics;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import io.dlioflink.storage.Location;
import io.dlioflink.storage.Storage;
import io.dlioflink.storage.StorageEntry;
import io.dlioflink.storage.StorageException;
import io.dlioflink.storage.StorageListing;
import io.dlioflink.storage.StorageOptions;
import io.dlioflink.storage.StorageWriter;
import io.dlioflink.storage.Storages;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Where the results of a run go: any storage. A file appears complete or not at all. */
public final class OutputFolder implements Closeable {
  private static final int BUFFER_BYTES = 64 * 1024;
  private static final JsonFactory JSON = new JsonFactory();

  private final Location folder;
  private final Storage storage;

  /** Opens the storage of a folder. */
  public OutputFolder(Location folder, StorageOptions options) throws IOException {
    this.folder = folder;
    this.storage = Storages.open(folder, options);
  }

  /** Where it is. */
  public Location location() {
    return folder;
  }

  /** Writes a JSON document. */
  @FunctionalInterface
  public interface JsonBody {
    /** Writes exactly one value. */
    void writeTo(JsonGenerator json) throws IOException;
  }

  /** Writes a file of JSON, indented by four as DLIO's are. */
  public void writeJson(String name, JsonBody body) throws IOException {
    try (StorageWriter writer = storage.openWriter(folder.child(name))) {
      try (JsonGenerator json = JSON.createGenerator(new WriterStream(writer), JsonEncoding.UTF8)) {
        DefaultIndenter indenter = new DefaultIndenter("    ", "\n");
        DefaultPrettyPrinter printer =
            new DefaultPrettyPrinter().withObjectIndenter(indenter).withArrayIndenter(indenter);
        json.setPrettyPrinter(printer);
        body.writeTo(json);
      }
      writer.commit();
    }
  }

  /** Opens a file; it is there when the writer has been committed. */
  public StorageWriter openFile(String name) throws IOException {
    return storage.openWriter(folder.child(name));
  }

  /**
   * Deletes the result files an earlier run left here, so that none of them is taken for this
   * run's. Only files directly in the folder whose names are those of results.
   */
  public void deleteResults(Pattern names) throws IOException {
    List<Location> stale = new ArrayList<>();
    try (StorageListing files = storage.list(folder)) {
      for (Optional<StorageEntry> next = files.next(); next.isPresent(); next = files.next()) {
        Location file = next.get().location();
        if (names.matcher(file.fileName()).matches()
            && folder.child(file.fileName()).path().equals(file.path())) {
          stale.add(file);
        }
      }
    } catch (StorageException e) {
      if (e.reason() != StorageException.Reason.MISSING) {
        throw e;
      }
    }
    for (Location file : stale) {
      storage.delete(file);
    }
  }

  @Override
  public void close() throws IOException {
    storage.close();
  }

  /** Bytes of a stream, collected into a direct buffer. */
  private static final class WriterStream extends OutputStream {
    private final StorageWriter writer;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);

    WriterStream(StorageWriter writer) {
      this.writer = writer;
    }

    @Override
    public void write(int value) throws IOException {
      write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      int done = 0;
      while (done < length) {
        if (!buffer.hasRemaining()) {
          drain();
        }
        int piece = Math.min(length - done, buffer.remaining());
        buffer.put(bytes, offset + done, piece);
        done += piece;
      }
    }

    private void drain() throws IOException {
      writer.write(buffer.flip());
      buffer.clear();
    }

    @Override
    public void close() throws IOException {
      drain();
    }
  }
}
