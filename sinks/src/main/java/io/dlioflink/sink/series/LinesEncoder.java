/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.series;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.apache.flink.api.common.serialization.Encoder;

/** Writes lines that are CSV already; each file begins with a header. */
final class LinesEncoder implements Encoder<byte[]> {
  private static final long serialVersionUID = 1L;

  private final String header;

  /** The file written last: another one is new, since files are written one after the other. */
  private transient OutputStream known;

  LinesEncoder(SeriesTable table) {
    header = table.header() + "\n";
  }

  @Override
  public void encode(byte[] lines, OutputStream stream) throws IOException {
    if (stream != known) {
      known = stream;
      // One call: Flink's local streams do not collect.
      ByteArrayOutputStream both = new ByteArrayOutputStream();
      both.write(header.getBytes(StandardCharsets.UTF_8));
      both.write(lines);
      stream.write(both.toByteArray());
    } else {
      stream.write(lines);
    }
  }
}
