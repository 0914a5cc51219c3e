/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format;

import io.dlioflink.format.content.RandomContent;
import io.dlioflink.storage.StorageWriter;
import io.dlioflink.workload.DatasetConfig;
import io.dlioflink.workload.Hdf5Options;
import io.dlioflink.workload.ParquetOptions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * A checksum of what this encoder makes of a small file with the element type, compression and kind
 * of content of a dataset. Files are equal byte for byte only if all are made by the same version
 * of the encoder and of the codecs below it: when one of them changes, this does.
 */
final class EncodingFingerprint {
  private static final List<Integer> DIMS = List.of(48, 48);
  private static final int SAMPLES = 3;
  private static final ParquetOptions SMALL_ROW_GROUPS = new ParquetOptions(2, 4096, List.of());

  private EncodingFingerprint() {}

  /** The fingerprint as hex digits. */
  static String of(SampleFormat format, DatasetConfig dataset) {
    Encoding encoding =
        new Encoding(
            dataset.compression(),
            dataset.compressionLevel(),
            Hdf5Options.DEFAULT,
            SMALL_ROW_GROUPS);
    FileSpec file = new FileSpec(0, DIMS, dataset.recordElementType(), SAMPLES, encoding);
    Checksum checksum = new Checksum();
    try (SampleFileEncoder encoder = format.newEncoder()) {
      encoder.encode(file, RandomContent.of(dataset.content()), checksum);
    } catch (IOException e) {
      throw new IllegalStateException("Nothing was written that could fail", e);
    }
    return checksum.text();
  }

  /** Takes the bytes of the file and its companions in the order they are written. */
  private static final class Checksum implements FileTarget, StorageWriter {
    private final CRC32C crc = new CRC32C();

    String text() {
      return "%08x".formatted(crc.getValue());
    }

    @Override
    public StorageWriter data() {
      return this;
    }

    @Override
    public StorageWriter openCompanion(int index) {
      return this;
    }

    @Override
    public void write(ByteBuffer source) {
      crc.update(source);
    }

    @Override
    public void sync() {
      // Nothing is stored.
    }

    @Override
    public void commit() {
      // Nothing is stored.
    }

    @Override
    public void close() {
      // Nothing is held.
    }
  }
}
