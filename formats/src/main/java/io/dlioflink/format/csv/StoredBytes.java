/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.csv;

import io.dlioflink.format.FileInput;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/** A {@link FileInput} as codecs want it; closing it leaves the input open. */
final class StoredBytes extends InputStream {
  /** Length of the end of central directory of a zip archive without a comment. */
  private static final int ZIP_END_BYTES = 22;

  private final FileInput input;
  private final byte[] tail = new byte[ZIP_END_BYTES];

  StoredBytes(FileInput input) {
    this.input = input;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (!input.window().hasRemaining() && !input.fill()) {
      return -1;
    }
    ByteBuffer window = input.window();
    int count = Math.min(length, window.remaining());
    window.get(bytes, offset, count);
    remember(bytes, offset, count);
    return count;
  }

  private void remember(byte[] bytes, int offset, int count) {
    int fresh = Math.min(count, ZIP_END_BYTES);
    System.arraycopy(tail, fresh, tail, 0, ZIP_END_BYTES - fresh);
    System.arraycopy(bytes, offset + count - fresh, tail, ZIP_END_BYTES - fresh, fresh);
  }

  /** Reads what is left. */
  void drain() throws IOException {
    byte[] rest = new byte[ZIP_END_BYTES];
    while (read(rest, 0, rest.length) >= 0) {
      // Its last bytes are remembered.
    }
  }

  /** Whether the last bytes read end a zip archive of one member, without a comment. */
  boolean endsWithZipDirectory() {
    return tail[0] == 'P'
        && tail[1] == 'K'
        && tail[2] == 5
        && tail[3] == 6
        && tail[10] == 1
        && tail[20] == 0;
  }
}
