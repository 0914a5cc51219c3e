/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.csv;

import io.dlioflink.format.BrokenFileException;
import io.dlioflink.format.FileInput;
import io.dlioflink.format.ReadSpec;
import io.dlioflink.format.SampleFileDecoder;
import java.io.IOException;

/**
 * Reads CSV files: all rows and all fields for each sample, as DLIO does. A piece of the text is in
 * memory at a time, however long a row is.
 *
 * <p>Compressed files make the codec anew for each sample.
 */
final class CsvDecoder implements SampleFileDecoder {
  private final ReadSpec spec;
  private final CsvText text = new CsvText();
  private final CsvParser parser;

  CsvDecoder(ReadSpec spec) {
    this.spec = spec;
    this.parser = new CsvParser(spec.elementType());
  }

  /** One sample cannot be read without all others. */
  @Override
  public long verify(FileInput input, int samples) throws IOException {
    return samples * decode(input, 0);
  }

  @Override
  public long decode(FileInput input, int sample) throws IOException {
    spec.requireSample(sample);
    try {
      text.open(input);
      parser.start(input, text.compressed());
      int length;
      while ((length = text.next()) >= 0) {
        parser.parse(text.piece, length);
      }
    } finally {
      text.close();
    }
    parser.end();
    if (parser.rows() != spec.samplesPerFile()) {
      throw new BrokenFileException(
          input.location(),
          input.position(),
          "the file has %d samples (rows), expected %d"
              .formatted(parser.rows(), spec.samplesPerFile()));
    }
    return parser.columns() * spec.elementType().bytes();
  }

  /** A number made of all elements of the last file, in their order. */
  long checksum() {
    return parser.checksum();
  }

  @Override
  public void close() {
    // Nothing but memory is held between files.
  }
}
