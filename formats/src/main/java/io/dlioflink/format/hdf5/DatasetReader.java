/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.hdf5;

import io.dlioflink.format.ReadSpec;
import io.jhdf.object.datatype.DataType;
import io.jhdf.object.datatype.FixedPoint;
import io.jhdf.object.datatype.FloatingPoint;
import io.jhdf.object.message.DataLayoutMessage;
import io.jhdf.object.message.DataLayoutMessage.ChunkedDataLayoutMessage;
import io.jhdf.object.message.DataLayoutMessage.ChunkedDataLayoutMessageV4;
import io.jhdf.object.message.DataLayoutMessage.CompactDataLayoutMessage;
import io.jhdf.object.message.DataLayoutMessage.ContiguousDataLayoutMessage;
import io.jhdf.object.message.DataSpace;
import io.jhdf.object.message.FilterPipelineMessage;
import io.jhdf.object.message.FilterPipelineMessage.FilterInfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/** Reads the object header of a dataset of records, and its chunk index. */
final class DatasetReader {
  private static final long UNDEFINED = -1;

  /** HDF5 2.0 writes it for filtered chunks; it differs from version 4 in the index only. */
  private static final int NEWEST_LAYOUT = 5;

  private static final int KNOWN_LAYOUT = 4;
  private static final int CHUNKED = 2;

  private final MetadataInput input;
  private final ReadSpec spec;

  DatasetReader(MetadataInput input, ReadSpec spec) {
    this.input = input;
    this.spec = spec;
  }

  StoredDataset read(String name, long address) throws IOException {
    ObjectHeaderReader header = new ObjectHeaderReader(input, address);
    ByteBuffer space = header.require(Messages.DATASPACE, "dataspace of " + name);
    DataSpace dataspace = DataSpace.readDataSpace(space, input.getSuperblock());
    long[] dims = dataspace.getDimensionsAsLong();
    requireSamples(name, address, dims);
    int elementBytes = elementBytes(name, header);
    long recordBytes = bytes(name, address, dims, 1, elementBytes);
    long datasetBytes = bytes(name, address, dims, 0, elementBytes);
    List<FilterInfo> filters = filters(name, header);
    DataLayoutMessage layout = layout(name, header);
    if (layout instanceof ContiguousDataLayoutMessage contiguous) {
      long offset = contiguous(name, address, contiguous, datasetBytes);
      return new StoredDataset(name, elementBytes, recordBytes, offset, null);
    }
    if (layout instanceof CompactDataLayoutMessage) {
      throw input.unsupported(address, "%s is in its object header".formatted(name));
    }
    StoredDataset.Chunks chunks =
        chunks(name, address, layout, dims, dataspace.getMaxSizes(), elementBytes, filters);
    return new StoredDataset(name, elementBytes, recordBytes, UNDEFINED, chunks);
  }

  private void requireSamples(String name, long address, long[] dims) throws IOException {
    if (dims.length == 0) {
      throw input.broken(address, "%s has no axes, expected samples first".formatted(name));
    }
    for (long dim : dims) {
      if (dim < 0) {
        throw input.broken(address, "%s of %s".formatted(name, Arrays.toString(dims)));
      }
    }
    if (dims[0] != spec.samplesPerFile()) {
      throw input.broken(
          address,
          "%s has %d samples, expected %d".formatted(name, dims[0], spec.samplesPerFile()));
    }
  }

  private int elementBytes(String name, ObjectHeaderReader header) throws IOException {
    DataType type = DataType.readDataType(header.require(Messages.DATATYPE, "datatype of " + name));
    if (!(type instanceof FixedPoint) && !(type instanceof FloatingPoint)) {
      throw input.unsupported(
          header.address(),
          "%s has elements of class %d; integers and floating-point numbers are read"
              .formatted(name, type.getDataClass()));
    }
    int expected = spec.elementType().bytes();
    if (type.getSize() != expected) {
      throw input.broken(
          header.address(),
          "%s has elements of %d bytes, expected %s with %d"
              .formatted(name, type.getSize(), spec.elementType().yamlName(), expected));
    }
    return type.getSize();
  }

  private long bytes(String name, long address, long[] dims, int firstAxis, int elementBytes)
      throws IOException {
    try {
      long bytes = elementBytes;
      for (int axis = firstAxis; axis < dims.length; axis++) {
        bytes = Math.multiplyExact(bytes, dims[axis]);
      }
      return bytes;
    } catch (ArithmeticException e) {
      throw input.broken(address, "%s of %s".formatted(name, Arrays.toString(dims)));
    }
  }

  private List<FilterInfo> filters(String name, ObjectHeaderReader header) throws IOException {
    Optional<ByteBuffer> body = header.find(Messages.FILTER_PIPELINE);
    if (body.isEmpty()) {
      return List.of();
    }
    List<FilterInfo> filters =
        List.copyOf(new FilterPipelineMessage(body.get(), new BitSet()).getFilters());
    for (FilterInfo filter : filters) {
      if (!Filters.known(filter.getId())) {
        throw input.unsupported(
            header.address(),
            "%s has filter %d (%s); deflate, shuffle, Fletcher-32 and LZF are read"
                .formatted(name, filter.getId(), filter.getName()));
      }
    }
    return filters;
  }

  private DataLayoutMessage layout(String name, ObjectHeaderReader header) throws IOException {
    ByteBuffer body = header.require(Messages.DATA_LAYOUT, "data layout of " + name);
    if (body.limit() > 1 && body.get(0) == NEWEST_LAYOUT && body.get(1) == CHUNKED) {
      ByteBuffer known = ByteBuffer.allocate(body.limit()).order(body.order());
      body = known.put(body).flip().put(0, (byte) KNOWN_LAYOUT);
    }
    return DataLayoutMessage.createDataLayoutMessage(body, input.getSuperblock(), new BitSet());
  }

  private long contiguous(
      String name, long address, ContiguousDataLayoutMessage layout, long datasetBytes)
      throws IOException {
    if (layout.getAddress() == UNDEFINED) {
      return UNDEFINED;
    }
    boolean sized = layout.getSize() >= 0;
    if (layout.getAddress() < 0
        || layout.getAddress() > Long.MAX_VALUE - input.offset(0) - datasetBytes
        || (sized && layout.getSize() < datasetBytes)) {
      throw input.broken(
          address,
          "%s has %d bytes at address %d, expected %d"
              .formatted(name, layout.getSize(), layout.getAddress(), datasetBytes));
    }
    return input.offset(layout.getAddress());
  }

  private StoredDataset.Chunks chunks(
      String name,
      long address,
      DataLayoutMessage layout,
      long[] dims,
      long[] maxDims,
      int elementBytes,
      List<FilterInfo> filters)
      throws IOException {
    int[] chunkDims =
        layout instanceof ChunkedDataLayoutMessageV4 newer
            ? Arrays.copyOf(newer.getChunkDimensions(), newer.getChunkDimensions().length - 1)
            : ((ChunkedDataLayoutMessage) layout).getChunkDimensions();
    int chunkBytes = chunkBytes(name, address, dims, chunkDims, elementBytes);
    ChunkGrid grid = new ChunkGrid(dims, chunkDims);
    if (grid.chunks() > Limits.CHUNKS) {
      throw input.unsupported(
          address,
          "%s has %d chunks; at most %d are read".formatted(name, grid.chunks(), Limits.CHUNKS));
    }
    // One deflate filter alone is read piece by piece; anything else has a chunk in memory.
    boolean whole =
        filters.size() > 1
            || filters.stream().anyMatch(filter -> filter.getId() != Filters.DEFLATE);
    if (whole && chunkBytes > Limits.BUFFERED_CHUNK_BYTES) {
      throw input.unsupported(
          address,
          "%s has filtered chunks of %d bytes; at most %d are read"
              .formatted(name, chunkBytes, Limits.BUFFERED_CHUNK_BYTES));
    }
    ChunkIndexes indexes = new ChunkIndexes(input, dims, maxDims, chunkDims, chunkBytes, grid);
    ChunkTable table =
        layout instanceof ChunkedDataLayoutMessageV4 newer
            ? indexes.read(newer)
            : indexes.read((ChunkedDataLayoutMessage) layout);
    return new StoredDataset.Chunks(grid, chunkBytes, table, filters);
  }

  private int chunkBytes(String name, long address, long[] dims, int[] chunkDims, int elementBytes)
      throws IOException {
    long bytes = elementBytes;
    boolean sound = chunkDims.length == dims.length;
    for (int dim : chunkDims) {
      sound = sound && dim > 0;
      bytes = sound ? Math.multiplyExact(bytes, dim) : bytes;
    }
    if (!sound) {
      throw input.broken(
          address,
          "%s of %s has chunks of %s"
              .formatted(name, Arrays.toString(dims), Arrays.toString(chunkDims)));
    }
    if (bytes > Integer.MAX_VALUE) {
      throw input.unsupported(address, "%s has chunks of %d bytes".formatted(name, bytes));
    }
    return (int) bytes;
  }
}
