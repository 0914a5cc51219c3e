/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.hdf5;

import io.jhdf.btree.BTreeV1;
import io.jhdf.dataset.chunked.Chunk;
import io.jhdf.dataset.chunked.DatasetInfo;
import io.jhdf.dataset.chunked.indexing.BTreeIndex;
import io.jhdf.dataset.chunked.indexing.ImplicitChunkIndex;
import io.jhdf.dataset.chunked.indexing.SingleChunkIndex;
import io.jhdf.object.message.DataLayoutMessage.ChunkedDataLayoutMessage;
import io.jhdf.object.message.DataLayoutMessage.ChunkedDataLayoutMessageV4;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Collection;

/**
 * Reads chunk indexes: B-trees, single and implicit chunks with jHDF, arrays here.
 *
 * <p>Arrays have an entry for each chunk of the dataset grown to the full; along an unlimited axis,
 * which then is the first, for each chunk there is.
 *
 * <p>Source: HDF5 File Format Specification 3.0, sections III.A and VII; HDF5 2.0 {@code
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
   * @param maxDims size the dataset may grow to; -1 without limit
   * @param grid the chunks of its current size
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
    DatasetInfo info = new DatasetInfo(chunkBytes, dims, chunkDims);
    switch (layout.getIndexingType()) {
      case ChunkedDataLayoutMessageV4.SINGLE_CHUNK_INDEX ->
          add(table, new SingleChunkIndex(layout, info).getAllChunks());
      case ChunkedDataLayoutMessageV4.IMPLICIT_INDEX ->
          add(table, new ImplicitChunkIndex(address, info).getAllChunks());
      case ChunkedDataLayoutMessageV4.FIXED_ARRAY_INDEX -> {
        ChunkGrid all = new ChunkGrid(maxDims, chunkDims);
        new ArrayIndex(
                input, address, (n, at, bytes, mask) -> add(table, all.origin(n), at, bytes, mask))
            .readFixed(all.chunks());
      }
      case ChunkedDataLayoutMessageV4.EXTENSIBLE_ARRAY_INDEX -> readExtensible(table, address);
      default -> {
        requireSmallTree(input, address);
        add(table, new BTreeIndex(input, address, info).getAllChunks());
      }
    }
    return table;
  }

  private void readExtensible(ChunkTable table, long address) throws IOException {
    int unlimited = 0;
    while (unlimited < maxDims.length - 1 && maxDims[unlimited] != UNDEFINED) {
      unlimited++;
    }
    int axis = unlimited;
    long[] size = maxDims.clone();
    int[] chunk = chunkDims.clone();
    System.arraycopy(maxDims, 0, size, 1, axis);
    System.arraycopy(chunkDims, 0, chunk, 1, axis);
    size[0] = dims[axis];
    chunk[0] = chunkDims[axis];
    ChunkGrid all = new ChunkGrid(size, chunk);
    ArrayIndex.Entries entries =
        (number, at, bytes, mask) -> {
          long[] origin = all.origin(number);
          long first = number / all.chunksPerRow() * chunk[0];
          System.arraycopy(origin, 1, origin, 0, axis);
          origin[axis] = first;
          add(table, origin, at, bytes, mask);
        };
    new ArrayIndex(input, address, entries).readExtensible();
  }

  private void add(ChunkTable table, Collection<Chunk> chunks) throws IOException {
    for (Chunk chunk : chunks) {
      long[] mask = chunk.getFilterMask().toLongArray();
      add(
          table,
          chunk.getChunkOffset(),
          chunk.getAddress(),
          chunk.getSize(),
          mask.length == 0 ? 0 : (int) mask[0]);
    }
  }

  /** Takes a chunk, unless it is behind the current size. */
  private void add(ChunkTable table, long[] origin, long address, long stored, int mask)
      throws IOException {
    long number = grid.chunkAt(origin);
    if (number < 0 || address == UNDEFINED) {
      return;
    }
    long bytes = stored < 0 ? chunkBytes : stored;
    if (address < 0
        || bytes > Integer.MAX_VALUE
        || address > Long.MAX_VALUE - input.offset(0) - bytes) {
      throw input.brokenHere("chunk of %d bytes at address %d".formatted(bytes, address));
    }
    table.put((int) number, input.offset(address), (int) bytes, mask);
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
