/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.image;

import io.dlioflink.format.FileSpec;
import io.dlioflink.format.SampleContent;
import io.dlioflink.workload.ElementType;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * The image DLIO makes of a file: a grey byte per pixel, the first dimension as rows and the second
 * as columns; further dimensions and the element type have no effect.
 *
 * @param spec of a file that holds one sample with those bytes
 */
record GreyImage(FileSpec spec) {

  /**
   * The image of a file.
   *
   * @throws IllegalArgumentException if the file has a single dimension, of which no image is made
   */
  static GreyImage of(FileSpec file) {
    if (file.dims().size() < 2) {
      throw new IllegalArgumentException(
          "An image needs two dimensions, rows and columns; record_dims has " + file.dims());
    }
    return new GreyImage(
        new FileSpec(
            file.fileNumber(),
            List.copyOf(file.dims().subList(0, 2)),
            ElementType.UINT8,
            1,
            file.encoding()));
  }

  int rows() {
    return spec.dims().get(0);
  }

  int columns() {
    return spec.dims().get(1);
  }

  long pixels() {
    return spec.sampleElements();
  }

  /** Fills the target with pixels, row by row from {@code offset} on. */
  void fill(SampleContent content, long offset, ByteBuffer target) {
    content.fill(spec, 0, offset, target);
  }
}
