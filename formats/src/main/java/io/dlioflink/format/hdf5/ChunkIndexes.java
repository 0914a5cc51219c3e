/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.hdf5;

import io.jhdf.btree.BTreeV1;
import io.jhdf.dataset.chunked.Chunk;
import io.jhdf.dataset.chunked.DatasetInfo;
import io.jhdf.dataset.chunked.indexing.BTreeIndex;
import io.jhdf.dataset.chunked.indexing.ChunkIndex;
import io.jhdf.dataset.chunked.indexing.ExtensibleArrayIndex;
import io.jhdf.dataset.chunked.indexing.FixedArrayIndex;
import io.jhdf.dataset.chunked.indexing.ImplicitChunkIndex;
import io.jhdf.dataset.chunked.indexing.SingleChunkIndex;
import io.jhdf.object.message.DataLayoutMessage.ChunkedDataLayoutMessage;
import io.jhdf.object.message.DataLayoutMessage.ChunkedDataLayoutMessageV4;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Collection;

/**
 * Reads chunk indexes of all kinds with jHDF.
 *
 * <p>jHDF numbers the chunks of arrays along the current size of a dataset. HDF5 does it along the
 * maximum size, with the unlimited axis first. It is given these sizes here, and what it finds is
 * turned back.
 *
 * <p>Source: HDF5 File Format Specification 3.0, sections III.A to III.F, VII; HDF5 2.0 {@code
 * H5Dearray.c}, {@code H5Dfarray.c}.
 */
final class ChunkIndexes {
  private static final long UNDEFINED = -1;
  private static final int DEEPEST_TREE = 32;

  private final MetadataInput input;
  private final long[] dims;
  private final long[] maxDims;
  private final int[] chunkDims;
  private final int chunkBytes;
  private final ChunkGrid grid;

  /**
   * @param dims size of the dataset
   * @param maxDims size it may grow to; -1 without limit
   */
  ChunkIndexes(
      MetadataInput input,
      long[] dims,
      long[] maxDims,
      int[] chunkDims,
      int chunkBytes,
      ChunkGrid grid) {
    this.input = input;
    this.dims = dims;
    this.maxDims = maxDims;
    this.chunkDims = chunkDims;
    this.chunkBytes = chunkBytes;
    this.grid = grid;
  }

  /** The index of a layout of version 1 to 3: a B-tree. */
  ChunkTable read(ChunkedDataLayoutMessage layout) throws IOException {
    ChunkTable table = new ChunkTable(Math.toIntExact(grid.chunks()));
    if (layout.getBTreeAddress() != UNDEFINED) {
      long tree = layout.getBTreeAddress();
      add(table, BTreeV1.createDataBTree(input, tree, dims.length).getChunks());
    }
    return table;
  }

  /** The index of a layout of version 4 or 5. */
  ChunkTable read(ChunkedDataLayoutMessageV4 layout) throws IOException {
    ChunkTable table = new ChunkTable(Math.toIntExact(grid.chunks()));
    long address = layout.getAddress();
    if (address == UNDEFINED) {
      return table;
    }
    switch (layout.getIndexingType()) {
      case ChunkedDataLayoutMessageV4.SINGLE_CHUNK_INDEX ->
          add(table, new SingleChunkIndex(layout, info(dims, chunkDims)).getAllChunks());
      case ChunkedDataLayoutMessageV4.IMPLICIT_INDEX ->
          add(table, new ImplicitChunkIndex(address, info(limited(), chunkDims)));
      case ChunkedDataLayoutMessageV4.FIXED_ARRAY_INDEX -> {
        requireEntries(address, 8, new ChunkGrid(limited(), chunkDims).chunks());
        add(table, new FixedArrayIndex(input, address, info(limited(), chunkDims)));
      }
      case ChunkedDataLayoutMessageV4.EXTENSIBLE_ARRAY_INDEX -> readExtensibleArray(table, address);
      default -> {
        requireSmallTree(input, address);
        add(table, new BTreeIndex(input, address, info(dims, chunkDims)));
      }
    }
    return table;
  }

  private DatasetInfo info(long[] size, int[] chunk) {
    return new DatasetInfo(chunkBytes, size, chunk);
  }

  /** The maximum size, the current one along an axis without limit. */
  private long[] limited() {
    long[] limited = maxDims.clone();
    for (int axis = 0; axis < limited.length; axis++) {
      if (limited[axis] == UNDEFINED) {
        limited[axis] = dims[axis];
      }
    }
    return limited;
  }

  private void readExtensibleArray(ChunkTable table, long address) throws IOException {
    int lengthBytes = input.getSizeOfLengths();
    requireFewer(address, 12, "secondary blocks");
    requireFewer(address, 12 + 4 * lengthBytes, "elements");
    int unlimited = 0;
    while (unlimited < maxDims.length - 1 && maxDims[unlimited] != UNDEFINED) {
      unlimited++;
    }
    long[] size = limited();
    int[] chunk = chunkDims.clone();
    System.arraycopy(limited(), 0, size, 1, unlimited);
    System.arraycopy(chunkDims, 0, chunk, 1, unlimited);
    size[0] = dims[unlimited];
    chunk[0] = chunkDims[unlimited];
    for (Chunk found : new ExtensibleArrayIndex(input, address, info(size, chunk)).getAllChunks()) {
      long[] origin = found.getChunkOffset();
      long first = origin[0];
      System.arraycopy(origin, 1, origin, 0, unlimited);
      origin[unlimited] = first;
      add(table, found, origin);
    }
    if (!table.full()) {
      // jHDF stops at the first chunk without a place.
      throw input.unsupported(address, "an extensible array with gaps");
    }
  }

  private void add(ChunkTable table, ChunkIndex index) throws IOException {
    add(table, index.getAllChunks());
  }

  private void add(ChunkTable table, Collection<Chunk> chunks) throws IOException {
    for (Chunk chunk : chunks) {
      add(table, chunk, chunk.getChunkOffset());
    }
  }

  private void add(ChunkTable table, Chunk chunk, long[] origin) throws IOException {
    long number = grid.chunkAt(origin);
    if (number < 0 || chunk.getAddress() == UNDEFINED) {
      return;
    }
    if (chunk.getAddress() < 0 || chunk.getSize() < 0) {
      throw input.brokenHere(
          "chunk of %d bytes at address %d".formatted(chunk.getSize(), chunk.getAddress()));
    }
    long[] mask = chunk.getFilterMask().toLongArray();
    table.put(
        (int) number,
        input.offset(chunk.getAddress()),
        chunk.getSize(),
        mask.length == 0 ? 0 : (int) mask[0]);
  }

  /** Checks a number of entries that jHDF would make room for. */
  private void requireEntries(long address, int at, long expected) throws IOException {
    int lengthBytes = input.getSizeOfLengths();
    long found = Numbers.unsigned(input.read(address + at, lengthBytes), lengthBytes);
    if (found != expected) {
      throw input.broken(
          address, "chunk index of %d entries, expected %d".formatted(found, expected));
    }
    if (found > Limits.CHUNKS) {
      throw input.unsupported(
          address,
          "chunk index of %d entries; at most %d are read".formatted(found, Limits.CHUNKS));
    }
  }

  private void requireFewer(long address, int at, String what) throws IOException {
    int lengthBytes = input.getSizeOfLengths();
    long found = Numbers.unsigned(input.read(address + at, lengthBytes), lengthBytes);
    if (found < 0 || found > Limits.CHUNKS) {
      throw input.unsupported(
          address,
          "chunk index of %d %s; at most %d are read".formatted(found, what, Limits.CHUNKS));
    }
  }

  /** Checks the numbers of a B-tree of version 2 that jHDF would trust. */
  static void requireSmallTree(MetadataInput input, long address) throws IOException {
    int offsetBytes = input.getSizeOfOffsets();
    int lengthBytes = input.getSizeOfLengths();
    ByteBuffer header = input.read(address, 18 + offsetBytes + lengthBytes);
    int depth = header.getShort(12) & 0xffff;
    long records = Numbers.unsigned(header.position(18 + offsetBytes), lengthBytes);
    if (depth > DEEPEST_TREE || records < 0 || records > Limits.CHUNKS) {
      throw input.unsupported(
          address,
          "B-tree of depth %d with %d records; at most %d and %d are read"
              .formatted(depth, records, DEEPEST_TREE, Limits.CHUNKS));
    }
  }
}
