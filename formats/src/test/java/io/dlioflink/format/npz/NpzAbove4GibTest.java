/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.npz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dlioflink.format.BrokenFileException;
import io.dlioflink.format.FileInput;
import io.dlioflink.format.FileSpec;
import io.dlioflink.format.FileTarget;
import io.dlioflink.format.MemoryStorage;
import io.dlioflink.format.ReadSpec;
import io.dlioflink.format.SampleContent;
import io.dlioflink.format.SampleFileDecoder;
import io.dlioflink.format.SampleFileEncoder;
import io.dlioflink.format.content.RandomContent;
import io.dlioflink.storage.IoCounts;
import io.dlioflink.storage.Location;
import io.dlioflink.storage.Storage;
import io.dlioflink.storage.StorageEntry;
import io.dlioflink.storage.StorageListing;
import io.dlioflink.storage.StorageReader;
import io.dlioflink.storage.StorageWriter;
import io.dlioflink.workload.Compression;
import io.dlioflink.workload.ElementType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A file with 64-bit sizes and offsets, of which only the ends are ever in memory. */
class NpzAbove4GibTest {
  private static final FileSpec FILE =
      new FileSpec(0, List.of(66_000, 66_000), ElementType.UINT8, 1, Compression.NONE);
  private static final int PAYLOAD_AT = NpzLayout.MEMBER_HEADER_BYTES + 128;
  private static final long PAYLOAD_END = PAYLOAD_AT + FILE.payloadBytes();

  private final SampleContent content = new RandomContent(9);

  @Test
  void aFileAbove4GibIsWrittenAndReadWithZip64() throws IOException {
    Ends written = new Ends();
    try (SampleFileEncoder encoder = new NpzFormat().newEncoder()) {
      encoder.encode(FILE, content, written.asTarget());
    }
    assertThat(written.length).isGreaterThan(1L << 32);
    assertThat(new NpzFormat().fileLengthBytes(FILE)).hasValue(written.length);
    byte[] tail = written.tail.toByteArray();
    // y with header and one label; entry of x with sizes and of y with its offset in zip64 fields.
    assertThat(tail).hasSize(55 + 136 + 46 + 5 + 20 + 46 + 5 + 12 + 56 + 20 + 22);

    assertThat(decode(written.head.toByteArray(), tail)).isEqualTo(FILE.sampleBytes());
    assertThatThrownBy(
            () -> decode(written.head.toByteArray(), Arrays.copyOf(tail, tail.length - 1)))
        .isInstanceOf(BrokenFileException.class)
        .hasMessageContaining("zip end record needs 22 bytes");
  }

  private long decode(byte[] head, byte[] tail) throws IOException {
    FileInput input = new FileInput(1 << 20);
    input.open(new Regenerated(head, tail), MemoryStorage.file("large"));
    try (SampleFileDecoder decoder = new NpzFormat().newDecoder(ReadSpec.of(FILE))) {
      return decoder.decode(input, 0);
    }
  }

  /** Keeps what stands around the payload. */
  private static final class Ends implements StorageWriter {
    private final ByteArrayOutputStream head = new ByteArrayOutputStream();
    private final ByteArrayOutputStream tail = new ByteArrayOutputStream();
    private long length;

    FileTarget asTarget() {
      return new FileTarget() {
        @Override
        public StorageWriter data() {
          return Ends.this;
        }

        @Override
        public StorageWriter openCompanion(int index) {
          throw new IndexOutOfBoundsException(index);
        }
      };
    }

    @Override
    public void write(ByteBuffer source) {
      while (source.hasRemaining()) {
        if (length < PAYLOAD_AT) {
          head.write(source.get());
          length++;
        } else if (length < PAYLOAD_END) {
          int piece = (int) Math.min(PAYLOAD_END - length, source.remaining());
          source.position(source.position() + piece);
          length += piece;
        } else {
          tail.write(source.get());
          length++;
        }
      }
    }

    @Override
    public void sync() {
      // Nothing is kept that could be lost.
    }

    @Override
    public void commit() {
      // The name does not matter.
    }

    @Override
    public void close() {
      // Nothing is held.
    }
  }

  /** One file, whose payload is made again for each read. */
  private final class Regenerated implements Storage, StorageReader {
    private final byte[] head;
    private final byte[] tail;

    Regenerated(byte[] head, byte[] tail) {
      this.head = head;
      this.tail = tail;
    }

    @Override
    public int read(long position, ByteBuffer target) {
      int wanted = target.remaining();
      long at = position;
      if (at < PAYLOAD_AT) {
        int piece = Math.min(PAYLOAD_AT - (int) at, target.remaining());
        target.put(head, (int) at, piece);
        at += piece;
      }
      if (at < PAYLOAD_END && target.hasRemaining()) {
        int limit = target.limit();
        int piece = (int) Math.min(PAYLOAD_END - at, target.remaining());
        content.fill(FILE, 0, at - PAYLOAD_AT, target.limit(target.position() + piece));
        target.limit(limit);
        at += piece;
      }
      if (target.hasRemaining() && at < lengthBytes()) {
        int from = (int) (at - PAYLOAD_END);
        target.put(tail, from, Math.min(tail.length - from, target.remaining()));
      }
      int read = wanted - target.remaining();
      return read == 0 ? -1 : read;
    }

    @Override
    public long lengthBytes() {
      return PAYLOAD_END + tail.length;
    }

    @Override
    public StorageReader openReader(Location file) {
      return this;
    }

    @Override
    public StorageListing list(Location folder) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Optional<StorageEntry> stat(Location file) {
      return Optional.of(new StorageEntry(file, lengthBytes()));
    }

    @Override
    public StorageWriter openWriter(Location file) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void delete(Location file) {
      throw new UnsupportedOperationException();
    }

    @Override
    public long removeAbandonedWrites(Location folder) {
      return 0;
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
}
