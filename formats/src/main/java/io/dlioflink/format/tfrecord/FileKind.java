/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.tfrecord;

import io.dlioflink.format.FileInput;
import java.io.IOException;
import java.nio.ByteBuffer;

/** How the records of a file are stored. */
enum FileKind {
  PLAIN,
  GZIP,
  ZLIB;

  /**
   * Looks at the start of a file. A header of a record with the right CRC decides before the few
   * bits by which compressed files are known.
   *
   * @param end how far the file may be read for that, at least as long as a header
   */
  static FileKind of(FileInput input, long end, RecordReader reader) throws IOException {
    input.seek(0, end);
    boolean more = true;
    while (more && input.window().remaining() < Framing.HEADER_BYTES) {
      more = input.fill();
    }
    ByteBuffer start = input.window();
    int at = start.position();
    int bytes = start.remaining();
    if (bytes >= Framing.HEADER_BYTES && reader.isHeader(start, at)) {
      return PLAIN;
    }
    if (bytes >= 3 && Gzip.startsGzip(start.get(at), start.get(at + 1), start.get(at + 2))) {
      return GZIP;
    }
    return bytes >= 2 && Gzip.startsZlib(start.get(at), start.get(at + 1)) ? ZLIB : PLAIN;
  }
}
