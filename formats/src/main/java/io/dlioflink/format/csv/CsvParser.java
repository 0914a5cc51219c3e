/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.csv;

import io.dlioflink.format.BrokenFileException;
import io.dlioflink.format.FileInput;
import io.dlioflink.workload.ElementType;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Splits text into rows and fields and makes numbers of them. Takes the text in pieces, which may
 * end anywhere.
 *
 * <p>A field in the usual form that stands in one piece is parsed in a tight loop; any other goes
 * through {@link FieldParser}, character by character. Lines end with {@code \n} or {@code \r\n},
 * the last one also with the file.
 */
final class CsvParser {
  /** No field that the tight loops take is longer. */
  private static final int LOOK_AHEAD_BYTES = 48;

  /** Digits that fit an unsigned long, whatever they are, and those of the largest one. */
  private static final int MAX_DIGITS = 19;

  private static final int MAX_INTEGER_DIGITS = 20;
  private static final long TEN_TO_19 = Long.parseUnsignedLong("10000000000000000000");
  private static final int MAX_EXPONENT_DIGITS = 4;
  private static final VarHandle EIGHT_BYTES =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final ElementType type;
  private final FieldParser field;
  private final long maxMagnitude;
  private final long minMagnitude;

  private FileInput input;
  private boolean compressed;
  private long textOffset;
  private long rows;
  private long columns;

  /** Fields of the current row so far. */
  private long rowFields;

  private long checksum;

  CsvParser(ElementType type) {
    this.type = type;
    this.field = new FieldParser(type);
    this.maxMagnitude = FieldParser.maxMagnitude(type);
    this.minMagnitude = FieldParser.minMagnitude(type);
  }

  /** Starts with a text. */
  void start(FileInput from, boolean fromCompressed) {
    input = from;
    compressed = fromCompressed;
    textOffset = 0;
    rows = 0;
    columns = 0;
    rowFields = 0;
    checksum = 0;
    field.start();
  }

  /** Rows so far. */
  long rows() {
    return rows;
  }

  /** Fields of each row. */
  long columns() {
    return columns;
  }

  /** A number made of all elements, in their order. */
  long checksum() {
    return checksum;
  }

  /** Takes the next piece of the text. */
  void parse(byte[] text, int length) throws IOException {
    int at = 0;
    while (at < length) {
      if (field.atStart()) {
        at = type.floating() ? floats(text, at, length) : integers(text, at, length);
      }
      at = oneField(text, at, length);
    }
    textOffset += length;
  }

  /** Ends the text; the last line may lack its end. */
  void end() throws IOException {
    if (!field.atStart() || rowFields > 0) {
      endField('\n', 0);
    }
  }

  /** Takes integers as long as they are plain; returns where the first one that is not starts. */
  private int integers(byte[] text, int start, int length) throws IOException {
    int last = length - LOOK_AHEAD_BYTES;
    long sum = checksum;
    long fields = rowFields;
    int at = start;
    while (at <= last) {
      boolean negative = text[at] == '-';
      int from = negative ? at + 1 : at;
      long eight = (long) EIGHT_BYTES.get(text, from) ^ EightDigits.ZEROS;
      int digits = EightDigits.count(eight);
      long value = EightDigits.value(eight, digits);
      int i = from + digits;
      if (digits == EightDigits.MAX) {
        int digit;
        while ((digit = text[i] - '0') >= 0 && digit <= 9 && i < from + MAX_INTEGER_DIGITS) {
          value = value * 10 + digit;
          i++;
        }
      }
      int delimiter = text[i];
      long limit = negative ? minMagnitude : maxMagnitude;
      boolean fits = Long.compareUnsigned(value, limit) <= 0;
      if (i == from + MAX_INTEGER_DIGITS) {
        // Up to 1999...9 fits, or is less than 10^19 by overflow.
        fits &= text[from] == '1' && Long.compareUnsigned(value, TEN_TO_19) >= 0;
      }
      if (i == from || !fits || (delimiter != ',' && delimiter != '\n')) {
        break;
      }
      sum = sum * 31 + (negative ? -value : value);
      fields++;
      if (delimiter == '\n') {
        endRow(fields, i);
        fields = 0;
      }
      at = i + 1;
    }
    checksum = sum;
    rowFields = fields;
    return at;
  }

  /** Takes numbers as long as they are plain; returns where the first one that is not starts. */
  private int floats(byte[] text, int start, int length) throws IOException {
    int last = length - LOOK_AHEAD_BYTES;
    long sum = checksum;
    long fields = rowFields;
    int at = start;
    while (at <= last) {
      boolean negative = text[at] == '-';
      int from = negative ? at + 1 : at;
      int i = from;
      long digits = 0;
      int digit;
      while ((digit = text[i] - '0') >= 0 && digit <= 9 && i < from + MAX_DIGITS) {
        digits = digits * 10 + digit;
        i++;
      }
      if (i == from) {
        break;
      }
      int exponent = 0;
      if (text[i] == '.') {
        i++;
        int fraction = i;
        while ((digit = text[i] - '0') >= 0 && digit <= 9 && i <= from + MAX_DIGITS) {
          digits = digits * 10 + digit;
          i++;
        }
        exponent = fraction - i;
      }
      if (text[i] == 'e') {
        i++;
        boolean small = text[i] == '-';
        if (small || text[i] == '+') {
          i++;
        }
        int mark = i;
        int power = 0;
        while ((digit = text[i] - '0') >= 0 && digit <= 9 && i < mark + MAX_EXPONENT_DIGITS) {
          power = power * 10 + digit;
          i++;
        }
        if (i == mark) {
          break;
        }
        exponent += small ? -power : power;
      }
      int delimiter = text[i];
      if (delimiter != ',' && delimiter != '\n') {
        break;
      }
      double value = Decimal.toDouble(digits, exponent);
      sum = sum * 31 + Double.doubleToRawLongBits(negative ? -value : value);
      fields++;
      if (delimiter == '\n') {
        endRow(fields, i);
        fields = 0;
      }
      at = i + 1;
    }
    checksum = sum;
    rowFields = fields;
    return at;
  }

  /** Takes a field, or what the piece has of it; returns where it ended. */
  private int oneField(byte[] text, int start, int length) throws IOException {
    for (int at = start; at < length; at++) {
      byte character = text[at];
      if (character == ',' || character == '\n') {
        endField(character, at);
        return at + 1;
      }
      if (!field.accept(character)) {
        throw broken(at, "found %s, expected %s".formatted(name(character), field.expected()));
      }
    }
    return length;
  }

  private void endField(int delimiter, int at) throws IOException {
    if (field.blank() && delimiter == '\n' && rowFields == 0) {
      throw broken(at, "the row is empty");
    }
    if (!field.end(delimiter == '\n')) {
      throw broken(at, "the field ends, expected %s".formatted(field.expected()));
    }
    checksum = checksum * 31 + field.bits();
    field.start();
    rowFields++;
    if (delimiter == '\n') {
      endRow(rowFields, at);
      rowFields = 0;
    }
  }

  private void endRow(long fields, int at) throws BrokenFileException {
    if (rows > 0 && fields != columns) {
      rowFields = fields - 1;
      throw broken(at, "the row has %d columns, the first one %d".formatted(fields, columns));
    }
    columns = fields;
    rows++;
  }

  private static String name(byte character) {
    return character > ' ' && character < 0x7f
        ? "'" + (char) character + "'"
        : "byte 0x%02x".formatted(character);
  }

  private BrokenFileException broken(int at, String problem) {
    long offset = textOffset + at;
    String where = "row %d, column %d".formatted(rows + 1, rowFields + 1);
    return compressed
        ? new BrokenFileException(
            input.location(),
            input.position(),
            "%s, byte %d of the decompressed text: %s".formatted(where, offset, problem))
        : new BrokenFileException(input.location(), offset, where + ": " + problem);
  }
}
