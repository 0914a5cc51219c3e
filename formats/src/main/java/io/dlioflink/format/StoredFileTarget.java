/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format;

import io.dlioflink.storage.Storage;
import io.dlioflink.storage.StorageWriter;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/** A dataset file and its companions on a storage; counts what is written. */
public final class StoredFileTarget implements FileTarget, Closeable {
  private final Storage storage;
  private final DatasetFile file;
  private final List<String> companionPaths;
  private final StorageWriter data;
  private long writtenBytes;

  /** Starts a file. */
  public StoredFileTarget(Storage storage, DatasetFile file, SampleFormat format)
      throws IOException {
    this.storage = storage;
    this.file = file;
    this.companionPaths = format.companionPaths(file.path());
    this.data = new Counting(storage.openWriter(file.location()));
  }

  @Override
  public StorageWriter data() {
    return data;
  }

  @Override
  public StorageWriter openCompanion(int index) throws IOException {
    return new Counting(storage.openWriter(file.root().child(companionPaths.get(index))));
  }

  /** Gives the file its name; the companions have theirs already. */
  public void commit() throws IOException {
    data.commit();
  }

  /** Bytes of the file and its companions so far. */
  public long writtenBytes() {
    return writtenBytes;
  }

  /** Drops the file unless committed. */
  @Override
  public void close() throws IOException {
    data.close();
  }

  private final class Counting implements StorageWriter {
    private final StorageWriter delegate;

    Counting(StorageWriter delegate) {
      this.delegate = delegate;
    }

    @Override
    public Optional<ByteBuffer> lend() {
      return delegate.lend();
    }

    @Override
    public void write(ByteBuffer source) throws IOException {
      writtenBytes += source.remaining();
      delegate.write(source);
    }

    @Override
    public void sync() throws IOException {
      delegate.sync();
    }

    @Override
    public void commit() throws IOException {
      delegate.commit();
    }

    @Override
    public void close() throws IOException {
      delegate.close();
    }
  }
}
