/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.parquet;

import io.dlioflink.format.BrokenFileException;
import io.dlioflink.format.FileInput;
import io.dlioflink.format.UnsupportedFileException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads what the end of a file says about the rest: the footer and the offset indexes. */
final class FooterReader {
  private static final String FOOTER = "Parquet footer";
  private static final int MAX_FOOTER_BYTES = 64 << 20;

  /** Beyond, indexes are not read, and pages are found by walking through their chunk. */
  private static final int MAX_INDEX_BYTES = 4 << 20;

  private static final int MIN_TAIL_BYTES = 1024;
  private static final int TAIL_FRACTION = 1024;
  private static final int MAX_NAMES_IN_MESSAGE = 20;

  private final CompactReader reader = new CompactReader();

  private FileInput input;
  private long footerStart;
  private List<Column> all;
  private List<Column> chosen;
  private boolean[] isChosen;
  private final List<PendingChunk> pending = new ArrayList<>();
  private int rows;

  /**
   * Reads the layout of a file.
   *
   * @param wanted names of the columns; none: all
   * @param samples rows the file must have
   */
  FileLayout read(FileInput from, List<String> wanted, int samples) throws IOException {
    input = from;
    pending.clear();
    all = List.of();
    rows = 0;
    long trailerStart = findFooter();
    input.seek(footerStart, trailerStart);
    reader.start(input, FOOTER);
    int[] firstRows = readFooter(wanted, samples);
    if (input.position() != trailerStart) {
      throw broken("%d bytes follow the footer".formatted(trailerStart - input.position()));
    }
    List<Chunk> chunks = readIndexes();
    return new FileLayout(chosen, firstRows, chunks);
  }

  /** Finds the start of the footer; returns its end. */
  private long findFooter() throws IOException {
    long length = input.lengthBytes();
    if (length < Parquet.MAGIC_BYTES + Parquet.TRAILER_BYTES) {
      throw new BrokenFileException(
          input.location(), length, "the file ends, expected a Parquet footer");
    }
    // Most footers, and indexes before them, come along with the trailer at little cost.
    long tail =
        Math.min(Math.max(length / TAIL_FRACTION, MIN_TAIL_BYTES), FileInput.MAX_REQUIRED_BYTES);
    tail = Math.min(tail, length);
    input.seek(length - tail, length);
    ByteBuffer bytes = input.require((int) tail, FOOTER);
    int trailer = bytes.position() + (int) tail - Parquet.TRAILER_BYTES;
    int footerBytes = bytes.getInt(trailer);
    int magic = bytes.getInt(trailer + Integer.BYTES);
    long trailerStart = length - Parquet.TRAILER_BYTES;
    if (magic == Parquet.ENCRYPTED_MAGIC) {
      throw new UnsupportedFileException(
          input.location(), trailerStart, "the Parquet footer is encrypted");
    }
    if (magic != Parquet.MAGIC) {
      throw new BrokenFileException(
          input.location(),
          trailerStart + Integer.BYTES,
          "the file ends with 0x%08x, expected PAR1".formatted(Integer.reverseBytes(magic)));
    }
    if (footerBytes < 1 || footerBytes > trailerStart - Parquet.MAGIC_BYTES) {
      throw new BrokenFileException(
          input.location(),
          trailerStart,
          "a footer of %d bytes in a file of %d".formatted(footerBytes, length));
    }
    if (footerBytes > MAX_FOOTER_BYTES) {
      throw new UnsupportedFileException(
          input.location(),
          trailerStart,
          "a footer of %d bytes, at most %d are read".formatted(footerBytes, MAX_FOOTER_BYTES));
    }
    footerStart = trailerStart - footerBytes;
    return trailerStart;
  }

  private int[] readFooter(List<String> wanted, int samples) throws IOException {
    long announced = -1;
    int[] firstRows = {0};
    int field = 0;
    while ((field = reader.nextField(field)) != CompactReader.STOP) {
      switch (field) {
        case 2 -> {
          if (!all.isEmpty()) {
            throw broken("a second schema");
          }
          all = Schema.read(reader);
          choose(wanted);
        }
        case 3 -> {
          announced = reader.count64();
          if (announced != samples) {
            throw broken("%d samples, expected %d".formatted(announced, samples));
          }
        }
        case 4 -> firstRows = readGroups();
        case 8 -> throw unsupported("encryption");
        default -> reader.skip();
      }
    }
    if (rows != announced || all.isEmpty()) {
      throw broken(
          "%d columns, %d rows in row groups, %d in all".formatted(all.size(), rows, announced));
    }
    return firstRows;
  }

  private void choose(List<String> wanted) throws IOException {
    isChosen = new boolean[all.size()];
    for (String name : wanted) {
      boolean found = false;
      for (int i = 0; i < all.size(); i++) {
        if (all.get(i).isNamedBy(name)) {
          isChosen[i] = true;
          found = true;
        }
      }
      if (!found) {
        throw broken("found columns %s, expected %s".formatted(names(), name));
      }
    }
    chosen = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      isChosen[i] |= wanted.isEmpty();
      if (isChosen[i]) {
        chosen.add(all.get(i));
      }
    }
  }

  private String names() {
    List<String> names =
        new ArrayList<>(all.stream().map(Column::name).limit(MAX_NAMES_IN_MESSAGE).toList());
    if (names.size() < all.size()) {
      names.add("... %d in all".formatted(all.size()));
    }
    return names.toString();
  }

  private int[] readGroups() throws IOException {
    if (all.isEmpty() || !pending.isEmpty()) {
      throw broken("row groups before the schema, or twice");
    }
    List<Integer> firstRows = new ArrayList<>(List.of(0));
    int groups = reader.structs();
    for (int i = 0; i < groups; i++) {
      readGroup();
      firstRows.add(rows);
    }
    return firstRows.stream().mapToInt(Integer::intValue).toArray();
  }

  private void readGroup() throws IOException {
    long groupRows = -1;
    int first = pending.size();
    int columns = -1;
    int field = 0;
    while ((field = reader.nextField(field)) != CompactReader.STOP) {
      switch (field) {
        case 1 -> {
          columns = reader.structs();
          if (columns != all.size()) {
            throw broken("a row group of %d columns, expected %d".formatted(columns, all.size()));
          }
          for (int i = 0; i < columns; i++) {
            readChunk(i);
          }
        }
        case 3 -> groupRows = reader.count64();
        default -> reader.skip();
      }
    }
    if (columns < 0 || groupRows < 0 || pending.size() != first + chosen.size()) {
      throw broken("a row group of %d columns, %d rows".formatted(columns, groupRows));
    }
    if (groupRows > Integer.MAX_VALUE - rows) {
      throw broken("a row group of %d rows".formatted(groupRows));
    }
    for (PendingChunk chunk : pending.subList(first, pending.size())) {
      chunk.rows = (int) groupRows;
      if (chunk.column.maxRepetition() == 0 && chunk.values != groupRows) {
        throw broken(
            "column %s has %d values in a row group of %d"
                .formatted(chunk.column.name(), chunk.values, groupRows));
      }
    }
    rows += (int) groupRows;
  }

  private void readChunk(int index) throws IOException {
    PendingChunk chunk = new PendingChunk(all.get(index));
    boolean described = false;
    int field = 0;
    while ((field = reader.nextField(field)) != CompactReader.STOP) {
      switch (field) {
        case 1 -> {
          if (isChosen[index]) {
            throw unsupported("column %s in another file".formatted(chunk.column.name()));
          }
          reader.skip();
        }
        case 3 -> {
          reader.struct();
          chunk.read(reader);
          described = true;
        }
        case 4 -> chunk.indexOffset = reader.count64();
        case 5 -> chunk.indexBytes = reader.count32();
        case 8 -> {
          if (isChosen[index]) {
            throw unsupported("column %s is encrypted".formatted(chunk.column.name()));
          }
          reader.skip();
        }
        default -> reader.skip();
      }
    }
    if (isChosen[index]) {
      if (!described) {
        throw broken("column %s is not described".formatted(chunk.column.name()));
      }
      check(chunk);
      pending.add(chunk);
    }
  }

  private void check(PendingChunk chunk) throws IOException {
    String name = chunk.column.name();
    if (chunk.type != chunk.column.type()) {
      throw broken(
          "column %s has type %d, the schema says %d"
              .formatted(name, chunk.type, chunk.column.type()));
    }
    if (!PageBytes.supports(chunk.codec)) {
      throw unsupported("column %s in codec %s".formatted(name, Parquet.codecName(chunk.codec)));
    }
    boolean inFile =
        chunk.start() >= Parquet.MAGIC_BYTES
            && chunk.bytes >= 0
            && chunk.values >= 0
            && chunk.bytes <= footerStart - chunk.start()
            && chunk.dataStart <= chunk.start() + chunk.bytes;
    if (!inFile) {
      throw broken(
          "column %s with %d values at %d, data at %d, %d bytes; the footer starts at %d"
              .formatted(
                  name, chunk.values, chunk.start(), chunk.dataStart, chunk.bytes, footerStart));
    }
    if (chunk.indexBytes > 0
        && (chunk.indexOffset < Parquet.MAGIC_BYTES
            || chunk.indexBytes > footerStart - chunk.indexOffset)) {
      throw broken(
          "column %s with an offset index of %d bytes at %d; the footer starts at %d"
              .formatted(name, chunk.indexBytes, chunk.indexOffset, footerStart));
    }
  }

  private List<Chunk> readIndexes() throws IOException {
    long first = Long.MAX_VALUE;
    long end = 0;
    for (PendingChunk chunk : pending) {
      if (chunk.indexBytes > 0) {
        first = Math.min(first, chunk.indexOffset);
        end = Math.max(end, chunk.indexOffset + chunk.indexBytes);
      }
    }
    boolean wanted = end - first <= MAX_INDEX_BYTES;
    List<Chunk> chunks = new ArrayList<>(pending.size());
    for (PendingChunk chunk : pending) {
      boolean indexed = wanted && chunk.indexBytes > 0 && chunk.rows > 0;
      chunks.add(chunk.toChunk(indexed ? Optional.of(readIndex(chunk, end)) : Optional.empty()));
    }
    return chunks;
  }

  private PageIndex readIndex(PendingChunk chunk, long end) throws IOException {
    input.seek(chunk.indexOffset, end);
    reader.start(input, "offset index of column " + chunk.column.name());
    long chunkEnd = chunk.start() + chunk.bytes;
    PageIndex index = PageIndex.read(reader, chunk.dataStart, chunkEnd, chunk.rows);
    if (input.position() != chunk.indexOffset + chunk.indexBytes) {
      throw reader.broken("it ends here, expected after %d bytes".formatted(chunk.indexBytes));
    }
    return index;
  }

  private BrokenFileException broken(String problem) {
    return reader.broken(problem);
  }

  private UnsupportedFileException unsupported(String feature) {
    return new UnsupportedFileException(input.location(), input.position(), feature);
  }

  /** A column chunk of which not all is known. */
  private static final class PendingChunk {
    final Column column;
    int rows;
    int type = -1;
    int codec = -1;
    long values = -1;
    long bytes = -1;
    long dataStart = -1;
    long dictionaryStart = -1;
    long indexOffset = -1;
    int indexBytes;

    PendingChunk(Column column) {
      this.column = column;
    }

    void read(CompactReader reader) throws IOException {
      int field = 0;
      while ((field = reader.nextField(field)) != CompactReader.STOP) {
        switch (field) {
          case 1 -> type = reader.i32();
          case 4 -> codec = reader.i32();
          case 5 -> values = reader.count64();
          case 7 -> bytes = reader.count64();
          case 9 -> dataStart = reader.count64();
          case 11 -> dictionaryStart = reader.i64();
          default -> reader.skip();
        }
      }
    }

    long start() {
      // Some writers say 0 where there is no dictionary.
      boolean hasDictionary = dictionaryStart > 0 && dictionaryStart < dataStart;
      return hasDictionary ? dictionaryStart : dataStart;
    }

    Chunk toChunk(Optional<PageIndex> pages) {
      return new Chunk(start(), dataStart, start() + bytes, codec, values, pages);
    }
  }
}
