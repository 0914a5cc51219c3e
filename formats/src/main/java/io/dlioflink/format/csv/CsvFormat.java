/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.csv;

import io.dlioflink.format.FileSpec;
import io.dlioflink.format.ReadSpec;
import io.dlioflink.format.SampleFileDecoder;
import io.dlioflink.format.SampleFileEncoder;
import io.dlioflink.format.SampleFormat;
import io.dlioflink.workload.Compression;
import io.dlioflink.workload.FileFormat;
import java.util.OptionalLong;
import java.util.Set;

/**
 * One row of comma separated numbers per sample, a column per element in C order, without header or
 * index, as {@code pandas.DataFrame.to_csv} writes it. DLIO repeats one row; here every sample has
 * content of its own.
 *
 * <p>A compressed file keeps its name, as in DLIO, where pandas cannot tell from it how to read the
 * file; here the first bytes tell, whatever the setting.
 *
 * <p>Source: DLIO {@code data_generator/csv_generator.py}, {@code reader/csv_reader.py}.
 */
public final class CsvFormat implements SampleFormat {

  @Override
  public FileFormat format() {
    return FileFormat.CSV;
  }

  /** What pandas knows. */
  @Override
  public Set<Compression> compressions() {
    return Set.of(
        Compression.GZIP, Compression.BZ2, Compression.ZIP, Compression.XZ, Compression.ZSTD);
  }

  @Override
  public SampleFileEncoder newEncoder() {
    return new CsvEncoder();
  }

  @Override
  public SampleFileDecoder newDecoder(ReadSpec spec) {
    return new CsvDecoder(spec);
  }

  /** Unknown: numbers have as many digits as they need. */
  @Override
  public OptionalLong fileLengthBytes(FileSpec file) {
    return OptionalLong.empty();
  }
}
