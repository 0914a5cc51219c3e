/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.parquet;

import io.dlioflink.format.FileSpec;
import io.dlioflink.format.ReadSpec;
import io.dlioflink.format.SampleFileDecoder;
import io.dlioflink.format.SampleFileEncoder;
import io.dlioflink.format.SampleFormat;
import io.dlioflink.workload.Compression;
import io.dlioflink.workload.FileFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Apache Parquet: a row per sample, its bytes spread over one or more binary columns {@code x} or
 * {@code x0}, {@code x1}, ..., with a column {@code label}; {@link ParquetLayout} has the details.
 * The footer's key-value metadata give {@code dlio_flink.shape} (comma-separated) and {@code
 * dlio_flink.dtype} of the array whose little-endian bytes in C order the parts of a row, joined,
 * are. Reads foreign files of any columns, nested ones too.
 *
 * <p>DLIO has no Parquet. Source: parquet-format 2.12, {@code parquet.thrift}, {@code
 * Encodings.md}, {@code PageIndex.md}.
 */
public final class ParquetFormat implements SampleFormat {

  @Override
  public FileFormat format() {
    return FileFormat.PARQUET;
  }

  @Override
  public Set<Compression> compressions() {
    return Set.of(Compression.GZIP, Compression.LZ4, Compression.ZSTD, Compression.SNAPPY);
  }

  @Override
  public SampleFileEncoder newEncoder() {
    return new ParquetEncoder();
  }

  @Override
  public SampleFileDecoder newDecoder(ReadSpec spec) {
    return new ParquetDecoder(spec);
  }

  @Override
  public OptionalLong fileLengthBytes(FileSpec file) {
    if (FooterWriter.codec(file.compression()) != Parquet.UNCOMPRESSED) {
      return OptionalLong.empty();
    }
    try {
      return OptionalLong.of(ParquetEncoder.lengthBytes(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Bytes of the values of one row in the columns read. */
  @Override
  public long sampleBytes(FileSpec file) {
    ParquetLayout layout = new ParquetLayout(file);
    List<String> wanted = file.encoding().parquet().readColumns();
    long bytes = 0;
    for (int column = 0; column < layout.columns(); column++) {
      if (wanted.isEmpty() || wanted.contains(layout.name(column))) {
        bytes += layout.valueBytes(column);
      }
    }
    return bytes;
  }
}
