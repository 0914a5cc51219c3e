/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.indexed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dlioflink.format.BrokenFileException;
import io.dlioflink.format.FileInput;
import io.dlioflink.format.FileSpec;
import io.dlioflink.format.MemoryStorage;
import io.dlioflink.format.ReadSpec;
import io.dlioflink.format.SampleContent;
import io.dlioflink.format.SampleFileEncoder;
import io.dlioflink.format.SampleListener;
import io.dlioflink.format.content.RandomContent;
import io.dlioflink.storage.Location;
import io.dlioflink.storage.StorageException;
import io.dlioflink.storage.StorageReader;
import io.dlioflink.workload.Compression;
import io.dlioflink.workload.ElementType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

/** Which bytes are read, and what is said of broken indexes. */
class IndexedReadTest {
  private static final String NAME = "train/part_0_of_1.indexed_binary";
  private static final String OFFSETS = NAME + ".off.idx";
  private static final String SIZES = NAME + ".sz.idx";
  private static final int SAMPLE_BYTES = 2048;

  private final MemoryStorage storage = new MemoryStorage();
  private final SampleContent content = new RandomContent(8);
  private final FileInput input = new FileInput(1 << 16);

  @Test
  void theIndexesHoldOffsetsAndSizes() throws IOException {
    write(3);
    assertThat(entries(OFFSETS)).containsExactly(0, 2048, 4096);
    assertThat(entries(SIZES)).containsExactly(2048, 2048, 2048);
  }

  @Test
  void eachSampleIsReadExactly() throws IOException {
    FileSpec file = write(50);
    IndexedDecoder decoder = decoder(50);
    Random random = new Random(4);
    for (int i = 0; i < 100; i++) {
      int sample = random.nextInt(50);
      assertThat(decode(decoder, sample)).isEqualTo(SAMPLE_BYTES);
      assertThat(decoder.sampleChecksum()).isEqualTo(checksum(file, sample));
    }
    // Both indexes once.
    assertThat(input.storageBytes()).isEqualTo(100L * SAMPLE_BYTES + 2 * 50 * 8);
  }

  @Test
  void ofALargeIndexOnlyTheEntriesOfTheSampleAreRead() throws IOException {
    int samples = IndexedDecoder.MAX_WHOLE_ENTRIES + 100;
    FileSpec file = write(samples);
    IndexedDecoder decoder = decoder(samples);
    Random random = new Random(4);
    for (int i = 0; i < 100; i++) {
      int sample = random.nextInt(samples);
      assertThat(decode(decoder, sample)).isEqualTo(SAMPLE_BYTES);
      assertThat(decoder.sampleChecksum()).isEqualTo(checksum(file, sample));
    }
    assertThat(input.storageBytes()).isEqualTo(100L * (SAMPLE_BYTES + 16));
  }

  @Test
  void runsOfALargeFileReadEachByteOnce() throws IOException {
    int samples = IndexedDecoder.MAX_WHOLE_ENTRIES + 100;
    write(samples);
    IndexedDecoder decoder = decoder(samples);
    Total total = new Total();
    decoder.decode(opened(), 0, samples - 50, total);
    decoder.decode(opened(), samples - 50, 50, total);
    assertThat(total.bytes).isEqualTo((long) samples * SAMPLE_BYTES);
    assertThat(input.storageBytes()).isEqualTo((long) samples * (SAMPLE_BYTES + 16));
    assertThat(decoder.verify(opened(), samples)).isEqualTo((long) samples * SAMPLE_BYTES);
  }

  @Test
  void theIndexIsFollowedWhereverItLeads() throws IOException {
    // As DLIO writes a file of more bytes than its buffer; and a gap, an overlap, nothing.
    FileSpec file = write(5);
    storage.put(OFFSETS, longs(0, 2048, 0, 2048, 4096));
    IndexedDecoder decoder = decoder(5);
    Total total = new Total();
    decoder.decode(opened(), 1, 2, total);
    assertThat(total.bytes).isEqualTo(2 * SAMPLE_BYTES);
    assertThat(decoder.sampleChecksum()).isEqualTo(checksum(file, 0));
    assertThat(decoder.verify(opened(), 5)).isEqualTo(5 * SAMPLE_BYTES);

    storage.put(OFFSETS, longs(8000, 10, 0, 20, 10240));
    storage.put(SIZES, longs(2240, 10, 0, 5, 0));
    assertThat(decoder(5).verify(opened(), 5)).isEqualTo(2255);
  }

  @Test
  void filesAreLargerThanAnIntegerCounts() throws IOException {
    // The shape of DLIO's workload dlrm.
    FileSpec file =
        new FileSpec(0, List.of(671_088_640), ElementType.UINT8, 1024, Compression.NONE);
    assertThat(new IndexedBinaryFormat().fileLengthBytes(file)).hasValue(687_194_767_360L);

    long far = 1023 * 671_088_640L;
    Zeros zeros = new Zeros(far + 5000);
    zeros.put(OFFSETS, longs(0, far));
    zeros.put(SIZES, longs(far, 5000));
    input.open(zeros, MemoryStorage.file(NAME));
    assertThat(decoder(2).decode(input, 1)).isEqualTo(5000);
    assertThat(input.storageBytes()).isEqualTo(5000 + 2 * 16);
  }

  @Test
  void placesThatCannotBeAreNamed() throws IOException {
    write(3);
    storage.put(OFFSETS, longs(0, -5, 4096));
    assertThatThrownBy(() -> decode(decoder(3), 0))
        .isInstanceOf(BrokenFileException.class)
        .hasMessageContaining(OFFSETS + " at byte 8: sample 1 has 2048 bytes at byte 18446");
    storage.put(OFFSETS, longs(0, 2048, Long.MAX_VALUE - 2047));
    assertThatThrownBy(() -> decode(decoder(3), 0))
        .isInstanceOf(BrokenFileException.class)
        .hasMessageContaining(SIZES + " at byte 16: sample 2 has 2048 bytes");
    storage.put(OFFSETS, longs(0, 5000, 4096));
    assertThatThrownBy(() -> decode(decoder(3), 1))
        .isInstanceOf(BrokenFileException.class)
        .hasMessageContaining(NAME + " at byte 6144: ")
        .hasMessageContaining(
            OFFSETS + " has sample 1 at byte 5000 with 2048 bytes, the file ends 904 short");
    storage.put(OFFSETS, longs(0, 1L << 50, 4096));
    assertThatThrownBy(() -> decode(decoder(3), 1)).isInstanceOf(BrokenFileException.class);
  }

  @Test
  void anIndexOfAnotherLengthIsNamed() throws IOException {
    write(3);
    storage.put(SIZES, longs(2048, 2048));
    assertThatThrownBy(() -> decode(decoder(3), 0))
        .isInstanceOf(BrokenFileException.class)
        .hasMessageContaining(SIZES + " at byte 16: found 2 samples, expected 3");
    storage.put(SIZES, new byte[21]);
    assertThatThrownBy(() -> decode(decoder(3), 0))
        .isInstanceOf(BrokenFileException.class)
        .hasMessageContaining("found 2 samples and 5 bytes, expected 3");
    storage.put(SIZES, longs(2048, 2048, 2048, 2048));
    assertThat(decode(decoder(3), 2)).isEqualTo(SAMPLE_BYTES);
    assertThatThrownBy(() -> decoder(3).verify(opened(), 3))
        .isInstanceOf(BrokenFileException.class)
        .hasMessageContaining(SIZES + " at byte 32: found 4 samples, expected 3");
  }

  @Test
  void aMissingIndexIsAMissingFile() throws IOException {
    write(3);
    storage.delete(MemoryStorage.location(SIZES));
    assertThatThrownBy(() -> decode(decoder(3), 0))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining(SIZES);
  }

  private FileSpec write(int samples) throws IOException {
    IndexedBinaryFormat format = new IndexedBinaryFormat();
    FileSpec spec =
        new FileSpec(0, List.of(SAMPLE_BYTES), ElementType.UINT8, samples, Compression.NONE);
    try (SampleFileEncoder encoder = format.newEncoder()) {
      storage.encode(format, encoder, spec, content, NAME);
    }
    return spec;
  }

  private static IndexedDecoder decoder(int samples) {
    return new IndexedDecoder(
        ReadSpec.of(new FileSpec(0, List.of(1), ElementType.UINT8, samples, Compression.NONE)));
  }

  private long decode(IndexedDecoder decoder, int sample) throws IOException {
    return decoder.decode(opened(), sample);
  }

  private FileInput opened() throws IOException {
    input.close();
    input.open(storage, MemoryStorage.file(NAME));
    return input;
  }

  private long checksum(FileSpec file, int sample) {
    ByteBuffer bytes = ByteBuffer.allocate(SAMPLE_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    content.fill(file, sample, 0, bytes);
    CRC32C crc = new CRC32C();
    crc.update(bytes.flip());
    return crc.getValue();
  }

  private long[] entries(String name) throws IOException {
    byte[] bytes = storage.bytes(MemoryStorage.location(name));
    long[] entries = new long[bytes.length / 8];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asLongBuffer().get(entries);
    return entries;
  }

  private static byte[] longs(long... values) {
    ByteBuffer bytes = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asLongBuffer().put(values);
    return bytes.array();
  }

  /** A storage whose data file is all zeros and takes no memory. */
  private static final class Zeros extends MemoryStorage {
    private final long lengthBytes;

    Zeros(long lengthBytes) {
      this.lengthBytes = lengthBytes;
    }

    @Override
    public StorageReader openReader(Location file) throws StorageException {
      return file.path().equals(NAME) ? new ZeroReader(lengthBytes) : super.openReader(file);
    }
  }

  private record ZeroReader(long lengthBytes) implements StorageReader {
    @Override
    public int read(long position, ByteBuffer target) {
      int start = target.position();
      while (target.hasRemaining() && position + target.position() - start < lengthBytes) {
        target.put((byte) 0);
      }
      return target.position() > start ? target.position() - start : -1;
    }

    @Override
    public void close() {
      // Nothing is held.
    }
  }

  /** Adds up samples. */
  private static final class Total implements SampleListener {
    private long bytes;

    @Override
    public void sample(long sampleBytes) {
      bytes += sampleBytes;
    }
  }
}
