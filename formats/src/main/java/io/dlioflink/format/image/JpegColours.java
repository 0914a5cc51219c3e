/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.image;

/**
 * Makes rows of pixels of the samples of the components: colour channels of lower resolution are
 * repeated (not smoothed as by libjpeg), luminance and chrominance become red, green and blue.
 *
 * <p>Source: JFIF 1.02 (ITU-T T.871), section 7; Adobe Technical Note 5116, section 18.
 */
final class JpegColours {
  private static final int SCALE_BITS = 16;
  private static final int ROUND = 1 << (SCALE_BITS - 1);
  private static final int RED_CR = scaled(1.402);
  private static final int GREEN_CB = scaled(0.34414);
  private static final int GREEN_CR = scaled(0.71414);
  private static final int BLUE_CB = scaled(1.772);

  private final byte[][] channels = new byte[JpegFrame.MAX_COMPONENTS][];
  private final int[] starts = new int[JpegFrame.MAX_COMPONENTS];
  private final byte[][] widened = new byte[JpegFrame.MAX_COMPONENTS][0];
  private byte[] pixels = new byte[0];

  private static int scaled(double factor) {
    return (int) (factor * (1 << SCALE_BITS) + 0.5);
  }

  /**
   * Passes on the pixels of one row of units.
   *
   * @param chrominance whether the second and third components are differences of colour
   */
  void emit(JpegFrame frame, int unitRow, boolean chrominance, PixelRows target) {
    int firstRow = unitRow * frame.maxVertical * Jpeg.BLOCK;
    int count = Math.min(frame.maxVertical * Jpeg.BLOCK, frame.rows - firstRow);
    if (frame.componentCount == 1) {
      JpegComponent grey = frame.components[0];
      for (int row = 0; row < count; row++) {
        target.row(grey.samples, row * grey.stride, frame.columns);
      }
      return;
    }
    int length = frame.columns * frame.componentCount;
    if (pixels.length < length) {
      pixels = new byte[length];
    }
    for (int row = 0; row < count; row++) {
      for (int i = 0; i < frame.componentCount; i++) {
        widen(frame, i, row);
      }
      if (chrominance) {
        mix(frame.columns, frame.componentCount);
      } else {
        for (int i = 0; i < frame.componentCount; i++) {
          spread(channels[i], starts[i], i, frame.columns, frame.componentCount);
        }
      }
      target.row(pixels, 0, length);
    }
  }

  private void widen(JpegFrame frame, int index, int row) {
    JpegComponent component = frame.components[index];
    int start = row * component.vertical / frame.maxVertical * component.stride;
    if (component.horizontal == frame.maxHorizontal) {
      channels[index] = component.samples;
      starts[index] = start;
      return;
    }
    if (widened[index].length < frame.columns) {
      widened[index] = new byte[frame.columns];
    }
    byte[] wide = widened[index];
    byte[] samples = component.samples;
    if (2 * component.horizontal == frame.maxHorizontal) {
      for (int x = 0; x < frame.columns; x++) {
        wide[x] = samples[start + (x >> 1)];
      }
    } else {
      for (int x = 0; x < frame.columns; x++) {
        wide[x] = samples[start + x * component.horizontal / frame.maxHorizontal];
      }
    }
    channels[index] = wide;
    starts[index] = 0;
  }

  private void mix(int columns, int step) {
    byte[] y = channels[0];
    byte[] cb = channels[1];
    byte[] cr = channels[2];
    int yAt = starts[0];
    int cbAt = starts[1];
    int crAt = starts[2];
    byte[] to = pixels;
    for (int x = 0, at = 0; x < columns; x++, at += step) {
      int luminance = (y[yAt + x] & 0xff) << SCALE_BITS;
      int blue = (cb[cbAt + x] & 0xff) - 128;
      int red = (cr[crAt + x] & 0xff) - 128;
      to[at] = sample(luminance + RED_CR * red + ROUND);
      to[at + 1] = sample(luminance - GREEN_CB * blue - GREEN_CR * red + ROUND);
      to[at + 2] = sample(luminance + BLUE_CB * blue + ROUND);
    }
    if (step == JpegFrame.MAX_COMPONENTS) {
      spread(channels[3], starts[3], 3, columns, step);
    }
  }

  private void spread(byte[] from, int start, int channel, int columns, int step) {
    for (int x = 0, at = channel; x < columns; x++, at += step) {
      pixels[at] = from[start + x];
    }
  }

  private static byte sample(int scaled) {
    return (byte) Math.max(0, Math.min(255, scaled >> SCALE_BITS));
  }
}
