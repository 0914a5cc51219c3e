/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.image;

import java.nio.ByteBuffer;
import java.util.HexFormat;

/**
 * All that stands in front of the pixels of a grey image: quantization and Huffman tables of the
 * standard for luminance, the former scaled to quality 75.
 *
 * <p>Source: ITU-T T.81, annexes B and K; ITU-T T.871; the scale of qualities is libjpeg's.
 */
final class JpegHeader {
  private static final int QUALITY = 75;

  private static final byte[] JFIF = hex("4a464946000101000001000100 00");

  /** K.1 in the order of the file. */
  private static final byte[] LUMINANCE =
      hex(
          "100b0c0e0c0a100e0d0e1211101318281a181616183123251d283a333d3c39333837404"
              + "85c4e404457453738506d51575f626768673e4d71797064785c656763");

  private static final byte[] DC_TABLE =
      hex("00010501010101010100000000000000 000102030405060708090a0b");

  private static final byte[] AC_TABLE =
      hex(
          "0002010303020403050504040000017d 0102030004110512213141061351610722711432 8191a108"
              + "2342b1c11552d1f02433627282090a161718191a25262728292a3435363738393a43444546474849"
              + "4a535455565758595a636465666768696a737475767778797a838485868788898a92939495969798"
              + "999aa2a3a4a5a6a7a8a9aab2b3b4b5b6b7b8b9bac2c3c4c5c6c7c8c9cad2d3d4d5d6d7d8d9dae1e2"
              + "e3e4e5e6e7e8e9eaf1f2f3f4f5f6f7f8f9fa");

  private JpegHeader() {}

  private static byte[] hex(String digits) {
    return HexFormat.of().parseHex(digits.replace(" ", ""));
  }

  /** Factor of a coefficient, in the order of the file. */
  static int quantization(int k) {
    int scale = 200 - 2 * QUALITY;
    return (LUMINANCE[k] * scale + 50) / 100;
  }

  /** The number of codes of each length, then the symbols. */
  static byte[] dcTable() {
    return DC_TABLE.clone();
  }

  /** The number of codes of each length, then the symbols. */
  static byte[] acTable() {
    return AC_TABLE.clone();
  }

  /** From the start of the image to the header of its scan. */
  static byte[] of(int rows, int columns) {
    ByteBuffer header = ByteBuffer.allocate(1024);
    header.put((byte) 0xff).put((byte) Jpeg.START_OF_IMAGE);
    segment(header, Jpeg.FIRST_APPLICATION, JFIF.length).put(JFIF);
    segment(header, Jpeg.QUANTIZATION_TABLES, 1 + Jpeg.BLOCK_SAMPLES).put((byte) 0);
    for (int k = 0; k < Jpeg.BLOCK_SAMPLES; k++) {
      header.put((byte) quantization(k));
    }
    segment(header, Jpeg.BASELINE_FRAME, 9)
        .put((byte) 8)
        .putShort((short) rows)
        .putShort((short) columns)
        .put(new byte[] {1, 1, 0x11, 0});
    segment(header, Jpeg.HUFFMAN_TABLES, 1 + DC_TABLE.length).put((byte) 0).put(DC_TABLE);
    segment(header, Jpeg.HUFFMAN_TABLES, 1 + AC_TABLE.length).put((byte) 0x10).put(AC_TABLE);
    segment(header, Jpeg.START_OF_SCAN, 6).put(new byte[] {1, 1, 0, 0, 63, 0});
    byte[] bytes = new byte[header.position()];
    header.flip().get(bytes);
    return bytes;
  }

  private static ByteBuffer segment(ByteBuffer header, int marker, int length) {
    return header.put((byte) 0xff).put((byte) marker).putShort((short) (length + 2));
  }
}
