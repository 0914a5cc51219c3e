/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload;

import java.io.Serializable;
import java.util.List;
import java.util.Optional;

/**
 * Section {@code reader}.
 *
 * @param dataLoader loader
 * @param dataLoaderClassname plug-in loader
 * @param dataLoaderSampler sampler
 * @param readerClassname plug-in reader
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
 */
public record ReaderConfig(
    DataLoader dataLoader,
    Optional<String> dataLoaderClassname,
    Optional<LoaderSampler> dataLoaderSampler,
    Optional<String> readerClassname,
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
    SampleOrderStrategy sampleOrder)
    implements Serializable {
  public ReaderConfig {
    transformedRecordDims = List.copyOf(transformedRecordDims);
  }

  /** Samples per step and rank of a part. */
  public int batchSize(DatasetPart part) {
    return part == DatasetPart.TRAIN ? batchSize : batchSizeEval;
  }
}
