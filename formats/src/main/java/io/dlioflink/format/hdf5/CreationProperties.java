/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.hdf5;

import io.dlioflink.format.FileSpec;
import io.dlioflink.workload.Compression;
import io.dlioflink.workload.Hdf5Options;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How the datasets {@code records_0} to {@code records_{D-1}} of a file are laid out: dataspace,
 * chunk shape and filter. All axes start with the samples.
 *
 * <p>Source: DLIO {@code data_generator/hdf5_generator.py}; chunks from {@code chunk_size} as in
 * its MLPerf branch.
 *
 * @param datasets number of datasets each record is split over
 * @param dims current size
 * @param maxDims size it may be grown to
 * @param chunkDims shape of a chunk; empty for contiguous storage
 * @param elementBytes bytes of an element
 * @param compression none, gzip or LZF
 * @param level of gzip
 */
record CreationProperties(
    int datasets,
    List<Integer> dims,
    List<Integer> maxDims,
    List<Integer> chunkDims,
    int elementBytes,
    Compression compression,
    int level) {

  /**
   * The properties DLIO would give a file.
   *
   * @throws IllegalArgumentException if HDF5 has no such dataset; the message names the key
   */
  static CreationProperties of(FileSpec file) {
    Hdf5Options options = file.encoding().hdf5();
    Compression compression = file.encoding().compression();
    if (compression != Compression.NONE
        && compression != Compression.GZIP
        && compression != Compression.LZF) {
      throw new IllegalArgumentException(
          "dataset.compression=%s; hdf5 has none, gzip and lzf".formatted(compression.yamlName()));
    }
    List<Integer> dims = withSamples(file.samples(), recordDims(file.dims(), options));
    List<Integer> maxDims =
        options.maxShape().isEmpty() ? dims : withSamples(file.samples(), options.maxShape());
    requireRoom(dims, maxDims);
    List<Integer> chunks =
        chunkDims(options, compression, dims, file.elementType().bytes()).orElse(List.of());
    if (!chunks.isEmpty()) {
      requireFit(chunks, maxDims);
    }
    return new CreationProperties(
        options.datasetsPerRecord(),
        dims,
        maxDims,
        chunks,
        file.elementType().bytes(),
        compression,
        file.encoding().compressionLevel());
  }

  private static List<Integer> recordDims(List<Integer> dims, Hdf5Options options) {
    int first = dims.get(0) / options.datasetsPerRecord();
    if (first * options.datasetsPerRecord() != dims.get(0)) {
      throw new IllegalArgumentException(
          "dataset.hdf5.num_dset_per_record=%d does not divide the first dimension of %s"
              .formatted(options.datasetsPerRecord(), dims));
    }
    List<Integer> record = new ArrayList<>(dims);
    if (first == 1) {
      record.remove(0);
    } else {
      record.set(0, first);
    }
    return record;
  }

  private static List<Integer> withSamples(int samples, List<Integer> dims) {
    List<Integer> all = new ArrayList<>();
    all.add(samples);
    all.addAll(dims);
    return List.copyOf(all);
  }

  private static Optional<List<Integer>> chunkDims(
      Hdf5Options options, Compression compression, List<Integer> dims, int elementBytes) {
    if (!options.chunkDims().isEmpty()) {
      return Optional.of(options.chunkDims());
    }
    if (options.enableChunking() && options.chunkElements() > 0) {
      long side = (long) Math.ceil(Math.sqrt(options.chunkElements()));
      List<Integer> chunk = new ArrayList<>();
      chunk.add(1);
      for (int dim : dims.subList(1, dims.size())) {
        chunk.add((int) Math.min(side, dim));
      }
      return Optional.of(List.copyOf(chunk));
    }
    boolean chunked =
        options.enableChunking()
            || compression != Compression.NONE
            || !options.maxShape().isEmpty();
    return chunked ? Optional.of(ChunkGuess.of(dims, elementBytes)) : Optional.empty();
  }

  private static void requireRoom(List<Integer> dims, List<Integer> maxDims) {
    boolean room = dims.size() == maxDims.size();
    for (int axis = 0; room && axis < dims.size(); axis++) {
      room = maxDims.get(axis) >= dims.get(axis);
    }
    if (!room) {
      throw new IllegalArgumentException(
          "dataset.hdf5.max_shape: a dataset of shape %s cannot grow to %s; expected one side for each side of a sample, none of them shorter"
              .formatted(dims, maxDims));
    }
  }

  private static void requireFit(List<Integer> chunks, List<Integer> maxDims) {
    boolean fit = chunks.size() == maxDims.size();
    for (int axis = 0; fit && axis < chunks.size(); axis++) {
      fit = chunks.get(axis) >= 1 && chunks.get(axis) <= maxDims.get(axis);
    }
    if (!fit) {
      throw new IllegalArgumentException(
          "dataset.hdf5.chunk_dims=%s do not fit datasets of shape %s, sample axis first; expected as many sides, none of them longer"
              .formatted(chunks, maxDims));
    }
  }

  boolean chunked() {
    return !chunkDims.isEmpty();
  }

  boolean filtered() {
    return compression != Compression.NONE;
  }

  /** The chunks of one dataset that hold data. */
  ChunkGrid grid() {
    return new ChunkGrid(
        dims.stream().mapToLong(d -> d).toArray(), chunkDims.stream().mapToInt(d -> d).toArray());
  }

  /** The chunks of one dataset grown to the full, which is what its index has entries for. */
  ChunkGrid maxGrid() {
    return new ChunkGrid(
        maxDims.stream().mapToLong(d -> d).toArray(),
        chunkDims.stream().mapToInt(d -> d).toArray());
  }

  /** Bytes of one record in one dataset. */
  long recordBytes() {
    return dims.stream().skip(1).mapToLong(d -> d).reduce(elementBytes, Math::multiplyExact);
  }

  /** Bytes of the elements of one dataset. */
  long datasetBytes() {
    return Math.multiplyExact(recordBytes(), dims.get(0));
  }

  /** Bytes of one unfiltered chunk. */
  int chunkBytes() {
    long bytes = chunkDims.stream().mapToLong(d -> d).reduce(elementBytes, Math::multiplyExact);
    if (bytes > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "dataset.hdf5.chunk_dims=%s: chunks of %d bytes; at most %d are written"
              .formatted(chunkDims, bytes, Integer.MAX_VALUE));
    }
    return (int) bytes;
  }
}
