/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.image;

import java.io.IOException;

/**
 * Reads the blocks of progressive scans into the coefficients of the components.
 *
 * <p>Source: ITU-T T.81, annex G.
 */
final class ProgressiveBlocks implements JpegScan.Blocks {
  private final JpegScan scan;
  private final EntropyReader reader;

  /** Blocks that have no more coefficients in this band, beginning with the next one. */
  private int emptyBlocks;

  ProgressiveBlocks(JpegScan scan, EntropyReader reader) {
    this.scan = scan;
    this.reader = reader;
  }

  @Override
  public void restart() {
    emptyBlocks = 0;
    scan.clearPrevious();
  }

  @Override
  public void rowDone(int unitRow) {
    // The image is made when all scans have been read.
  }

  @Override
  public void read(JpegComponent component, int column, int row) throws IOException {
    short[] target = component.coefficients(row);
    int at = column * Jpeg.BLOCK_SAMPLES;
    reader.prepareBlock();
    if (scan.first == 0) {
      readDc(component, target, at);
    } else if (scan.refining) {
      refineAc(component, target, at);
    } else {
      readAc(component, target, at);
    }
    reader.requireData();
  }

  private void readDc(JpegComponent component, short[] target, int at) throws IOException {
    if (scan.refining) {
      target[at] |= (short) (reader.readBits(1) << scan.shift);
      return;
    }
    int entry = reader.readCode(component.dcTable);
    if (HuffmanTable.run(entry) > 0) {
      throw reader.noSuchBlock();
    }
    component.previous += reader.readValue(HuffmanTable.size(entry));
    target[at] = (short) (component.previous << scan.shift);
  }

  private void readAc(JpegComponent component, short[] target, int at) throws IOException {
    if (emptyBlocks > 0) {
      emptyBlocks--;
      return;
    }
    for (int k = scan.first; k <= scan.last; k++) {
      int entry = reader.readCode(component.acTable);
      int run = HuffmanTable.run(entry);
      int size = HuffmanTable.size(entry);
      if (size == 0 && run < 15) {
        emptyBlocks = (1 << run) + reader.readBits(run) - 1;
        return;
      }
      k += run;
      if (k > scan.last) {
        throw reader.noSuchBlock();
      }
      if (size > 0) {
        int value = reader.readValue(size) << scan.shift;
        target[at + Jpeg.NATURAL_ORDER[k]] = (short) value;
      }
    }
  }

  private void refineAc(JpegComponent component, short[] target, int at) throws IOException {
    int k = scan.first;
    while (k <= scan.last && emptyBlocks == 0) {
      int entry = reader.readCode(component.acTable);
      int run = HuffmanTable.run(entry);
      int size = HuffmanTable.size(entry);
      if (size == 0 && run < 15) {
        emptyBlocks = (1 << run) + reader.readBits(run);
        break;
      }
      if (size > 1) {
        throw reader.noSuchBlock();
      }
      int value = 0;
      if (size == 1) {
        value = reader.readBits(1) == 1 ? 1 << scan.shift : -1 << scan.shift;
      }
      k = refineRun(target, at, k, run);
      if (value != 0) {
        if (k > scan.last) {
          throw reader.noSuchBlock();
        }
        target[at + Jpeg.NATURAL_ORDER[k]] = (short) value;
      }
      k++;
    }
    if (emptyBlocks > 0) {
      refineRun(target, at, k, Integer.MAX_VALUE);
      emptyBlocks--;
    }
  }

  /**
   * Adds a bit to each coefficient that is not zero, up to the zero behind a number of zeros.
   *
   * @return place of that zero; past the last if there is none
   */
  private int refineRun(short[] target, int at, int from, int zeros) {
    int left = zeros;
    for (int k = from; k <= scan.last; k++) {
      int index = at + Jpeg.NATURAL_ORDER[k];
      short value = target[index];
      if (value == 0) {
        if (left == 0) {
          return k;
        }
        left--;
      } else if (reader.readBits(1) == 1 && ((Math.abs(value) >> scan.shift) & 1) == 0) {
        int bit = 1 << scan.shift;
        target[index] = (short) (value > 0 ? value + bit : value - bit);
      }
    }
    return scan.last + 1;
  }
}
