/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.parquet;

import java.util.List;

/** Constants of the file format; source: {@code parquet.thrift} and README of parquet-format. */
final class Parquet {
  /** {@code PAR1}, little-endian. */
  static final int MAGIC = 0x31524150;

  /** {@code PARE}: the footer is encrypted. */
  static final int ENCRYPTED_MAGIC = 0x45524150;

  static final int MAGIC_BYTES = Integer.BYTES;

  /** Footer length and magic. */
  static final int TRAILER_BYTES = 2 * Integer.BYTES;

  static final int BOOLEAN = 0;
  static final int INT32 = 1;
  static final int INT64 = 2;
  static final int INT96 = 3;
  static final int FLOAT = 4;
  static final int DOUBLE = 5;
  static final int BYTE_ARRAY = 6;
  static final int FIXED_LEN_BYTE_ARRAY = 7;

  static final int REQUIRED = 0;
  static final int OPTIONAL = 1;
  static final int REPEATED = 2;

  static final int DATA_PAGE = 0;
  static final int INDEX_PAGE = 1;
  static final int DICTIONARY_PAGE = 2;
  static final int DATA_PAGE_V2 = 3;

  static final int PLAIN = 0;
  static final int PLAIN_DICTIONARY = 2;
  static final int RLE = 3;
  static final int DELTA_BINARY_PACKED = 5;
  static final int DELTA_LENGTH_BYTE_ARRAY = 6;
  static final int DELTA_BYTE_ARRAY = 7;
  static final int RLE_DICTIONARY = 8;
  static final int BYTE_STREAM_SPLIT = 9;

  static final int UNCOMPRESSED = 0;
  static final int SNAPPY = 1;
  static final int GZIP = 2;
  static final int ZSTD = 6;
  static final int LZ4_RAW = 7;

  private static final List<String> CODECS =
      List.of("UNCOMPRESSED", "SNAPPY", "GZIP", "LZO", "BROTLI", "LZ4", "ZSTD", "LZ4_RAW");

  private Parquet() {}

  /** The name of a codec, or its number if it has none. */
  static String codecName(int codec) {
    return codec >= 0 && codec < CODECS.size() ? CODECS.get(codec) : String.valueOf(codec);
  }
}
