/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format;

import io.dlioflink.format.content.RandomContent;
import io.dlioflink.storage.StorageWriter;
import io.dlioflink.workload.DatasetConfig;
import io.dlioflink.workload.SampleShapes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * A checksum of what this encoder makes of the start of a dataset. Files are equal byte for byte
 * only if all are made by the same version of the encoder and of the codecs below it: when one of
 * them changes, this does.
 */
final class EncodingFingerprint {
  private static final int ENOUGH_BYTES = 256 * 1024;

  /** Encoders may look at all of a sample before its first byte is written. */
  private static final long MAX_SAMPLE_BYTES = 1L << 30;

  private EncodingFingerprint() {}

  /** The fingerprint as hex digits; {@code none} for samples too large to try. */
  static String of(SampleFormat format, DatasetConfig dataset) {
    FileSpec file = FileSpec.of(dataset, SampleShapes.of(dataset), 0);
    if (file.sampleBytes() > MAX_SAMPLE_BYTES) {
      return "none";
    }
    Checksum checksum = new Checksum();
    try (SampleFileEncoder encoder = format.newEncoder()) {
      encoder.encode(file, new RandomContent(dataset.content().seed()), checksum);
    } catch (EnoughException e) {
      return checksum.text();
    } catch (IOException e) {
      throw new IllegalStateException("Nothing was written that could fail", e);
    }
    return checksum.text();
  }

  private static final class EnoughException extends IOException {
    private static final long serialVersionUID = 1L;
  }

  /** Takes the bytes of the file and its companions in the order they are written. */
  private static final class Checksum implements FileTarget, StorageWriter {
    private final CRC32C crc = new CRC32C();
    private long bytes;

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
    public void write(ByteBuffer source) throws IOException {
      bytes += source.remaining();
      crc.update(source);
      if (bytes >= ENOUGH_BYTES) {
        throw new EnoughException();
      }
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
