/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.parquet;

import io.dlioflink.format.FileOutput;
import io.dlioflink.format.FileSpec;
import io.dlioflink.format.FileTarget;
import io.dlioflink.format.SampleContent;
import io.dlioflink.format.SampleFileEncoder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32;

/**
 * Writes Parquet files page by page. Size and CRC of a page stand before it: one that fits the
 * buffer gets them filled in, the content of a larger one, being a pure function, is generated (and
 * compressed) twice.
 */
final class ParquetEncoder implements SampleFileEncoder {
  private static final int BUFFER_BYTES = 1 << 20;
  private static final byte[] MAGIC = {'P', 'A', 'R', '1'};

  private final FileOutput output = new FileOutput(BUFFER_BYTES);
  private final PageBody body = new PageBody();
  private final WrittenPages pages = new WrittenPages();
  private final CompactWriter head = new CompactWriter();
  private final CRC32 crc = new CRC32();
  private final Map<Integer, Compressor> compressors = new TreeMap<>();

  /** Compressed bytes of a page, if they fit. */
  private final ByteBuffer compressed = ByteBuffer.allocateDirect(BUFFER_BYTES);

  private long compressedBytes;

  @Override
  public void encode(FileSpec file, SampleContent content, FileTarget target) throws IOException {
    ParquetLayout layout = new ParquetLayout(file);
    int codec = FooterWriter.codec(file.compression());
    int level = file.encoding().compressionLevel();
    output.open(target.data());
    head.clear();
    pages.clear();
    body.startFile(file, content, layout);
    output.put(MAGIC);
    for (int group = 0; group < layout.groups(); group++) {
      for (int column = 0; column < layout.columns(); column++) {
        pages.addChunk();
        int rows = layout.rows(group);
        int pageRows = layout.pageRows(column);
        for (int row = 0; row < rows; row += Math.min(pageRows, rows - row)) {
          body.startPage(column, layout.firstRow(group) + row, Math.min(pageRows, rows - row));
          if (codec == Parquet.UNCOMPRESSED) {
            store();
          } else {
            compress(compressors.computeIfAbsent(codec, ParquetEncoder::open), level);
          }
        }
      }
    }
    new FooterWriter(file, layout, pages).writeEnd(written -> written.moveTo(output));
    output.flush();
  }

  /** The size of a file that nothing is compressed in. */
  static long lengthBytes(FileSpec file) throws IOException {
    ParquetLayout layout = new ParquetLayout(file);
    WrittenPages pages = new WrittenPages();
    CompactWriter head = new CompactWriter();
    long length = Parquet.MAGIC_BYTES;
    for (int group = 0; group < layout.groups(); group++) {
      for (int column = 0; column < layout.columns(); column++) {
        pages.addChunk();
        int rows = layout.rows(group);
        int pageRows = layout.pageRows(column);
        for (int row = 0; row < rows; row += Math.min(pageRows, rows - row)) {
          int values = Math.min(pageRows, rows - row);
          int bytes = (int) (values * layout.storedBytes(column));
          FooterWriter.writePageHead(head, bytes, bytes, 0, values);
          int pageBytes = head.length() + bytes;
          head.clear();
          pages.addPage(pageBytes, pageBytes);
          length += pageBytes;
        }
      }
    }
    return length + new FooterWriter(file, layout, pages).writeEnd(CompactWriter::clear);
  }

  private static Compressor open(int codec) {
    return switch (codec) {
      case Parquet.GZIP -> new GzipCompressor();
      case Parquet.ZSTD -> new ZstdCompressor();
      case Parquet.SNAPPY -> new BlockCompressor(BlockCodec.SNAPPY);
      case Parquet.LZ4_RAW -> new BlockCompressor(BlockCodec.LZ4);
      default -> throw new IllegalArgumentException("Codec " + codec);
    };
  }

  private void store() throws IOException {
    int bytes = body.bytes();
    FooterWriter.writePageHead(head, bytes, bytes, 0, body.rows());
    int headBytes = head.length();
    head.clear();
    pages.addPage(headBytes + bytes, (long) headBytes + bytes);
    crc.reset();
    ByteBuffer room = output.window();
    if ((long) headBytes + bytes <= room.remaining()) {
      storeOnePass(room, headBytes, bytes);
    } else {
      body.forEachPiece(crc::update);
      FooterWriter.writePageHead(head, bytes, bytes, (int) crc.getValue(), body.rows());
      head.moveTo(output);
      body.generate(output);
    }
  }

  private void storeOnePass(ByteBuffer room, int headBytes, int bytes) {
    int start = room.position();
    room.position(start + headBytes);
    body.fill(room);
    int end = room.position();
    int limit = room.limit();
    room.limit(end).position(start + headBytes);
    crc.update(room);
    room.limit(limit).position(start);
    FooterWriter.writePageHead(head, bytes, bytes, (int) crc.getValue(), body.rows());
    head.moveTo(room);
    room.position(end);
  }

  private void compress(Compressor compressor, int level) throws IOException {
    int bytes = body.bytes();
    crc.reset();
    compressed.clear();
    compressedBytes = 0;
    run(compressor, level, bytes, this::keep);
    int stored = Math.toIntExact(compressedBytes);
    FooterWriter.writePageHead(head, bytes, stored, (int) crc.getValue(), body.rows());
    int headBytes = head.length();
    pages.addPage(headBytes + stored, (long) headBytes + bytes);
    head.moveTo(output);
    if (stored <= compressed.capacity()) {
      append(compressed.flip());
    } else {
      run(compressor, level, bytes, this::append);
    }
  }

  private void run(Compressor compressor, int level, int bytes, PageBody.Consumer consumer)
      throws IOException {
    compressor.start(level, bytes);
    body.forEachPiece(piece -> compressor.add(piece, consumer));
    compressor.finish(consumer);
  }

  private void keep(ByteBuffer bytes) {
    compressedBytes += bytes.remaining();
    if (compressedBytes <= compressed.capacity()) {
      compressed.put(bytes.duplicate());
    }
    crc.update(bytes);
  }

  private void append(ByteBuffer bytes) throws IOException {
    int end = bytes.limit();
    while (bytes.hasRemaining()) {
      ByteBuffer room = output.window();
      bytes.limit(bytes.position() + Math.min(room.remaining(), bytes.remaining()));
      room.put(bytes);
      bytes.limit(end);
    }
  }

  @Override
  public void close() {
    compressors.values().forEach(Compressor::close);
    compressors.clear();
  }
}
