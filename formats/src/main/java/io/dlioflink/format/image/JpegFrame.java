/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.image;

import io.dlioflink.format.BrokenFileException;
import io.dlioflink.format.UnsupportedFileException;
import io.dlioflink.storage.Location;
import java.nio.ByteBuffer;

/**
 * What the frame header says of the image being decoded; reused for each image.
 *
 * <p>Source: ITU-T T.81, B.2.2, A.1, A.2.
 */
final class JpegFrame {
  static final int MAX_COMPONENTS = 4;

  private static final int FIXED_BYTES = 6;
  private static final int MAX_SAMPLING = 4;

  final JpegComponent[] components = new JpegComponent[MAX_COMPONENTS];
  int componentCount;
  int rows;
  int columns;
  boolean progressive;

  /** Greatest sampling factors of all components. */
  int maxHorizontal;

  int maxVertical;

  /** Units of interleaved scans beside each other, and rows of them. */
  int unitColumns;

  int unitRows;

  JpegFrame() {
    for (int i = 0; i < MAX_COMPONENTS; i++) {
      components[i] = new JpegComponent();
    }
  }

  /** Forgets the image before. */
  void clear() {
    componentCount = 0;
  }

  boolean present() {
    return componentCount > 0;
  }

  /** Bytes of the decoded image. */
  long imageBytes() {
    return (long) rows * columns * componentCount;
  }

  /**
   * Reads a frame header.
   *
   * @param bytes big-endian, the segment behind its length field
   * @param offset of the segment in the file, for messages
   */
  void read(int marker, ByteBuffer bytes, Location file, long offset)
      throws BrokenFileException, UnsupportedFileException {
    progressive = marker == Jpeg.PROGRESSIVE_FRAME;
    int length = bytes.remaining();
    if (length < FIXED_BYTES) {
      throw new BrokenFileException(
          file, offset, "JPEG frame header of %d bytes".formatted(length));
    }
    int at = bytes.position();
    int precision = bytes.get(at) & 0xff;
    rows = bytes.getShort(at + 1) & 0xffff;
    columns = bytes.getShort(at + 3) & 0xffff;
    int count = bytes.get(at + 5) & 0xff;
    if (length != FIXED_BYTES + 3 * count || count == 0 || columns == 0) {
      throw new BrokenFileException(
          file,
          offset,
          "JPEG frame header of %d bytes, %d columns and %d components"
              .formatted(length, columns, count));
    }
    if (precision != 8 || rows == 0 || count == 2 || count > MAX_COMPONENTS) {
      throw new UnsupportedFileException(
          file,
          offset,
          "JPEG of %d bits, %d rows and %d components; 8 bits, at least 1 row and 1, 3 or 4 components are read"
              .formatted(precision, rows, count));
    }
    for (int i = 0; i < count; i++) {
      readComponent(i, bytes, at + FIXED_BYTES + 3 * i, file, offset);
    }
    componentCount = count;
    layOut();
  }

  private void readComponent(int index, ByteBuffer bytes, int at, Location file, long offset)
      throws BrokenFileException {
    JpegComponent component = components[index];
    component.id = bytes.get(at) & 0xff;
    component.horizontal = (bytes.get(at + 1) >> 4) & 15;
    component.vertical = bytes.get(at + 1) & 15;
    component.quantization = bytes.get(at + 2) & 0xff;
    component.begun = false;
    boolean known = false;
    for (int i = 0; i < index; i++) {
      known |= components[i].id == component.id;
    }
    if (known
        || component.quantization > 3
        || component.horizontal < 1
        || component.horizontal > MAX_SAMPLING
        || component.vertical < 1
        || component.vertical > MAX_SAMPLING) {
      throw new BrokenFileException(
          file,
          offset,
          "JPEG component %d with sampling factors %d and %d and quantization table %d"
              .formatted(
                  component.id, component.horizontal, component.vertical, component.quantization));
    }
  }

  private void layOut() {
    if (componentCount == 1) {
      // The factors of an only component are without effect.
      components[0].horizontal = 1;
      components[0].vertical = 1;
    }
    maxHorizontal = 1;
    maxVertical = 1;
    for (int i = 0; i < componentCount; i++) {
      maxHorizontal = Math.max(maxHorizontal, components[i].horizontal);
      maxVertical = Math.max(maxVertical, components[i].vertical);
    }
    unitColumns = ceilDiv(columns, Jpeg.BLOCK * maxHorizontal);
    unitRows = ceilDiv(rows, Jpeg.BLOCK * maxVertical);
    for (int i = 0; i < componentCount; i++) {
      JpegComponent component = components[i];
      component.blockColumns =
          ceilDiv(ceilDiv(columns * component.horizontal, maxHorizontal), Jpeg.BLOCK);
      component.blockRows = ceilDiv(ceilDiv(rows * component.vertical, maxVertical), Jpeg.BLOCK);
      component.stride = unitColumns * component.horizontal * Jpeg.BLOCK;
      int sampleBytes = component.stride * component.vertical * Jpeg.BLOCK;
      if (component.samples.length < sampleBytes) {
        component.samples = new byte[sampleBytes];
      }
    }
  }

  /** Coefficients of all components, those that only fill up units included. */
  long coefficients() {
    long sum = 0;
    for (int i = 0; i < componentCount; i++) {
      sum += (long) components[i].stride * unitRows * components[i].vertical * Jpeg.BLOCK;
    }
    return sum;
  }

  private static int ceilDiv(int value, int divisor) {
    return (value + divisor - 1) / divisor;
  }
}
