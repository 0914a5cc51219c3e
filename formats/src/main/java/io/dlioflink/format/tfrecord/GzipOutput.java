/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.tfrecord;

import io.dlioflink.format.FileOutput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * A gzip file of one member, as TensorFlow's record writer makes with the option {@code GZIP}.
 *
 * <p>Source: RFC 1952.
 */
final class GzipOutput implements RecordOutput {
  private static final int PIECE_BYTES = 1 << 16;

  private final FileOutput output;
  private final Deflater deflater;
  private final CRC32 crc = new CRC32();
  private final ByteBuffer piece =
      ByteBuffer.allocateDirect(PIECE_BYTES).order(ByteOrder.LITTLE_ENDIAN);

  /** A file per {@link #start}, all written to one output. */
  GzipOutput(FileOutput output) {
    this.output = output;
    this.deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
  }

  /**
   * Starts a file.
   *
   * @param level 0 to 9
   */
  void start(int level) throws IOException {
    crc.reset();
    deflater.reset();
    deflater.setLevel(level);
    byte[] header = new byte[Gzip.HEADER_BYTES];
    header[0] = Gzip.ID1;
    header[1] = Gzip.ID2;
    header[2] = Gzip.DEFLATED;
    header[9] = Gzip.UNIX;
    output.put(header);
  }

  @Override
  public void put(byte[] bytes) throws IOException {
    crc.update(bytes);
    deflater.setInput(bytes);
    deflateInput();
  }

  @Override
  public void generate(long bytes, int unitBytes, FileOutput.Generator generator)
      throws IOException {
    for (long done = 0; done < bytes; done += piece.limit()) {
      piece.clear().limit((int) Math.min(PIECE_BYTES, bytes - done));
      generator.fill(done, piece);
      crc.update(piece.rewind());
      deflater.setInput(piece.rewind());
      deflateInput();
    }
  }

  @Override
  public void finish() throws IOException {
    deflater.finish();
    while (!deflater.finished()) {
      deflater.deflate(output.window());
    }
    ByteBuffer trailer = ByteBuffer.allocate(Gzip.TRAILER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    trailer.putInt((int) crc.getValue()).putInt((int) deflater.getBytesRead());
    output.put(trailer.array());
    output.flush();
  }

  private void deflateInput() throws IOException {
    while (!deflater.needsInput()) {
      deflater.deflate(output.window());
    }
  }

  void close() {
    deflater.end();
  }
}
