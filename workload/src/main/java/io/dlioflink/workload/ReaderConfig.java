/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload;

import java.io.Serializable;
import java.util.List;
import java.util.Optional;

/**
 * Section {@code reader}.
 *
 * @param dataLoader loader
 * @param dataLoaderClassnameOrNull null if not set: plug-in loader
 * @param dataLoaderSamplerOrNull null if not set: sampler
 * @param readerClassnameOrNull null if not set: plug-in reader
 * @param batchSize train samples per step and rank
 * @param batchSizeEval evaluation samples per step and rank
 * @param readThreads I/O threads per rank; 0: read in the training thread
 * @param computationThreads parse threads
 * @param prefetchSize batches to prefetch; 0: the loader's default
 * @param pinMemory pytorch only
 * @param multiprocessingContext fork, spawn or forkserver
 * @param fileShuffle file order
 * @param sampleShuffle sample order
 * @param shuffleSize shuffle buffer, samples
 * @param readType keep files open or not
 * @param fileAccess without effect in DLIO
 * @param transferSizeBytes bytes per read request; 0: our default
 * @param preprocessTime sleep per sample
 * @param odirect bypass the page cache
 * @param dontUseMmap native DALI only
 * @param transformedRecordDims shape of the in-memory element
 * @param transformedRecordElementType type of the in-memory element
 * @param sampleOrder {@code sample_order}, ours
 * @param ordered {@code ordered}, ours: batches in the order of their steps, not of completion
 */
public record ReaderConfig(
    DataLoader dataLoader,
    String dataLoaderClassnameOrNull,
    LoaderSampler dataLoaderSamplerOrNull,
    String readerClassnameOrNull,
    int batchSize,
    int batchSizeEval,
    int readThreads,
    int computationThreads,
    int prefetchSize,
    boolean pinMemory,
    String multiprocessingContext,
    Shuffle fileShuffle,
    Shuffle sampleShuffle,
    int shuffleSize,
    ReadType readType,
    FileAccess fileAccess,
    long transferSizeBytes,
    TimeSpec preprocessTime,
    boolean odirect,
    boolean dontUseMmap,
    List<Integer> transformedRecordDims,
    ElementType transformedRecordElementType,
    SampleOrderStrategy sampleOrder,
    boolean ordered)
    implements Serializable {
  public ReaderConfig {
    transformedRecordDims = List.copyOf(transformedRecordDims);
  }

  /** Samples per step and rank of a part. */
  public int batchSize(DatasetPart part) {
    return part == DatasetPart.TRAIN ? batchSize : batchSizeEval;
  }

  /** The plug-in loader. */
  public Optional<String> dataLoaderClassname() {
    return Optional.ofNullable(dataLoaderClassnameOrNull);
  }

  /** The sampler, if the workload names one. */
  public Optional<LoaderSampler> dataLoaderSampler() {
    return Optional.ofNullable(dataLoaderSamplerOrNull);
  }

  /** The plug-in reader. */
  public Optional<String> readerClassname() {
    return Optional.ofNullable(readerClassnameOrNull);
  }
}
