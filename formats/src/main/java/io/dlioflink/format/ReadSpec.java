/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format;

import io.dlioflink.workload.DatasetConfig;
import io.dlioflink.workload.ElementType;
import java.util.Objects;

/**
 * What a workload says of the files to be read. Shapes are not among it: a dataset may come from
 * elsewhere.
 *
 * @param samplesPerFile samples each file must hold
 * @param elementType type of the elements, for formats that do not say
 * @param encoding how samples became files
 */
public record ReadSpec(int samplesPerFile, ElementType elementType, Encoding encoding) {

  /** The files of a dataset. */
  public static ReadSpec of(DatasetConfig dataset) {
    return new ReadSpec(
        dataset.numSamplesPerFile(), dataset.recordElementType(), Encoding.of(dataset));
  }

  /** Files like one that was written. */
  public static ReadSpec of(FileSpec file) {
    return new ReadSpec(file.samples(), file.elementType(), file.encoding());
  }

  /**
   * Checks an index.
   *
   * @throws IndexOutOfBoundsException if no file has such a sample
   */
  public void requireSample(int sample) {
    Objects.checkIndex(sample, samplesPerFile);
  }
}
