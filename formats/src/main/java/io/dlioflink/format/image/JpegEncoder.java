/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.image;

import io.dlioflink.format.FileOutput;
import io.dlioflink.format.FileSpec;
import io.dlioflink.format.FileTarget;
import io.dlioflink.format.SampleContent;
import io.dlioflink.format.SampleFileEncoder;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Writes grey baseline JPEG images of quality 75 with the tables of the standard, a row of blocks
 * at a time; byte for byte what libjpeg writes of the same pixels.
 *
 * <p>Source: ITU-T T.81, annexes B, F and K; ITU-T T.871.
 */
final class JpegEncoder implements SampleFileEncoder {
  /** The most libjpeg takes, a little below what the format could say. */
  static final int MAX_SIDE = 65500;

  private static final int BUFFER_BYTES = 1 << 20;

  private final FileOutput output = new FileOutput(BUFFER_BYTES);
  private final EntropyWriter writer = new EntropyWriter(output);
  private final int[] block = new int[Jpeg.BLOCK_SAMPLES];
  private final byte[] edge = new byte[Jpeg.BLOCK_SAMPLES];
  private byte[] samples = new byte[0];

  @Override
  public void encode(FileSpec file, SampleContent content, FileTarget target) throws IOException {
    GreyImage image = GreyImage.of(file);
    if (image.rows() > MAX_SIDE || image.columns() > MAX_SIDE) {
      throw new IllegalArgumentException(
          "A JPEG image has at most %d rows and columns; this one would have %d and %d"
              .formatted(MAX_SIDE, image.rows(), image.columns()));
    }
    output.open(target.data());
    output.put(JpegHeader.of(image.rows(), image.columns()));
    if (samples.length < Jpeg.BLOCK * image.columns()) {
      samples = new byte[Jpeg.BLOCK * image.columns()];
    }
    writer.start();
    for (int row = 0; row < image.rows(); row += Jpeg.BLOCK) {
      fillRows(image, content, row);
      writeBlocks(image.columns());
    }
    writer.finish();
    output.put(new byte[] {(byte) 0xff, (byte) Jpeg.END_OF_IMAGE});
    output.flush();
  }

  /** Below the image its last row is repeated. */
  private void fillRows(GreyImage image, SampleContent content, int row) {
    int columns = image.columns();
    int rows = Math.min(Jpeg.BLOCK, image.rows() - row);
    image.fill(content, (long) row * columns, ByteBuffer.wrap(samples, 0, rows * columns));
    for (int i = rows; i < Jpeg.BLOCK; i++) {
      System.arraycopy(samples, (rows - 1) * columns, samples, i * columns, columns);
    }
  }

  private void writeBlocks(int columns) throws IOException {
    int column = 0;
    for (; column + Jpeg.BLOCK <= columns; column += Jpeg.BLOCK) {
      ForwardDct.transform(samples, column, columns, block);
      writer.write(block);
    }
    if (column < columns) {
      // Beside the image its last column is repeated.
      for (int row = 0; row < Jpeg.BLOCK; row++) {
        for (int i = 0; i < Jpeg.BLOCK; i++) {
          int from = Math.min(column + i, columns - 1);
          edge[row * Jpeg.BLOCK + i] = samples[row * columns + from];
        }
      }
      ForwardDct.transform(edge, 0, Jpeg.BLOCK, block);
      writer.write(block);
    }
  }

  @Override
  public void close() {
    // Nothing but memory is held.
  }
}
