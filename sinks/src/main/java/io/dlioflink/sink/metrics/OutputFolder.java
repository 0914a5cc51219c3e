/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.metrics;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import io.dlioflink.sink.series.ReaderStream;
import io.dlioflink.sink.series.WriterStream;
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
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Where the results of a run go: any storage. A file appears complete or not at all. */
public final class OutputFolder implements Closeable {
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
    try (JsonFile file = openJson(name)) {
      body.writeTo(file.generator());
      file.commit();
    }
  }

  /** Opens a file of JSON to be written bit by bit; it is there when it has been committed. */
  JsonFile openJson(String name) throws IOException {
    return new JsonFile(storage.openWriter(folder.child(name)));
  }

  /** A file of JSON under way. Closed without a commit it does not come into being. */
  static final class JsonFile implements Closeable {
    private final StorageWriter writer;
    private final JsonGenerator json;

    private JsonFile(StorageWriter writer) throws IOException {
      this.writer = writer;
      DefaultIndenter indenter = new DefaultIndenter("    ", "\n");
      json = JSON.createGenerator(new WriterStream(writer), JsonEncoding.UTF8);
      json.setPrettyPrinter(
          new DefaultPrettyPrinter().withObjectIndenter(indenter).withArrayIndenter(indenter));
    }

    JsonGenerator generator() {
      return json;
    }

    void commit() throws IOException {
      json.close();
      writer.commit();
    }

    @Override
    public void close() throws IOException {
      writer.close();
    }
  }

  /** Writes a file of text in UTF-8. */
  public void writeText(String name, String text) throws IOException {
    write(name, stream -> stream.write(text.getBytes(StandardCharsets.UTF_8)));
  }

  /** Copies a local file here. */
  void writeCopy(String name, Path source) throws IOException {
    write(name, stream -> Files.copy(source, stream));
  }

  @FunctionalInterface
  private interface Content {
    void writeTo(OutputStream stream) throws IOException;
  }

  private void write(String name, Content content) throws IOException {
    try (StorageWriter writer = storage.openWriter(folder.child(name))) {
      try (OutputStream stream = new WriterStream(writer)) {
        content.writeTo(stream);
      }
      writer.commit();
    }
  }

  /** Whether there is a file of this name. */
  boolean exists(String name) throws IOException {
    return storage.stat(folder.child(name)).isPresent();
  }

  /** Opens a file to be read from its start. */
  InputStream openInput(String name) throws IOException {
    return new ReaderStream(storage.openReader(folder.child(name)));
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
    delete(
        folder,
        file ->
            names.matcher(file.fileName()).matches()
                && folder.child(file.fileName()).path().equals(file.path()));
  }

  /** Deletes the files below a sub-folder whose names match. */
  public void deleteBelow(String subfolder, Pattern names) throws IOException {
    delete(folder.child(subfolder), file -> names.matcher(file.fileName()).matches());
  }

  private void delete(Location below, Predicate<Location> wanted) throws IOException {
    List<Location> stale = new ArrayList<>();
    try (StorageListing files = storage.list(below)) {
      for (Optional<StorageEntry> next = files.next(); next.isPresent(); next = files.next()) {
        if (wanted.test(next.get().location())) {
          stale.add(next.get().location());
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
}
