/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.hdf5;

import io.dlioflink.format.FileSpec;
import io.dlioflink.workload.Compression;
import io.dlioflink.workload.ElementType;
import io.jhdf.dataset.chunked.Chunk;
import io.jhdf.dataset.chunked.indexing.ChunkImpl;
import io.jhdf.dataset.chunked.indexing.FixedArrayIndexWriter;
import io.jhdf.object.message.DataLayoutMessage.ChunkedDataLayoutMessageV4;
import io.jhdf.object.message.DataLayoutMessage.ContiguousDataLayoutMessage;
import io.jhdf.object.message.FilterPipelineMessage;
import io.jhdf.object.message.FilterPipelineMessage.FilterInfo;
import io.jhdf.object.message.GroupInfoMessage;
import io.jhdf.object.message.LinkInfoMessage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.AbstractList;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;

/**
 * All of a file but the elements: it stands in front of them, so that a file can be written front
 * to back. Superblock, root group, then for each dataset its object header and chunk index; up to a
 * multiple of 2048 bytes, the piece in which the HDF5 library takes room for metadata.
 *
 * <p>jHDF writes layouts, chunk indexes, filter pipelines and checksums; it has no superblock of
 * version 3, no maximum sizes, no message flags and no fill value of the library's kind.
 *
 * <p>Source: HDF5 File Format Specification 3.0; sizes as HDF5 2.0 chooses them.
 */
final class FileMetadata {
  static final String LABELS = "labels";

  private static final byte[] SIGNATURE = {(byte) 0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n'};
  private static final int SUPERBLOCK_BYTES = 48;
  private static final int GROUP_ROOM_BYTES = 120;
  private static final int DATASET_ROOM_BYTES = 256;
  private static final int PIECE_BYTES = 2048;
  private static final long UNDEFINED = -1;

  /** Chunks that an entry of the index keeps to a page in the HDF5 library, as a power of two. */
  private static final int PAGE_BITS = 10;

  private static final int LARGEST_COMPACT_GROUP = 8;

  private final FileSpec file;
  private final CreationProperties properties;
  private final StoredChunks chunks;
  private final int indexEntries;

  /** Addresses of the object headers, the labels' last. */
  private final long[] headers;

  private final long payload;

  /**
   * Gives everything its place.
   *
   * @param chunks sizes of all chunks
   */
  FileMetadata(FileSpec file, CreationProperties properties, StoredChunks chunks) {
    this.file = file;
    this.properties = properties;
    this.chunks = chunks;
    this.indexEntries = properties.chunked() ? indexEntries(properties) : 0;
    this.headers = new long[properties.datasets() + 1];
    long address = SUPERBLOCK_BYTES + (long) group().length;
    for (int dataset = 0; dataset <= properties.datasets(); dataset++) {
      headers[dataset] = address;
      address += header(dataset, 0, 0).length + (dataset < headers.length - 1 ? indexBytes() : 0);
    }
    this.payload = (address + PIECE_BYTES - 1) / PIECE_BYTES * PIECE_BYTES;
  }

  static String records(int dataset) {
    return "records_" + dataset;
  }

  private static int indexEntries(CreationProperties properties) {
    long entries;
    try {
      entries = properties.maxGrid().chunks();
    } catch (ArithmeticException e) {
      entries = Long.MAX_VALUE;
    }
    if (entries > Limits.CHUNKS) {
      throw new IllegalArgumentException(
          "dataset.hdf5: chunks of %s make more than %d of %s"
              .formatted(properties.chunkDims(), Limits.CHUNKS, properties.maxDims()));
    }
    return (int) entries;
  }

  /**
   * Checks the size of the index before work is spent on the chunks.
   *
   * @throws IllegalArgumentException if there are too many chunks
   */
  static void requireIndexable(CreationProperties properties) {
    if (properties.chunked()) {
      indexEntries(properties);
    }
  }

  /** Offset of the first element. */
  long payloadOffset() {
    return payload;
  }

  /** Bytes of the elements of all datasets of records, as stored. */
  long recordsBytes() {
    return properties.chunked()
        ? chunks.totalBytes()
        : Math.multiplyExact(properties.datasetBytes(), properties.datasets());
  }

  /** Bytes of the labels. */
  long labelsBytes() {
    return (long) Long.BYTES * file.samples();
  }

  /** Bytes of the whole file. */
  long fileBytes() {
    return Math.addExact(payload, Math.addExact(recordsBytes(), labelsBytes()));
  }

  /** The bytes in front of the first element. */
  byte[] bytes() {
    ByteBuffer all = ByteBuffer.allocate((int) payload).order(ByteOrder.LITTLE_ENDIAN);
    all.put(superblock()).put(group());
    long elements = payload;
    for (int dataset = 0; dataset < properties.datasets(); dataset++) {
      requireAt(all, headers[dataset]);
      long index = headers[dataset] + header(dataset, 0, 0).length;
      all.put(header(dataset, elements, index));
      if (hasIndex()) {
        all.put(index(dataset, elements, index));
      }
      elements += properties.chunked() ? chunks.totalBytes(dataset) : properties.datasetBytes();
    }
    requireAt(all, headers[properties.datasets()]);
    all.put(header(properties.datasets(), elements, 0));
    return all.array();
  }

  private static void requireAt(ByteBuffer all, long address) {
    if (all.position() != address) {
      throw new IllegalStateException("At " + all.position() + ", planned for " + address);
    }
  }

  /** Version 3. */
  private byte[] superblock() {
    ByteBuffer block = ByteBuffer.allocate(SUPERBLOCK_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    block.put(SIGNATURE).put((byte) 3);
    block.put((byte) Long.BYTES).put((byte) Long.BYTES).put((byte) 0);
    block.putLong(0).putLong(UNDEFINED).putLong(fileBytes()).putLong(SUPERBLOCK_BYTES);
    block.putInt(ObjectHeaderWriter.checksum(block.array(), block.position()));
    return block.array();
  }

  private byte[] group() {
    ObjectHeaderWriter header = new ObjectHeaderWriter(GROUP_ROOM_BYTES);
    header.add(Messages.LINK_INFO, 0, LinkInfoMessage.createBasic().toBuffer());
    header.add(
        Messages.GROUP_INFO,
        Messages.CONSTANT,
        headers.length > LARGEST_COMPACT_GROUP
            ? Messages.groupInfo(headers.length)
            : GroupInfoMessage.createBasic().toBuffer());
    for (int dataset = 0; dataset < headers.length; dataset++) {
      String name = dataset < properties.datasets() ? records(dataset) : LABELS;
      header.add(Messages.LINK, 0, Messages.link(name, headers[dataset]));
    }
    return header.bytes();
  }

  private byte[] header(int dataset, long elements, long index) {
    boolean labels = dataset == properties.datasets();
    List<Integer> dims = labels ? List.of(file.samples()) : properties.dims();
    List<Integer> maxDims = labels ? dims : properties.maxDims();
    boolean chunked = !labels && properties.chunked();
    ElementType type = labels ? ElementType.INT64 : file.elementType();
    ObjectHeaderWriter header = new ObjectHeaderWriter(DATASET_ROOM_BYTES);
    header.add(Messages.DATASPACE, 0, Messages.dataspace(dims, maxDims));
    header.add(Messages.DATATYPE, Messages.CONSTANT, Messages.datatype(type));
    header.add(Messages.FILL_VALUE, Messages.CONSTANT, Messages.fillValue(chunked));
    if (chunked && properties.filtered()) {
      header.add(
          Messages.FILTER_PIPELINE,
          Messages.CONSTANT,
          FilterPipelineMessage.create(List.of(filter())).toBuffer());
    }
    long bytes = labels ? labelsBytes() : properties.datasetBytes();
    header.add(
        Messages.DATA_LAYOUT,
        0,
        chunked
            ? chunkedLayout(dataset, elements, index)
            : ContiguousDataLayoutMessage.create(elements, bytes).toBuffer());
    return header.bytes();
  }

  /** As h5py sets it: both filters may be left out for a chunk that they do not make smaller. */
  private FilterInfo filter() {
    return properties.compression() == Compression.GZIP
        ? new FilterInfo(Filters.DEFLATE, "deflate", true, new int[] {properties.level()})
        : new FilterInfo(
            Filters.LZF,
            "lzf",
            true,
            new int[] {Filters.LZF_REVISION, Filters.LZF_VERSION, properties.chunkBytes()});
  }

  /** A fixed array has the entries of a dataset grown to the full. */
  private ByteBuffer chunkedLayout(int dataset, long elements, long index) {
    int[] dims =
        IntStream.concat(
                properties.chunkDims().stream().mapToInt(d -> d),
                IntStream.of(properties.elementBytes()))
            .toArray();
    ChunkedDataLayoutMessageV4 layout;
    if (hasIndex()) {
      layout = ChunkedDataLayoutMessageV4.createFixedArray(index, dims, pageBits());
    } else if (properties.filtered()) {
      layout =
          ChunkedDataLayoutMessageV4.createFilteredSingleChunk(
              elements, dims, chunks.bytes(dataset, 0));
    } else {
      layout = ChunkedDataLayoutMessageV4.createSingleChunk(elements, dims);
    }
    ByteBuffer body = layout.toBuffer();
    if (!hasIndex() && properties.filtered() && !chunks.filtered(dataset, 0)) {
      // jHDF has no way to say that the filter was left out; the mask stands before the address.
      body.putInt(body.limit() - Long.BYTES - Integer.BYTES, 1);
    }
    return body;
  }

  /** A dataset that is one chunk, and cannot grow, has no index. */
  private boolean hasIndex() {
    return properties.chunked()
        && !(properties.chunkDims().equals(properties.dims())
            && properties.dims().equals(properties.maxDims()));
  }

  /** jHDF writes no pages: one holds all entries. */
  private int pageBits() {
    return Math.max(PAGE_BITS, Integer.SIZE - Integer.numberOfLeadingZeros(indexEntries - 1));
  }

  private long indexBytes() {
    if (!hasIndex()) {
      return 0;
    }
    int chunkBytes = properties.chunkBytes();
    long entryBytes =
        Long.BYTES
            + (properties.filtered()
                ? FixedArrayIndexWriter.chunkSizeLength(chunkBytes) + (long) Integer.BYTES
                : 0);
    // Header and data block: signatures, versions, sizes, addresses, checksums.
    return 28 + 18 + entryBytes * indexEntries;
  }

  private byte[] index(int dataset, long elements, long address) {
    ChunkGrid grid = properties.grid();
    ChunkGrid maxGrid = properties.maxGrid();
    List<Chunk> entries = new Entries(dataset, elements, grid, maxGrid);
    return FixedArrayIndexWriter.createFixedArray(
            entries, address, properties.chunkBytes(), properties.filtered(), pageBits())
        .array();
  }

  /** The entries of one index; read once, in order. */
  private final class Entries extends AbstractList<Chunk> {
    private final int dataset;
    private final ChunkGrid grid;
    private final ChunkGrid maxGrid;
    private long next;

    Entries(int dataset, long elements, ChunkGrid grid, ChunkGrid maxGrid) {
      this.dataset = dataset;
      this.grid = grid;
      this.maxGrid = maxGrid;
      this.next = elements;
    }

    @Override
    public Chunk get(int entry) {
      long[] origin = maxGrid.origin(entry);
      long chunk = grid.chunkAt(origin);
      if (chunk < 0) {
        return new ChunkImpl(UNDEFINED, 0, origin);
      }
      int bytes = chunks.bytes(dataset, (int) chunk);
      long at = next;
      next += bytes;
      BitSet leftOut = new BitSet();
      leftOut.set(0, properties.filtered() && !chunks.filtered(dataset, (int) chunk));
      return new ChunkImpl(at, bytes, origin, leftOut);
    }

    @Override
    public int size() {
      return indexEntries;
    }
  }
}
