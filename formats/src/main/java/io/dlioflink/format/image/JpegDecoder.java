/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.image;

import io.dlioflink.format.BrokenFileException;
import io.dlioflink.format.FileInput;
import io.dlioflink.format.ReadSpec;
import io.dlioflink.format.SampleFileDecoder;
import io.dlioflink.format.UnsupportedFileException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Reads JPEG images down to their pixels: sequential and progressive ones with Huffman coding and 8
 * bits, grey, colour and CMYK. Images of one scan pass through a row of units at a time; of images
 * in several scans the coefficients are held, up to {@link #MAX_COEFFICIENTS}.
 *
 * <p>Every marker, table and code is checked. JPEG has no checksum: changed bits that give another
 * legal image are not found.
 *
 * <p>Source: ITU-T T.81, annexes A, B, F and G.
 */
final class JpegDecoder implements SampleFileDecoder {
  /** 128 MiB; as many as in a photo of 40 million pixels with halved colours. */
  static final long MAX_COEFFICIENTS = 1L << 26;

  /** Far above what encoders write; each scan may cost a walk over a large image. */
  private static final int MAX_SCANS = 500;

  private static final int[] NO_QUANTIZATION = filled(1);

  private final ReadSpec spec;
  private final PixelRows pixels;

  private final JpegFrame frame = new JpegFrame();
  private final JpegScan scan = new JpegScan();
  private final JpegColours colours = new JpegColours();
  private final EntropyReader reader = new EntropyReader();
  private final JpegScan.Blocks streamed = new StreamedBlocks();
  private final JpegScan.Blocks held = new HeldBlocks();
  private final JpegScan.Blocks progressive = new ProgressiveBlocks(scan, reader);

  private final HuffmanTable[] huffmanTables = new HuffmanTable[8];
  private final int[][] quantizations = new int[4][Jpeg.BLOCK_ROOM];
  private final boolean[] quantizationKnown = new boolean[4];
  private final int[] block = new int[Jpeg.BLOCK_SAMPLES];
  private final byte[] table = new byte[HuffmanTable.MAX_CODE_BITS + 256];

  private int restartUnits;
  private int scans;
  private boolean complete;
  private boolean holding;
  private boolean jfif;
  private int adobeTransform;
  private boolean picturesFollow;

  JpegDecoder(ReadSpec spec) {
    this(spec, PixelRows.DROPPED);
  }

  JpegDecoder(ReadSpec spec, PixelRows pixels) {
    this.spec = spec;
    this.pixels = pixels;
    Arrays.setAll(huffmanTables, i -> new HuffmanTable());
  }

  private static int[] filled(int value) {
    int[] all = new int[Jpeg.BLOCK_ROOM];
    Arrays.fill(all, value);
    return all;
  }

  /** All samples of a file are its one image. */
  @Override
  public long verify(FileInput input, int samples) throws IOException {
    return samples * decode(input, 0);
  }

  @Override
  public long decode(FileInput input, int sample) throws IOException {
    spec.requireSample(sample);
    clear();
    ByteBuffer bytes = input.require(2, "JPEG start of image");
    int at = bytes.position();
    if (bytes.get(at) != (byte) 0xff || (bytes.get(at + 1) & 0xff) != Jpeg.START_OF_IMAGE) {
      throw new BrokenFileException(
          input.location(),
          input.position(),
          "found 0x%02x%02x, expected the JPEG start of image 0xffd8"
              .formatted(bytes.get(at), bytes.get(at + 1)));
    }
    bytes.position(at + 2);
    while (true) {
      long offset = input.position();
      int marker = readMarker(input);
      if (marker == Jpeg.END_OF_IMAGE) {
        finish(input, offset);
        return frame.imageBytes();
      }
      readSegment(input, marker, offset);
    }
  }

  private void clear() {
    frame.clear();
    for (HuffmanTable huffmanTable : huffmanTables) {
      huffmanTable.forget();
    }
    Arrays.fill(quantizationKnown, false);
    Arrays.fill(block, 0);
    restartUnits = 0;
    scans = 0;
    complete = false;
    holding = false;
    jfif = false;
    adobeTransform = -1;
    picturesFollow = false;
  }

  /** The next marker, without the 0xff in front of it, which may be repeated. */
  static int readMarker(FileInput input) throws IOException {
    ByteBuffer bytes = input.require(2, "JPEG marker");
    int first = bytes.get() & 0xff;
    if (first != 0xff) {
      throw new BrokenFileException(
          input.location(),
          input.position() - 1,
          "found 0x%02x, expected a JPEG marker 0xff".formatted(first));
    }
    int marker = bytes.get() & 0xff;
    while (marker == 0xff) {
      marker = input.require(1, "JPEG marker").get() & 0xff;
    }
    return marker;
  }

  private void readSegment(FileInput input, int marker, long offset) throws IOException {
    requireKnown(input, marker, offset);
    ByteBuffer bytes = input.require(2, "JPEG segment length");
    int length = ((bytes.get() & 0xff) << 8) | (bytes.get() & 0xff);
    if (length < 2) {
      throw new BrokenFileException(
          input.location(), offset, "JPEG segment 0xff%02x of length %d".formatted(marker, length));
    }
    bytes = input.require(length - 2, "JPEG segment");
    int limit = bytes.limit();
    int end = bytes.position() + length - 2;
    bytes.limit(end);
    ByteOrder order = bytes.order();
    bytes.order(ByteOrder.BIG_ENDIAN);
    try {
      takeSegment(input, marker, bytes, offset);
    } finally {
      bytes.order(order).limit(limit).position(end);
    }
    if (marker == Jpeg.START_OF_SCAN) {
      decodeScan(input, offset);
    }
  }

  private void requireKnown(FileInput input, int marker, long offset) throws IOException {
    boolean otherFrame =
        marker > Jpeg.PROGRESSIVE_FRAME
            && marker <= Jpeg.LAST_FRAME
            && marker != Jpeg.HUFFMAN_TABLES
            && marker != Jpeg.JPEG_EXTENSION;
    if (otherFrame
        || marker == Jpeg.NUMBER_OF_LINES
        || marker == Jpeg.HIERARCHICAL
        || marker == Jpeg.EXPANSION) {
      throw new UnsupportedFileException(
          input.location(),
          offset,
          "JPEG marker 0xff%02x; sequential and progressive images with Huffman coding are read"
              .formatted(marker));
    }
    boolean known =
        (marker >= Jpeg.BASELINE_FRAME && marker <= Jpeg.HUFFMAN_TABLES)
            || (marker >= Jpeg.START_OF_SCAN && marker <= Jpeg.RESTART_INTERVAL)
            || (marker >= Jpeg.FIRST_APPLICATION && marker <= Jpeg.LAST_APPLICATION)
            || marker == Jpeg.COMMENT;
    if (!known) {
      throw new BrokenFileException(
          input.location(), offset, "JPEG marker 0xff%02x has no place here".formatted(marker));
    }
  }

  private void takeSegment(FileInput input, int marker, ByteBuffer bytes, long offset)
      throws IOException {
    switch (marker) {
      case Jpeg.BASELINE_FRAME, Jpeg.EXTENDED_FRAME, Jpeg.PROGRESSIVE_FRAME -> {
        if (frame.present()) {
          throw new BrokenFileException(input.location(), offset, "second JPEG frame header");
        }
        frame.read(marker, bytes, input.location(), offset);
      }
      case Jpeg.HUFFMAN_TABLES -> readHuffmanTables(input, bytes, offset);
      case Jpeg.QUANTIZATION_TABLES -> readQuantizations(input, bytes, offset);
      case Jpeg.RESTART_INTERVAL -> {
        if (bytes.remaining() != 2) {
          throw new BrokenFileException(
              input.location(),
              offset,
              "JPEG restart interval of %d bytes, expected 2".formatted(bytes.remaining()));
        }
        restartUnits = bytes.getShort() & 0xffff;
      }
      case Jpeg.START_OF_SCAN -> {
        if (!frame.present() || complete) {
          throw new BrokenFileException(
              input.location(),
              offset,
              "JPEG scan " + (complete ? "after the last one" : "before the frame header"));
        }
        scan.read(frame, bytes, huffmanTables, input, offset);
      }
      case Jpeg.FIRST_APPLICATION -> jfif |= startsWith(bytes, "JFIF\0");
      case Jpeg.APPLICATION_2 -> picturesFollow |= startsWith(bytes, "MPF\0");
      case Jpeg.ADOBE -> {
        if (bytes.remaining() >= 12 && startsWith(bytes, "Adobe")) {
          adobeTransform = bytes.get(bytes.position() + 11) & 0xff;
        }
      }
      default -> {
        // Comments and what applications add.
      }
    }
  }

  private static boolean startsWith(ByteBuffer bytes, String name) {
    if (bytes.remaining() < name.length()) {
      return false;
    }
    for (int i = 0; i < name.length(); i++) {
      if (bytes.get(bytes.position() + i) != name.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private void readHuffmanTables(FileInput input, ByteBuffer bytes, long offset)
      throws BrokenFileException {
    while (bytes.hasRemaining()) {
      int place = bytes.get() & 0xff;
      boolean valid = (place & 0xef) < 4 && bytes.remaining() >= HuffmanTable.MAX_CODE_BITS;
      if (valid) {
        int symbols = 0;
        for (int i = 0; i < HuffmanTable.MAX_CODE_BITS; i++) {
          symbols += bytes.get(bytes.position() + i) & 0xff;
        }
        int length = HuffmanTable.MAX_CODE_BITS + symbols;
        valid = symbols <= 256 && bytes.remaining() >= length;
        if (valid) {
          bytes.get(table, 0, length);
          valid = huffmanTables[(place >> 4) * 4 + (place & 3)].define(table, length);
        }
      }
      if (!valid) {
        throw new BrokenFileException(
            input.location(), offset, "JPEG Huffman table 0x%02x is not one".formatted(place));
      }
    }
  }

  private void readQuantizations(FileInput input, ByteBuffer bytes, long offset)
      throws BrokenFileException {
    while (bytes.hasRemaining()) {
      int place = bytes.get() & 0xff;
      int factorBytes = 1 + (place >> 4);
      if ((place & 0xef) > 3 || bytes.remaining() < Jpeg.BLOCK_SAMPLES * factorBytes) {
        throw new BrokenFileException(
            input.location(),
            offset,
            "JPEG quantization table 0x%02x with %d bytes left"
                .formatted(place, bytes.remaining()));
      }
      int[] factors = quantizations[place & 3];
      for (int i = 0; i < Jpeg.BLOCK_SAMPLES; i++) {
        factors[i] = factorBytes == 1 ? bytes.get() & 0xff : bytes.getShort() & 0xffff;
      }
      quantizationKnown[place & 3] = true;
    }
  }

  private void decodeScan(FileInput input, long offset) throws IOException {
    requireQuantizations(input, offset);
    scans++;
    if (scans > MAX_SCANS) {
      throw new UnsupportedFileException(
          input.location(), offset, "JPEG of more than %d scans".formatted(MAX_SCANS));
    }
    JpegScan.Blocks blocks;
    if (!frame.progressive && scan.interleavesAllOf(frame)) {
      complete = true;
      blocks = streamed;
    } else {
      if (!holding) {
        hold(input, offset);
      }
      blocks = frame.progressive ? progressive : held;
    }
    scan.decode(frame, input, reader, restartUnits, blocks);
  }

  private void requireQuantizations(FileInput input, long offset) throws BrokenFileException {
    for (int i = 0; i < frame.componentCount; i++) {
      if (!quantizationKnown[frame.components[i].quantization]) {
        throw new BrokenFileException(
            input.location(),
            offset,
            "JPEG scan without quantization table %d".formatted(frame.components[i].quantization));
      }
    }
  }

  private void hold(FileInput input, long offset) throws UnsupportedFileException {
    if (frame.coefficients() > MAX_COEFFICIENTS) {
      throw new UnsupportedFileException(
          input.location(),
          offset,
          "JPEG of %d x %d pixels in several scans has %d coefficients; at most %d are held"
              .formatted(frame.columns, frame.rows, frame.coefficients(), MAX_COEFFICIENTS));
    }
    for (int i = 0; i < frame.componentCount; i++) {
      JpegComponent component = frame.components[i];
      component.coefficients = new short[frame.unitRows * component.vertical][];
    }
    holding = true;
  }

  private void finish(FileInput input, long offset) throws IOException {
    boolean begun = frame.present();
    for (int i = 0; i < frame.componentCount; i++) {
      begun &= frame.components[i].begun;
    }
    if (!begun) {
      throw new BrokenFileException(
          input.location(), offset, "JPEG ends before all of its components");
    }
    if (holding) {
      transformHeld();
    }
    if (!picturesFollow) {
      input.requireEnd("the JPEG end of image");
    }
  }

  private void transformHeld() {
    for (int unitRow = 0; unitRow < frame.unitRows; unitRow++) {
      for (int i = 0; i < frame.componentCount; i++) {
        JpegComponent component = frame.components[i];
        for (int v = 0; v < component.vertical; v++) {
          transformRow(component, unitRow * component.vertical + v);
        }
      }
      emit(unitRow);
    }
    for (int i = 0; i < frame.componentCount; i++) {
      frame.components[i].coefficients = new short[0][];
    }
  }

  private void transformRow(JpegComponent component, int row) {
    short[] from = component.coefficients(row);
    int[] factors = quantizations[component.quantization];
    for (int column = 0; column < component.stride / Jpeg.BLOCK; column++) {
      int at = column * Jpeg.BLOCK_SAMPLES;
      for (int k = 0; k < Jpeg.BLOCK_SAMPLES; k++) {
        int place = Jpeg.NATURAL_ORDER[k];
        block[place] = from[at + place] * factors[k];
      }
      InverseDct.transform(
          block, component.samples, component.sampleIndex(column, row), component.stride);
    }
    Arrays.fill(block, 0);
  }

  private void emit(int unitRow) {
    colours.emit(frame, unitRow, hasChrominance(), pixels);
  }

  private boolean hasChrominance() {
    if (frame.componentCount == 4) {
      return adobeTransform == 2;
    }
    if (jfif || adobeTransform >= 0) {
      return jfif || adobeTransform != 0;
    }
    return frame.components[0].id != 'R'
        || frame.components[1].id != 'G'
        || frame.components[2].id != 'B';
  }

  @Override
  public void close() {
    // Nothing but memory is held.
  }

  /** Blocks of the only scan of an image: transformed at once. */
  private final class StreamedBlocks implements JpegScan.Blocks {
    @Override
    public void read(JpegComponent component, int column, int row) throws IOException {
      component.previous =
          reader.readBlock(
              component.dcTable,
              component.acTable,
              quantizations[component.quantization],
              block,
              component.previous);
      int at = component.sampleIndex(column, row);
      if (reader.usedCoefficients() == 1) {
        InverseDct.transformFlat(block[0], component.samples, at, component.stride);
        block[0] = 0;
      } else {
        InverseDct.transform(block, component.samples, at, component.stride);
        Arrays.fill(block, 0);
      }
    }

    @Override
    public void restart() {
      scan.clearPrevious();
    }

    @Override
    public void rowDone(int unitRow) {
      emit(unitRow);
    }
  }

  /** Blocks of one of several sequential scans: kept until all have been read. */
  private final class HeldBlocks implements JpegScan.Blocks {
    @Override
    public void read(JpegComponent component, int column, int row) throws IOException {
      component.previous =
          reader.readBlock(
              component.dcTable, component.acTable, NO_QUANTIZATION, block, component.previous);
      short[] target = component.coefficients(row);
      int at = column * Jpeg.BLOCK_SAMPLES;
      for (int i = 0; i < Jpeg.BLOCK_SAMPLES; i++) {
        target[at + i] = (short) block[i];
      }
      Arrays.fill(block, 0);
    }

    @Override
    public void restart() {
      scan.clearPrevious();
    }

    @Override
    public void rowDone(int unitRow) {
      // The image is made when all scans have been read.
    }
  }
}
