/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.parquet;

import io.dlioflink.format.FileSpec;
import io.dlioflink.workload.Compression;
import java.io.IOException;
import java.util.stream.Collectors;

/**
 * Makes what stands around the values: heads of pages, offset indexes, the footer. Nothing in them
 * depends on when, where or by which version they were made. Source: {@code parquet.thrift}.
 */
final class FooterWriter {
  private static final String CREATED_BY = "dlio-flink version 1";
  private static final int FORMAT_VERSION = 2;

  private final FileSpec file;
  private final ParquetLayout layout;
  private final WrittenPages pages;
  private final CompactWriter writer = new CompactWriter();

  /** Takes bytes as they are made. */
  @FunctionalInterface
  interface Sink {
    /** Takes what has been written, and clears it. */
    void accept(CompactWriter written) throws IOException;
  }

  FooterWriter(FileSpec file, ParquetLayout layout, WrittenPages pages) {
    this.file = file;
    this.layout = layout;
    this.pages = pages;
  }

  /** The codec of a compression; that of one Parquet does not have is none. */
  static int codec(Compression compression) {
    return switch (compression) {
      case GZIP -> Parquet.GZIP;
      case SNAPPY -> Parquet.SNAPPY;
      case LZ4 -> Parquet.LZ4_RAW;
      case ZSTD -> Parquet.ZSTD;
      case NONE, LZF, BZ2, ZIP, XZ, SZIP -> Parquet.UNCOMPRESSED;
    };
  }

  /** Writes the head of a data page; its length does not depend on the CRC. */
  static void writePageHead(CompactWriter writer, int bytes, int storedBytes, int crc, int values) {
    writer.begin();
    writer.i32(1, Parquet.DATA_PAGE);
    writer.i32(2, bytes);
    writer.i32(3, storedBytes);
    writer.wideI32(4, crc);
    writer.struct(5);
    writer.i32(1, values);
    writer.i32(2, Parquet.PLAIN);
    writer.i32(3, Parquet.RLE);
    writer.i32(4, Parquet.RLE);
    writer.end();
    writer.end();
  }

  /**
   * Writes all that follows the pages.
   *
   * @return bytes of it
   */
  long writeEnd(Sink sink) throws IOException {
    int chunks = layout.groups() * layout.columns();
    int[] indexBytes = new int[chunks];
    long indexStart = Parquet.MAGIC_BYTES;
    int page = 0;
    for (int chunk = 0; chunk < chunks; chunk++) {
      int first = page;
      page += pagesOf(chunk);
      writeIndex(chunk, first, page, indexStart);
      for (int i = first; i < page; i++) {
        indexStart += pages.length(i);
      }
      indexBytes[chunk] = writer.length();
      sink.accept(writer);
    }
    long footerStart = indexStart;
    for (int bytes : indexBytes) {
      footerStart += bytes;
    }
    int footerBytes = writeFooter(sink, indexStart, indexBytes);
    return footerStart - indexStart + footerBytes + Parquet.TRAILER_BYTES;
  }

  private int pagesOf(int chunk) {
    int rows = layout.rows(chunk / layout.columns());
    int pageRows = layout.pageRows(chunk % layout.columns());
    return (rows + pageRows - 1) / pageRows;
  }

  private void writeIndex(int chunk, int first, int end, long start) {
    int column = chunk % layout.columns();
    int rows = layout.rows(chunk / layout.columns());
    writer.begin();
    writer.list(1, Compact.STRUCT, end - first);
    long offset = start;
    for (int i = first; i < end; i++) {
      writer.begin();
      writer.i64(1, offset);
      writer.i32(2, pages.length(i));
      writer.i64(3, (long) (i - first) * layout.pageRows(column));
      writer.end();
      offset += pages.length(i);
    }
    if (column > 0) {
      writer.list(2, Compact.I64, end - first);
      for (int i = first; i < end; i++) {
        int before = (i - first) * layout.pageRows(column);
        int values = Math.min(layout.pageRows(column), rows - before);
        writer.element(values * layout.valueBytes(column));
      }
    }
    writer.end();
  }

  private int writeFooter(Sink sink, long firstIndexStart, int[] indexBytes) throws IOException {
    int length = 0;
    writer.begin();
    writer.i32(1, FORMAT_VERSION);
    writeSchema();
    writer.i64(3, file.samples());
    writer.list(4, Compact.STRUCT, layout.groups());
    long start = Parquet.MAGIC_BYTES;
    long indexStart = firstIndexStart;
    int page = 0;
    for (int group = 0; group < layout.groups(); group++) {
      int firstChunk = group * layout.columns();
      long groupStart = start;
      long uncompressed = 0;
      writer.begin();
      writer.list(1, Compact.STRUCT, layout.columns());
      for (int column = 0; column < layout.columns(); column++) {
        int chunk = firstChunk + column;
        long bytes = 0;
        int end = page + pagesOf(chunk);
        for (; page < end; page++) {
          bytes += pages.length(page);
        }
        writeChunk(group, column, start, bytes);
        writer.i64(4, indexStart);
        writer.i32(5, indexBytes[chunk]);
        writer.end();
        start += bytes;
        indexStart += indexBytes[chunk];
        uncompressed += pages.uncompressedBytes(chunk);
      }
      writer.i64(2, uncompressed);
      writer.i64(3, layout.rows(group));
      writer.i64(5, groupStart);
      writer.i64(6, start - groupStart);
      writer.end();
      length += writer.length();
      sink.accept(writer);
    }
    writeMetadata();
    writer.string(6, CREATED_BY);
    writer.end();
    length += writer.length();
    writer.trailer(length);
    sink.accept(writer);
    return length;
  }

  private void writeSchema() {
    writer.list(2, Compact.STRUCT, 1 + layout.columns());
    writer.begin();
    writer.string(4, "schema");
    writer.i32(5, layout.columns());
    writer.end();
    for (int column = 0; column < layout.columns(); column++) {
      writer.begin();
      writer.i32(1, type(column));
      writer.i32(3, Parquet.REQUIRED);
      writer.string(4, layout.name(column));
      writer.end();
    }
  }

  private static int type(int column) {
    return column == 0 ? Parquet.INT64 : Parquet.BYTE_ARRAY;
  }

  /** Begins the structure of a column chunk. */
  private void writeChunk(int group, int column, long start, long bytes) {
    writer.begin();
    // Deprecated, and to be 0.
    writer.i64(2, 0);
    writer.struct(3);
    writer.i32(1, type(column));
    writer.list(2, Compact.I32, 2);
    writer.element(Parquet.PLAIN);
    writer.element(Parquet.RLE);
    writer.list(3, Compact.BINARY, 1);
    writer.element(layout.name(column));
    writer.i32(4, codec(file.compression()));
    writer.i64(5, layout.rows(group));
    writer.i64(6, pages.uncompressedBytes(group * layout.columns() + column));
    writer.i64(7, bytes);
    writer.i64(9, start);
    writer.end();
  }

  /** What it takes to make arrays of the values again. */
  private void writeMetadata() {
    String shape = file.dims().stream().map(String::valueOf).collect(Collectors.joining(","));
    writer.list(5, Compact.STRUCT, 2);
    writeEntry("dlio_flink.shape", shape);
    writeEntry("dlio_flink.dtype", file.elementType().yamlName());
  }

  private void writeEntry(String key, String value) {
    writer.begin();
    writer.string(1, key);
    writer.string(2, value);
    writer.end();
  }
}
