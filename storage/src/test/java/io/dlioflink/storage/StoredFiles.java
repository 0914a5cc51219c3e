/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;

/** Whole files of a storage, as tests handle them. */
public final class StoredFiles {
  private StoredFiles() {}

  /** Random bytes, the same for the same seed. */
  public static byte[] content(long seed, int bytes) {
    byte[] content = new byte[bytes];
    new Random(seed).nextBytes(content);
    return content;
  }

  /** An empty direct buffer as the storage likes it best. */
  public static ByteBuffer buffer(Storage storage, int bytes) {
    int alignment = Math.max(8, storage.bufferAlignmentBytes());
    int rounded = (bytes + alignment - 1) & -alignment;
    return ByteBuffer.allocateDirect(rounded + alignment).alignedSlice(alignment).limit(bytes);
  }

  /** Writes a file in one piece. */
  public static void write(Storage storage, Location file, byte[] content) throws IOException {
    try (StorageWriter writer = storage.openWriter(file)) {
      writer.write(buffer(storage, content.length).put(content).flip());
      writer.commit();
    }
  }

  /** Reads a file to its end. */
  public static byte[] read(Storage storage, Location file) throws IOException {
    try (StorageReader reader = storage.openReader(file)) {
      return read(storage, reader, 0, Math.toIntExact(reader.lengthBytes()));
    }
  }

  /** Reads a part of an open file with a single request; shorter at the end of the file. */
  public static byte[] read(Storage storage, StorageReader reader, long position, int bytes)
      throws IOException {
    ByteBuffer target = buffer(storage, bytes);
    int read = reader.read(position, target);
    byte[] content = new byte[Math.max(read, 0)];
    target.flip().get(content);
    return content;
  }

  /** Everything a listing yields: lengths by path relative to the folder. */
  public static Map<String, Long> list(Storage storage, Location folder) throws IOException {
    Map<String, Long> lengths = new TreeMap<>();
    String prefix = folder.path() + "/";
    try (StorageListing listing = storage.list(folder)) {
      for (Optional<StorageEntry> next = listing.next(); next.isPresent(); next = listing.next()) {
        String path = next.get().location().path();
        if (!path.startsWith(prefix)
            || lengths.put(path.substring(prefix.length()), next.get().lengthBytes()) != null) {
          throw new AssertionError("Listed twice, or from elsewhere: " + next.get());
        }
      }
    }
    return lengths;
  }
}
