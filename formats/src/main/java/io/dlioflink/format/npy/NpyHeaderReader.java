/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.npy;

import io.dlioflink.format.BrokenFileException;
import io.dlioflink.format.FileInput;
import io.dlioflink.format.UnsupportedFileException;
import io.dlioflink.storage.Location;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Reads NPY headers of versions 1 to 3. Datasets mostly have one header for all files: the last one
 * is remembered, and an equal one costs a comparison. Holds the state of one thread.
 *
 * <p>Source: NumPy Enhancement Proposal 1.
 */
public final class NpyHeaderReader {
  /** The bytes {@link #lengthBytes} looks at; no array is shorter. */
  public static final int PREFIX_BYTES = 12;

  private static final int VERSION_1_PREFIX_BYTES = 10;

  private byte[] lastBytes = new byte[0];
  private NpyHeader last;

  /**
   * The length of a header, magic and padding included.
   *
   * @param bytes little-endian; the header's first {@link #PREFIX_BYTES} or more at its position,
   *     which stays
   * @param offset where in the file that is, for messages
   */
  public int lengthBytes(ByteBuffer bytes, Location file, long offset)
      throws BrokenFileException, UnsupportedFileException {
    int at = bytes.position();
    for (int i = 0; i < NpyHeader.MAGIC.length; i++) {
      if (bytes.get(at + i) != NpyHeader.MAGIC[i]) {
        throw new BrokenFileException(
            file,
            offset,
            "found %s, expected the NPY magic %s"
                .formatted(hex(bytes, at, NpyHeader.MAGIC.length), hex(NpyHeader.MAGIC)));
      }
    }
    int version = bytes.get(at + 6) & 0xff;
    int minor = bytes.get(at + 7) & 0xff;
    if (version < 1 || version > 3 || minor != 0) {
      throw new UnsupportedFileException(
          file,
          offset + 6,
          "NPY version %d.%d; versions 1.0, 2.0 and 3.0 are read".formatted(version, minor));
    }
    long length =
        version == 1
            ? VERSION_1_PREFIX_BYTES + (bytes.getShort(at + 8) & 0xffffL)
            : PREFIX_BYTES + (bytes.getInt(at + 8) & 0xffffffffL);
    if (length > FileInput.MAX_REQUIRED_BYTES) {
      throw new UnsupportedFileException(
          file,
          offset + 8,
          "NPY header of %d bytes; at most %d are read"
              .formatted(length, FileInput.MAX_REQUIRED_BYTES));
    }
    if (length < PREFIX_BYTES) {
      throw new BrokenFileException(
          file, offset + 8, "NPY header of %d bytes holds no dictionary".formatted(length));
    }
    return (int) length;
  }

  /**
   * Reads a header.
   *
   * @param bytes the whole header at its position, which stays
   * @param length from {@link #lengthBytes}
   * @param offset where in the file the header starts, for messages
   */
  public NpyHeader read(ByteBuffer bytes, int length, Location file, long offset)
      throws BrokenFileException, UnsupportedFileException {
    if (length == lastBytes.length && equalsLast(bytes)) {
      return last;
    }
    byte[] copy = new byte[length];
    bytes.get(bytes.position(), copy);
    int prefix = copy[6] == 1 ? VERSION_1_PREFIX_BYTES : PREFIX_BYTES;
    String text = new String(copy, prefix, length - prefix, StandardCharsets.ISO_8859_1);
    NpyHeader header = new NpyDictionary(text, file, offset + prefix).parse(length);
    lastBytes = copy;
    last = header;
    return header;
  }

  private boolean equalsLast(ByteBuffer bytes) {
    byte[] expected = lastBytes;
    int at = bytes.position();
    for (int i = 0; i < expected.length; i++) {
      if (bytes.get(at + i) != expected[i]) {
        return false;
      }
    }
    return true;
  }

  private static String hex(ByteBuffer bytes, int at, int count) {
    byte[] found = new byte[count];
    bytes.get(at, found);
    return hex(found);
  }

  private static String hex(byte[] bytes) {
    return java.util.HexFormat.of().formatHex(bytes);
  }
}
