/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format;

import io.dlioflink.workload.Compression;
import io.dlioflink.workload.DatasetConfig;
import io.dlioflink.workload.ElementType;
import io.dlioflink.workload.SampleShapes;
import java.util.List;

/**
 * What is in one dataset file.
 *
 * @param fileNumber running number in the list of all train files, then all eval files
 * @param dims shape of one sample
 * @param elementType type of its elements
 * @param samples samples in the file
 * @param encoding how samples become the file
 */
public record FileSpec(
    long fileNumber, List<Integer> dims, ElementType elementType, int samples, Encoding encoding) {

  public FileSpec {
    dims = List.copyOf(dims);
    if (dims.isEmpty() || dims.stream().anyMatch(d -> d < 1) || samples < 1) {
      throw new IllegalArgumentException("Not a file: dims=" + dims + ", samples=" + samples);
    }
  }

  /** A file with a compression, all else of its encoding as by default. */
  public FileSpec(
      long fileNumber,
      List<Integer> dims,
      ElementType elementType,
      int samples,
      Compression compression) {
    this(fileNumber, dims, elementType, samples, Encoding.of(compression));
  }

  /**
   * A file of a dataset.
   *
   * @param shapes of that dataset
   * @param fileNumber running number in the list of all train files, then all eval files
   */
  public static FileSpec of(DatasetConfig dataset, SampleShapes shapes, long fileNumber) {
    return new FileSpec(
        fileNumber,
        shapes.dims(fileNumber),
        dataset.recordElementType(),
        dataset.numSamplesPerFile(),
        Encoding.of(dataset));
  }

  /** Compression of the file. */
  public Compression compression() {
    return encoding.compression();
  }

  /** Elements of one sample. */
  public long sampleElements() {
    return dims.stream().mapToLong(d -> d).reduce(1, Math::multiplyExact);
  }

  /** Bytes of one sample. */
  public long sampleBytes() {
    return Math.multiplyExact(sampleElements(), elementType.bytes());
  }

  /** Bytes of all samples of the file. */
  public long payloadBytes() {
    return Math.multiplyExact(sampleBytes(), samples);
  }
}
