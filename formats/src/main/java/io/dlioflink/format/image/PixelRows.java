/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.image;

/** Takes the decoded rows of an image, from top to bottom. */
@FunctionalInterface
interface PixelRows {
  /** The rows of training: they have been decoded, which is all. */
  PixelRows DROPPED = (pixels, at, length) -> {};

  /**
   * Takes one row; the array is used again afterwards.
   *
   * @param pixels channels of a pixel beside each other, 16 bit channels with the high byte first
   */
  void row(byte[] pixels, int at, int length);
}
