/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.image;

import io.dlioflink.format.BrokenFileException;
import io.dlioflink.format.FileInput;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * One scan: what its header says, and the walk over its blocks with the restarts between them.
 * Reused for each scan.
 *
 * <p>Source: ITU-T T.81, A.2, B.2.3, E.2.4.
 */
final class JpegScan {
  private static final int MAX_UNIT_BLOCKS = 10;
  private static final int MAX_SHIFT = 13;

  /** Takes the blocks of a scan in their order. */
  interface Blocks {
    /** Reads one block. */
    void read(JpegComponent component, int column, int row) throws IOException;

    /** Forgets what blocks before had to say, as at each restart. */
    void restart();

    /** Follows each row of units. */
    void rowDone(int unitRow);
  }

  private final JpegComponent[] components = new JpegComponent[JpegFrame.MAX_COMPONENTS];
  private int componentCount;

  /** First and last coefficient, in the order of the file. */
  int first;

  int last;

  /** Whether bits are added to coefficients of earlier scans. */
  boolean refining;

  /** Number of low bits that are left to later scans. */
  int shift;

  boolean interleavesAllOf(JpegFrame frame) {
    return componentCount == frame.componentCount;
  }

  /**
   * Reads a scan header.
   *
   * @param bytes the segment behind its length field
   * @param tables Huffman tables: four for first coefficients, four for all others
   * @param offset of the segment in the file, for messages
   */
  void read(JpegFrame frame, ByteBuffer bytes, HuffmanTable[] tables, FileInput input, long offset)
      throws BrokenFileException {
    int at = bytes.position();
    int length = bytes.remaining();
    int count = length == 0 ? 0 : bytes.get(at) & 0xff;
    if (count < 1 || count > frame.componentCount || length != 4 + 2 * count) {
      throw broken(input, offset, "of %d bytes and %d components".formatted(length, count));
    }
    componentCount = 0;
    int unitBlocks = 0;
    for (int i = 0; i < count; i++) {
      JpegComponent component = find(frame, bytes.get(at + 1 + 2 * i) & 0xff);
      int dc = (bytes.get(at + 2 + 2 * i) >> 4) & 15;
      int ac = bytes.get(at + 2 + 2 * i) & 15;
      if (component == null || dc > 3 || ac > 3) {
        throw broken(
            input, offset, "with unknown component, or tables %d and %d".formatted(dc, ac));
      }
      component.dcTable = tables[dc];
      component.acTable = tables[4 + ac];
      unitBlocks += component.horizontal * component.vertical;
      components[componentCount++] = component;
    }
    int end = at + 1 + 2 * count;
    first = bytes.get(end) & 0xff;
    last = bytes.get(end + 1) & 0xff;
    refining = (bytes.get(end + 2) & 0xf0) != 0;
    shift = bytes.get(end + 2) & 15;
    requireRange(frame, input, offset);
    if (count > 1 && unitBlocks > MAX_UNIT_BLOCKS) {
      throw broken(input, offset, "with %d blocks per unit".formatted(unitBlocks));
    }
  }

  private JpegComponent find(JpegFrame frame, int id) {
    for (int i = 0; i < frame.componentCount; i++) {
      if (frame.components[i].id == id) {
        for (int j = 0; j < componentCount; j++) {
          if (components[j] == frame.components[i]) {
            return null;
          }
        }
        return frame.components[i];
      }
    }
    return null;
  }

  private void requireRange(JpegFrame frame, FileInput input, long offset)
      throws BrokenFileException {
    boolean legal =
        frame.progressive
            ? first <= last
                && last < Jpeg.BLOCK_SAMPLES
                && (first == 0 ? last == 0 : componentCount == 1)
                && shift <= MAX_SHIFT
            : first == 0 && last == Jpeg.BLOCK_SAMPLES - 1 && shift == 0 && !refining;
    for (int i = 0; i < componentCount; i++) {
      JpegComponent component = components[i];
      boolean needsDc = first == 0 && !refining;
      boolean needsAc = last > 0;
      if ((needsDc && !component.dcTable.usable()) || (needsAc && !component.acTable.usable())) {
        throw broken(input, offset, "without its Huffman table");
      }
      boolean begins = needsDc && !component.begun;
      legal &= begins || (frame.progressive && component.begun && !needsDc);
      component.begun = true;
    }
    if (!legal) {
      throw broken(
          input, offset, "of coefficients %d to %d above bit %d".formatted(first, last, shift));
    }
  }

  private static BrokenFileException broken(FileInput input, long offset, String problem) {
    return new BrokenFileException(input.location(), offset, "JPEG scan header " + problem);
  }

  /**
   * Walks over all blocks.
   *
   * @param restartUnits units between restarts; 0 for none
   */
  void decode(
      JpegFrame frame, FileInput input, EntropyReader reader, int restartUnits, Blocks blocks)
      throws IOException {
    JpegComponent only = componentCount == 1 ? components[0] : null;
    int unitColumns = only == null ? frame.unitColumns : only.blockColumns;
    int unitRows = only == null ? frame.unitRows : only.blockRows;
    reader.start(input);
    blocks.restart();
    long untilRestart = restartUnits == 0 ? Long.MAX_VALUE : restartUnits;
    int restart = 0;
    for (int row = 0; row < unitRows; row++) {
      for (int column = 0; column < unitColumns; column++) {
        if (untilRestart == 0) {
          reader.requireEnd();
          readRestart(input, restart);
          restart = (restart + 1) & 7;
          untilRestart = restartUnits;
          reader.start(input);
          blocks.restart();
        }
        untilRestart--;
        if (only != null) {
          blocks.read(only, column, row);
        } else {
          readUnit(column, row, blocks);
        }
      }
      blocks.rowDone(row);
    }
    reader.requireEnd();
  }

  private void readUnit(int column, int row, Blocks blocks) throws IOException {
    for (int i = 0; i < componentCount; i++) {
      JpegComponent component = components[i];
      for (int v = 0; v < component.vertical; v++) {
        for (int h = 0; h < component.horizontal; h++) {
          blocks.read(component, column * component.horizontal + h, row * component.vertical + v);
        }
      }
    }
  }

  private static void readRestart(FileInput input, int number) throws IOException {
    long offset = input.position();
    int marker = JpegDecoder.readMarker(input);
    if (marker != Jpeg.FIRST_RESTART + number) {
      throw new BrokenFileException(
          input.location(),
          offset,
          "found JPEG marker 0xff%02x, expected restart 0xff%02x"
              .formatted(marker, Jpeg.FIRST_RESTART + number));
    }
  }

  /** Forgets the first coefficients of blocks before. */
  void clearPrevious() {
    for (int i = 0; i < componentCount; i++) {
      components[i].previous = 0;
    }
  }
}
