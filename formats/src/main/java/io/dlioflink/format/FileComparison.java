/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format;

import io.dlioflink.storage.Location;
import io.dlioflink.storage.Storage;
import io.dlioflink.storage.StorageReader;
import io.dlioflink.storage.StorageWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Compares stored files with what an encoder would write. A difference ends the encoding with a
 * {@link BrokenFileException} at its first byte. Holds the buffer of one thread; not thread-safe.
 */
public final class FileComparison {
  private static final int BUFFER_BYTES = 1 << 20;
  private static final int PAGE_BYTES = 4096;

  private final SampleFormat format;
  private final SampleFileEncoder encoder;
  private final SampleContent content;
  private final ByteBuffer buffer =
      ByteBuffer.allocateDirect(BUFFER_BYTES + PAGE_BYTES)
          .alignedSlice(PAGE_BYTES)
          .slice(0, BUFFER_BYTES);
  private long comparedBytes;

  /**
   * A comparison with files of one format.
   *
   * @param encoder of that format
   * @param content the bytes the files were made of
   */
  public FileComparison(SampleFormat format, SampleFileEncoder encoder, SampleContent content) {
    this.format = format;
    this.encoder = encoder;
    this.content = content;
  }

  /**
   * Compares a file and its companions.
   *
   * @throws BrokenFileException if a byte differs, is missing or too many
   * @throws io.dlioflink.storage.StorageException if a file is missing or the storage fails
   */
  public void compare(Storage storage, DatasetFile file, FileSpec spec) throws IOException {
    try (Stored data = new Stored(storage, file.location())) {
      Target target = new Target(storage, file, data);
      encoder.encode(spec, content, target);
      data.commit();
      target.requireAllCompared();
    }
  }

  /** Bytes that were equal since the creation of this object. */
  public long comparedBytes() {
    return comparedBytes;
  }

  private final class Target implements FileTarget {
    private final Storage storage;
    private final DatasetFile file;
    private final List<String> companions;
    private final Stored data;
    private int comparedCompanions;

    Target(Storage storage, DatasetFile file, Stored data) {
      this.storage = storage;
      this.file = file;
      this.companions = format.companionPaths(file.path());
      this.data = data;
    }

    @Override
    public StorageWriter data() {
      return data;
    }

    @Override
    public StorageWriter openCompanion(int index) throws IOException {
      comparedCompanions++;
      return new Stored(storage, file.root().child(companions.get(index)));
    }

    void requireAllCompared() {
      if (comparedCompanions != companions.size()) {
        throw new IllegalStateException(
            "%d of the companions %s were written".formatted(comparedCompanions, companions));
      }
    }
  }

  /** A file that is there; what is written to it is compared with it. */
  private final class Stored implements StorageWriter {
    private final Location location;
    private final StorageReader reader;
    private long position;

    Stored(Storage storage, Location location) throws IOException {
      this.location = location;
      this.reader = storage.openReader(location);
    }

    @Override
    public void write(ByteBuffer source) throws IOException {
      while (source.hasRemaining()) {
        int piece = Math.min(source.remaining(), buffer.capacity());
        buffer.clear().limit(piece);
        int read = Math.max(0, reader.read(position, buffer));
        buffer.flip();
        int limit = source.limit();
        source.limit(source.position() + read);
        int difference = source.mismatch(buffer);
        if (difference >= 0) {
          throw new BrokenFileException(
              location,
              position + difference,
              "found byte 0x%02x, generated was 0x%02x"
                  .formatted(buffer.get(difference), source.get(source.position() + difference)));
        }
        source.position(source.limit());
        source.limit(limit);
        position += read;
        comparedBytes += read;
        if (read < piece) {
          throw new BrokenFileException(
              location, position, "the file ends here, more was generated");
        }
      }
    }

    @Override
    public void sync() {
      // What is compared is stored already.
    }

    @Override
    public void commit() throws IOException {
      long length = reader.lengthBytes();
      if (length != position) {
        throw new BrokenFileException(
            location,
            position,
            "%d bytes follow what was generated, expected none".formatted(length - position));
      }
    }

    @Override
    public void close() throws IOException {
      reader.close();
    }
  }
}
