/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.npy;

import io.dlioflink.format.BrokenFileException;
import io.dlioflink.format.UnsupportedFileException;
import io.dlioflink.storage.Location;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the text of one NPY header: the Python literal of a dictionary with exactly the keys {@code
 * descr}, {@code fortran_order} and {@code shape}, then spaces and a line feed.
 *
 * <p>Source: NumPy Enhancement Proposal 1, "Format Specification".
 */
final class NpyDictionary {
  /** As many axes as NumPy allows. */
  private static final int MAX_AXES = 64;

  private final String text;
  private final Location file;
  private final long offset;
  private int at;

  /**
   * Starts at the first character.
   *
   * @param text one character per byte
   * @param offset of the text in the file, for messages
   */
  NpyDictionary(String text, Location file, long offset) {
    this.text = text;
    this.file = file;
    this.offset = offset;
  }

  NpyHeader parse(int headerBytes) throws BrokenFileException, UnsupportedFileException {
    String descriptor = null;
    Boolean fortranOrder = null;
    List<Long> shape = null;
    expect('{');
    while (!take('}')) {
      int keyAt = at;
      String key = string();
      expect(':');
      if (key.equals("descr") && descriptor == null) {
        descriptor = descriptor();
      } else if (key.equals("fortran_order") && fortranOrder == null) {
        fortranOrder = bool();
      } else if (key.equals("shape") && shape == null) {
        shape = shape();
      } else {
        at = keyAt;
        throw broken("one of each key descr, fortran_order, shape");
      }
      if (!take(',')) {
        expect('}');
        break;
      }
    }
    if (descriptor == null || fortranOrder == null || shape == null) {
      throw broken("all of the keys descr, fortran_order, shape before the end");
    }
    skipSpaces();
    if (at != text.length() - 1 || text.charAt(at) != '\n') {
      throw broken("spaces and a line feed to the end of the header");
    }
    int elementBytes = elementBytes(descriptor);
    return new NpyHeader(
        descriptor, elementBytes, shape, headerBytes, payloadBytes(shape, elementBytes));
  }

  private String descriptor() throws BrokenFileException, UnsupportedFileException {
    skipSpaces();
    if (at < text.length() && text.charAt(at) == '[') {
      throw new UnsupportedFileException(file, offset + at, "structured NPY element type");
    }
    return string();
  }

  /** Plain booleans and numbers of any byte order; their size is all that reading needs. */
  private int elementBytes(String descriptor) throws UnsupportedFileException {
    if (descriptor.length() > 2 && "<>|=".indexOf(descriptor.charAt(0)) >= 0) {
      switch (descriptor.substring(1)) {
        case "b1", "i1", "u1" -> {
          return 1;
        }
        case "i2", "u2", "f2" -> {
          return 2;
        }
        case "i4", "u4", "f4" -> {
          return 4;
        }
        case "i8", "u8", "f8", "c8" -> {
          return 8;
        }
        case "f16", "c16" -> {
          return 16;
        }
        default -> {
          // Falls to the refusal.
        }
      }
    }
    throw new UnsupportedFileException(
        file,
        offset,
        "NPY element type '%s'; booleans, integers, floats and complex numbers are read"
            .formatted(descriptor));
  }

  private long payloadBytes(List<Long> shape, int elementBytes) throws BrokenFileException {
    if (shape.contains(0L)) {
      return 0;
    }
    long bytes = elementBytes;
    for (long axis : shape) {
      if (axis > Long.MAX_VALUE / bytes) {
        throw new BrokenFileException(
            file, offset, "an array of shape %s has more than 2^63 bytes".formatted(shape));
      }
      bytes *= axis;
    }
    return bytes;
  }

  private List<Long> shape() throws BrokenFileException {
    List<Long> shape = new ArrayList<>();
    expect('(');
    boolean separated = true;
    while (!take(')')) {
      if (!separated || shape.size() == MAX_AXES) {
        throw broken("a comma between, or ) after at most " + MAX_AXES + " axes");
      }
      shape.add(number());
      separated = take(',');
    }
    if (shape.size() == 1 && !separated) {
      at--;
      throw broken("a comma after the only axis");
    }
    return shape;
  }

  private long number() throws BrokenFileException {
    skipSpaces();
    int start = at;
    while (at < text.length() && isDigit(text.charAt(at))) {
      at++;
    }
    int digits = at - start;
    if (digits == 0 || digits > 18) {
      at = start;
      throw broken("an axis of 1 to 18 digits");
    }
    long value = Long.parseLong(text, start, at, 10);
    // Python 2 wrote long integers with a suffix.
    if (at < text.length() && text.charAt(at) == 'L') {
      at++;
    }
    return value;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private boolean bool() throws BrokenFileException {
    skipSpaces();
    if (text.startsWith("False", at)) {
      at += 5;
      return false;
    }
    if (text.startsWith("True", at)) {
      at += 4;
      return true;
    }
    throw broken("True or False");
  }

  private String string() throws BrokenFileException {
    skipSpaces();
    char quote = at < text.length() ? text.charAt(at) : 0;
    if (quote != '\'' && quote != '"') {
      throw broken("a quoted string");
    }
    int end = text.indexOf(quote, at + 1);
    if (end < 0) {
      throw broken("a string with an end");
    }
    String value = text.substring(at + 1, end);
    at = end + 1;
    return value;
  }

  private void expect(char c) throws BrokenFileException {
    if (!take(c)) {
      throw broken("'" + c + "'");
    }
  }

  private boolean take(char c) {
    skipSpaces();
    if (at < text.length() && text.charAt(at) == c) {
      at++;
      return true;
    }
    return false;
  }

  private void skipSpaces() {
    while (at < text.length() && text.charAt(at) == ' ') {
      at++;
    }
  }

  private BrokenFileException broken(String expected) {
    String found =
        at < text.length()
            ? "'" + printable(text.substring(at, Math.min(at + 16, text.length()))) + "'"
            : "its end";
    return new BrokenFileException(
        file, offset + at, "NPY header: found %s, expected %s".formatted(found, expected));
  }

  private static String printable(String raw) {
    StringBuilder shown = new StringBuilder();
    raw.chars().forEach(c -> shown.append(c >= ' ' && c < 0x7f ? (char) c : '?'));
    return shown.toString();
  }
}
