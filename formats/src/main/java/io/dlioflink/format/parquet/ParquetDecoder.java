/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.parquet;

import io.dlioflink.format.BrokenFileException;
import io.dlioflink.format.FileInput;
import io.dlioflink.format.ReadSpec;
import io.dlioflink.format.RememberedFiles;
import io.dlioflink.format.SampleListener;
import io.dlioflink.format.SequentialDecoder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/**
 * Reads rows of Parquet files: the pages that hold their values in the columns wanted, and once per
 * file the footer, which is remembered for the files read last.
 */
final class ParquetDecoder implements SequentialDecoder {
  private static final long MAX_REMEMBERED_BYTES = 16 << 20;

  /** Rows whose bytes are added up at once; what a row group has beyond is read in a next round. */
  private static final int MAX_ROUND_ROWS = 1 << 16;

  private final ReadSpec spec;
  private final List<String> wanted;
  private final FooterReader footers = new FooterReader();
  private final ChunkReader chunks = new ChunkReader();
  private final RememberedFiles<FileLayout> remembered =
      new RememberedFiles<>(MAX_REMEMBERED_BYTES);

  private long[] rowBytes = new long[1];
  private long[] readable = new long[1];

  ParquetDecoder(ReadSpec spec) {
    this.spec = spec;
    this.wanted = spec.encoding().parquet().readColumns();
  }

  @Override
  public long decode(FileInput input, int sample) throws IOException {
    spec.requireSample(sample);
    FileLayout file = layout(input);
    int group = file.groupOf(sample);
    int row = sample - file.firstRow(group);
    readRows(input, file, group, row, row + 1);
    return rowBytes[0];
  }

  @Override
  public void decode(FileInput input, int first, int count, SampleListener done)
      throws IOException {
    spec.requireSample(first);
    spec.requireSample(first + count - 1);
    FileLayout file = layout(input);
    int sample = first;
    while (sample < first + count) {
      int group = file.groupOf(sample);
      int row = sample - file.firstRow(group);
      int rows = Math.min(file.rows(group) - row, first + count - sample);
      rows = Math.min(rows, MAX_ROUND_ROWS);
      readRows(input, file, group, row, row + rows);
      for (int i = 0; i < rows; i++) {
        done.sample(rowBytes[i]);
      }
      sample += rows;
    }
  }

  /** Reads rows of a row group in the columns wanted; {@link #rowBytes} tells their bytes. */
  private void readRows(FileInput input, FileLayout file, int group, int from, int to)
      throws IOException {
    int columns = file.columns().size();
    int rows = file.rows(group);
    startRows(to - from);
    findReadable(file, group, from, to);
    for (int i = 0; i < columns; i++) {
      chunks.read(
          input,
          file.columns().get(i),
          file.chunk(group, i),
          rows,
          from,
          to,
          readable[i],
          rowBytes);
    }
  }

  private void startRows(int rows) {
    if (rowBytes.length < rows) {
      rowBytes = new long[rows];
    }
    Arrays.fill(rowBytes, 0, rows, 0);
  }

  /** What adjoins in the file is read in one go, though it belongs to several columns. */
  private void findReadable(FileLayout file, int group, int from, int to) {
    int columns = file.columns().size();
    if (readable.length < columns) {
      readable = new long[columns];
    }
    long nextStart = -1;
    for (int i = columns - 1; i >= 0; i--) {
      Chunk chunk = file.chunk(group, i);
      long end = chunk.neededEnd(to);
      readable[i] = end == nextStart ? readable[i + 1] : end;
      nextStart = chunk.neededStart(from);
    }
  }

  private FileLayout layout(FileInput input) throws IOException {
    FileLayout known = remembered.get(input.file());
    if (known != null) {
      return known;
    }
    FileLayout read = footers.read(input, wanted, spec.samplesPerFile());
    remembered.put(input.file(), read, read.sizeBytes());
    return read;
  }

  /** Reads all pages of all columns, whichever are wanted in training. */
  @Override
  public long verify(FileInput input, int samples) throws IOException {
    requireMagic(input);
    FileLayout chosen = footers.read(input, wanted, samples);
    FileLayout file = wanted.isEmpty() ? chosen : footers.read(input, List.of(), samples);
    long bytes = 0;
    for (int group = 0; group < file.groups(); group++) {
      for (int column = 0; column < file.columns().size(); column++) {
        long columnBytes = verifyChunk(input, file, group, column);
        bytes += chosen.columns().contains(file.columns().get(column)) ? columnBytes : 0;
      }
    }
    return bytes;
  }

  private long verifyChunk(FileInput input, FileLayout file, int group, int column)
      throws IOException {
    long bytes = 0;
    int rows = file.rows(group);
    Chunk chunk = file.chunk(group, column);
    for (int from = 0; from < rows; from += MAX_ROUND_ROWS) {
      int to = Math.min(rows, from + MAX_ROUND_ROWS);
      startRows(to - from);
      chunks.read(input, file.columns().get(column), chunk, rows, from, to, chunk.end(), rowBytes);
      for (int i = 0; i < to - from; i++) {
        bytes += rowBytes[i];
      }
    }
    return bytes;
  }

  private static void requireMagic(FileInput input) throws IOException {
    input.seek(0, Long.MAX_VALUE);
    ByteBuffer bytes = input.require(Parquet.MAGIC_BYTES, "Parquet file");
    int magic = bytes.getInt();
    if (magic != Parquet.MAGIC && magic != Parquet.ENCRYPTED_MAGIC) {
      throw new BrokenFileException(
          input.location(),
          0,
          "the file starts with 0x%08x, expected PAR1".formatted(Integer.reverseBytes(magic)));
    }
  }

  @Override
  public void close() {
    chunks.close();
  }
}
