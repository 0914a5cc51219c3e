/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.source.reader;

import io.dlioflink.storage.IoCounts;
import io.dlioflink.storage.Location;
import io.dlioflink.storage.Storage;
import io.dlioflink.storage.StorageEntry;
import io.dlioflink.storage.StorageException;
import io.dlioflink.storage.StorageListing;
import io.dlioflink.storage.StorageReader;
import io.dlioflink.storage.StorageWriter;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/** Does not answer, whatever interrupts come, until it is told to; then it fails. */
final class HangingStorage implements Storage {
  final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch answer = new CountDownLatch(1);

  void answer() {
    answer.countDown();
  }

  @Override
  public StorageReader openReader(Location file) throws StorageException {
    asked.countDown();
    boolean answered = false;
    while (!answered) {
      try {
        answer.await();
        answered = true;
      } catch (InterruptedException e) {
        // A system call that hangs does not hear of it.
        answered = false;
      }
    }
    throw new StorageException(StorageException.Reason.UNAVAILABLE, file, "At last");
  }

  @Override
  public StorageListing list(Location folder) {
    throw new AssertionError("Only reads");
  }

  @Override
  public Optional<StorageEntry> stat(Location file) {
    throw new AssertionError("Only reads");
  }

  @Override
  public StorageWriter openWriter(Location file) {
    throw new AssertionError("Only reads");
  }

  @Override
  public void delete(Location file) {
    throw new AssertionError("Only reads");
  }

  @Override
  public long removeAbandonedWrites(Location folder) {
    throw new AssertionError("Only reads");
  }

  @Override
  public IoCounts ioCounts() {
    return IoCounts.ZERO;
  }

  @Override
  public void close() {
    // Nothing is held.
  }
}
