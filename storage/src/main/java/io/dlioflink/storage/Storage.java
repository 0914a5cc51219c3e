/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage;

import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;

/**
 * The small set of operations a benchmark needs from a storage. Safe for use by several threads.
 * All failures are {@link StorageException}s that name the location.
 *
 * <p>Every method is paid for by every back end and is covered by {@code StorageContract}: add one
 * only with two callers and an answer for each back end.
 */
public interface Storage extends Closeable {

  /**
   * All files below a folder, at any depth, in no particular order. Writes under way are not
   * listed.
   *
   * @throws StorageException with {@code MISSING} if a hierarchical storage has no such folder; an
   *     object store lists nothing instead
   */
  StorageListing list(Location folder) throws IOException;

  /** The file at this location; empty if there is none, or if it is a folder. */
  Optional<StorageEntry> stat(Location file) throws IOException;

  /**
   * Opens a file.
   *
   * @throws StorageException with {@code MISSING} if there is none; an object store may throw it at
   *     the first read
   */
  StorageReader openReader(Location file) throws IOException;

  /** Starts to write a file; folders above it come into being. An existing file is replaced. */
  StorageWriter openWriter(Location file) throws IOException;

  /**
   * Makes a folder and those above it; one that exists is no error. An object store has none, and
   * does nothing.
   */
  default void createFolder(Location folder) throws IOException {}

  /**
   * Deletes a file; one that does not exist is no error.
   *
   * @throws StorageException with {@code UNSUPPORTED} if a hierarchical storage has a folder there
   */
  void delete(Location file) throws IOException;

  /**
   * Removes what killed writers left behind below a folder. Nobody may be writing there.
   *
   * @return how many remains were removed
   */
  long removeAbandonedWrites(Location folder) throws IOException;

  /** What buffers should be aligned to, in bytes, a power of two; 1 if it does not matter. */
  default int bufferAlignmentBytes() {
    return 1;
  }

  /** Bytes moved so far, by the way they took. */
  IoCounts ioCounts();

  /** What is measured of requests; empty if the storage makes none. */
  default Optional<RequestTelemetry> requests() {
    return Optional.empty();
  }
}
