/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.parquet;

import java.io.IOException;

/** The head of a page; one object is filled again and again. */
final class PageHeader {
  int type;
  int uncompressedBytes;
  int storedBytes;
  boolean hasCrc;
  int crc;

  /** Values, absent ones among them. */
  int values;

  int encoding;
  int definitionEncoding;
  int repetitionEncoding;

  /** For pages of version 2: rows, bytes of levels, whether what follows them is compressed. */
  int rows;

  int definitionBytes;
  int repetitionBytes;
  boolean compressed;

  private boolean hasValues;

  /** Reads the head the reader stands before. */
  void read(CompactReader reader) throws IOException {
    type = -1;
    uncompressedBytes = -1;
    storedBytes = -1;
    hasCrc = false;
    hasValues = false;
    compressed = true;
    int field = 0;
    while ((field = reader.nextField(field)) != CompactReader.STOP) {
      switch (field) {
        case 1 -> type = reader.i32();
        case 2 -> uncompressedBytes = reader.count32();
        case 3 -> storedBytes = reader.count32();
        case 4 -> {
          crc = reader.i32();
          hasCrc = true;
        }
        case 5, 7 -> readData(reader);
        case 8 -> readDataV2(reader);
        default -> reader.skip();
      }
    }
    if (type < 0 || uncompressedBytes < 0 || storedBytes < 0) {
      throw reader.broken(
          "type %d, %d bytes, stored %d: expected all of them"
              .formatted(type, uncompressedBytes, storedBytes));
    }
    if (!hasValues && type != Parquet.INDEX_PAGE) {
      throw reader.broken("nothing said of the values of a page of type " + type);
    }
  }

  /** Data pages of version 1 and dictionary pages. */
  private void readData(CompactReader reader) throws IOException {
    reader.struct();
    begin();
    int field = 0;
    while ((field = reader.nextField(field)) != CompactReader.STOP) {
      switch (field) {
        case 1 -> values = reader.count32();
        case 2 -> encoding = reader.i32();
        case 3 -> {
          if (type == Parquet.DATA_PAGE) {
            definitionEncoding = reader.i32();
          } else {
            reader.skip();
          }
        }
        case 4 -> repetitionEncoding = reader.i32();
        default -> reader.skip();
      }
    }
    end(reader);
  }

  private void readDataV2(CompactReader reader) throws IOException {
    reader.struct();
    begin();
    int field = 0;
    while ((field = reader.nextField(field)) != CompactReader.STOP) {
      switch (field) {
        case 1 -> values = reader.count32();
        case 3 -> rows = reader.count32();
        case 4 -> encoding = reader.i32();
        case 5 -> definitionBytes = reader.count32();
        case 6 -> repetitionBytes = reader.count32();
        case 7 -> compressed = reader.bool();
        default -> reader.skip();
      }
    }
    end(reader);
  }

  private void begin() {
    hasValues = true;
    values = -1;
    encoding = -1;
    definitionEncoding = Parquet.RLE;
    repetitionEncoding = Parquet.RLE;
    rows = -1;
    definitionBytes = 0;
    repetitionBytes = 0;
  }

  private void end(CompactReader reader) throws IOException {
    if (values < 0 || encoding < 0) {
      throw reader.broken("%d values in encoding %d: expected both".formatted(values, encoding));
    }
  }
}
