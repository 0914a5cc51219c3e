/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.nothing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dlioflink.storage.Location;
import io.dlioflink.storage.Storage;
import io.dlioflink.storage.StorageException;
import io.dlioflink.storage.StorageListing;
import io.dlioflink.storage.StorageOptions;
import io.dlioflink.storage.StorageWriter;
import io.dlioflink.storage.Storages;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class NothingStorageTest {
  private final Location file = Location.parse("null://run/train/img_0.npz");
  private Storage storage;

  @BeforeEach
  void open() throws IOException {
    storage = Storages.open(file, StorageOptions.NONE);
  }

  @AfterEach
  void close() throws IOException {
    storage.close();
  }

  @Test
  void whatIsWrittenIsCountedAndGone() throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(4096);
    try (StorageWriter writer = storage.openWriter(file)) {
      writer.write(bytes);
      writer.sync();
      writer.commit();
    }

    assertThat(bytes.hasRemaining()).isFalse();
    assertThat(storage.ioCounts().writtenBytes()).isEqualTo(4096);
    assertThat(storage.stat(file)).isEmpty();
    try (StorageListing listing = storage.list(Location.parse("null://run"))) {
      assertThat(listing.next()).isEmpty();
    }
    assertThatThrownBy(() -> storage.openReader(file))
        .isInstanceOf(StorageException.class)
        .hasMessage("Nothing is kept here: null://run/train/img_0.npz");
  }

  @Test
  void deletingWhatIsNotThereIsNoError() throws IOException {
    storage.delete(file);

    assertThat(storage.removeAbandonedWrites(Location.parse("null://run"))).isZero();
  }

  @Test
  void onlyItsSchemeIsNowhere() {
    assertThat(file.isNowhere()).isTrue();
    assertThat(Location.parse("/null").isNowhere()).isFalse();
    assertThat(Location.parse("null://").child("train/0.npz").path()).isEqualTo("train/0.npz");
  }
}
