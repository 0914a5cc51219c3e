/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.s3;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A text as bytes. To be filled again and again. */
final class AsciiText {
  private static final byte[] HEX = {
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'
  };

  private byte[] bytes = new byte[1024];
  private int length;

  /** Begins anew. */
  AsciiText clear() {
    length = 0;
    return this;
  }

  AsciiText append(String text) {
    int more = text.length();
    reserve(more);
    for (int i = 0; i < more; i++) {
      bytes[length + i] = (byte) text.charAt(i);
    }
    length += more;
    return this;
  }

  AsciiText append(char c) {
    reserve(1);
    bytes[length++] = (byte) c;
    return this;
  }

  AsciiText appendHex(byte[] binary) {
    reserve(2 * binary.length);
    for (byte b : binary) {
      bytes[length++] = HEX[b >> 4 & 15];
      bytes[length++] = HEX[b & 15];
    }
    return this;
  }

  private void reserve(int more) {
    if (length + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + more));
    }
  }

  byte[] bytes() {
    return bytes;
  }

  int length() {
    return length;
  }

  @Override
  public String toString() {
    return new String(bytes, 0, length, StandardCharsets.US_ASCII);
  }
}
