/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload;

import java.io.Serializable;
import java.util.List;

/**
 * How HDF5 files are laid out.
 *
 * <p>Source: DLIO {@code data_generator/hdf5_generator.py}; chunking by size is in its MLPerf
 * branch only.
 *
 * @param datasetsPerRecord {@code hdf5.num_dset_per_record}: datasets a sample is spread over
 * @param chunkDims {@code hdf5.chunk_dims}: shape of a chunk, sample axis included; empty: see
 *     below
 * @param maxShape {@code hdf5.max_shape}: largest shape, without the sample axis; empty: fixed
 * @param enableChunking {@code enable_chunking}: chunked layout even without {@code chunkDims}
 * @param chunkElements {@code chunk_size}: elements of such a chunk, whose sides are its square
 *     root
 */
public record Hdf5Options(
    int datasetsPerRecord,
    List<Integer> chunkDims,
    List<Integer> maxShape,
    boolean enableChunking,
    long chunkElements)
    implements Serializable {
  /** DLIO's defaults. */
  public static final Hdf5Options DEFAULT = new Hdf5Options(1, List.of(), List.of(), false, 0);

  public Hdf5Options {
    chunkDims = List.copyOf(chunkDims);
    maxShape = List.copyOf(maxShape);
  }
}
