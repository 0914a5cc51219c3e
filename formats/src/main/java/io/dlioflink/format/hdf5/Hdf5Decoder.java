/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.hdf5;

import io.dlioflink.format.BrokenFileException;
import io.dlioflink.format.FileInput;
import io.dlioflink.format.ReadSpec;
import io.dlioflink.format.RememberedFiles;
import io.dlioflink.format.SampleFileDecoder;
import java.io.IOException;

/**
 * Reads row {@code k} of every dataset of records, and nothing else; the layouts of the files read
 * last are remembered. The labels are not read, as in DLIO.
 *
 * <p>Metadata have checksums, and so have deflated chunks and those with Fletcher-32; over other
 * elements one is computed all the same, so that every byte has been looked at.
 */
final class Hdf5Decoder implements SampleFileDecoder {
  private final ReadSpec spec;
  private final FileLayoutReader reader;
  private final ChunkDecoder chunks = new ChunkDecoder();
  private final RememberedFiles<FileLayout> layouts =
      new RememberedFiles<>(Limits.REMEMBERED_BYTES);

  Hdf5Decoder(ReadSpec spec) {
    this.spec = spec;
    this.reader = new FileLayoutReader(spec);
  }

  @Override
  public long decode(FileInput input, int sample) throws IOException {
    spec.requireSample(sample);
    return decode(input, layout(input), sample);
  }

  private long decode(FileInput input, FileLayout layout, int sample) throws IOException {
    long bytes = 0;
    chunks.startSample();
    for (StoredDataset dataset : layout.records()) {
      if (dataset.chunks() != null) {
        readChunks(input, dataset, sample);
      } else if (dataset.offset() >= 0) {
        long offset = dataset.offset() + sample * dataset.recordBytes();
        input.seek(offset, offset + dataset.recordBytes());
        chunks.passElements(input, dataset.recordBytes(), dataset.name());
      }
      bytes += dataset.recordBytes();
    }
    return bytes;
  }

  /**
   * CRC-32C of what was read of the last sample: its elements, and what is beside them in chunks.
   */
  long sampleChecksum() {
    return chunks.sampleChecksum();
  }

  @Override
  public long verify(FileInput input, int samples) throws IOException {
    layouts.forget(input.file());
    FileLayout layout = layout(input);
    long bytes = 0;
    for (int sample = 0; sample < samples; sample++) {
      bytes += decode(input, layout, sample);
    }
    long length = input.lengthBytes();
    long end = layout.endOffset();
    if (end >= 0 && length < end) {
      throw new BrokenFileException(
          input.location(),
          length,
          "the file ends here, %d bytes short of what its superblock says".formatted(end - length));
    }
    if (end >= 0 && length > end) {
      throw new BrokenFileException(
          input.location(),
          end,
          "%d bytes follow the end by the superblock, expected none".formatted(length - end));
    }
    return bytes;
  }

  private FileLayout layout(FileInput input) throws IOException {
    FileLayout known = layouts.get(input.file());
    if (known != null) {
      return known;
    }
    FileLayout read = reader.read(input);
    layouts.put(input.file(), read, read.heapBytes());
    return read;
  }

  /** Reads the chunks of a sample; those that stand together in the file, as one range. */
  private void readChunks(FileInput input, StoredDataset dataset, int sample) throws IOException {
    ChunkGrid grid = dataset.chunks().grid();
    ChunkTable table = dataset.chunks().table();
    int rows = grid.chunkDim(0);
    int first = Math.toIntExact(sample / rows * grid.chunksPerRow());
    int end = Math.toIntExact(first + grid.chunksPerRow());
    if (dataset.chunks().filters().isEmpty() && rows > 1) {
      readRows(input, dataset, first, end, sample % rows);
      return;
    }
    int chunk = first;
    while (chunk < end) {
      if (!table.has(chunk)) {
        chunk++;
        continue;
      }
      int behind = chunk + 1;
      while (behind < end
          && table.offset(behind) == table.offset(behind - 1) + table.bytes(behind - 1)) {
        behind++;
      }
      input.seek(table.offset(chunk), table.offset(behind - 1) + table.bytes(behind - 1));
      for (; chunk < behind; chunk++) {
        chunks.decode(input, dataset, chunk);
      }
    }
  }

  /** Without filters, the row of the sample is enough of each chunk. */
  private void readRows(FileInput input, StoredDataset dataset, int first, int end, int row)
      throws IOException {
    long rowBytes = dataset.chunks().bytes() / dataset.chunks().grid().chunkDim(0);
    ChunkTable table = dataset.chunks().table();
    for (int chunk = first; chunk < end; chunk++) {
      if (table.has(chunk)) {
        if (table.bytes(chunk) != dataset.chunks().bytes()) {
          throw new BrokenFileException(
              input.location(),
              table.offset(chunk),
              "%s has a chunk of %d bytes, expected %d"
                  .formatted(dataset.name(), table.bytes(chunk), dataset.chunks().bytes()));
        }
        long offset = table.offset(chunk) + row * rowBytes;
        input.seek(offset, offset + rowBytes);
        chunks.passElements(input, rowBytes, dataset.name());
      }
    }
  }

  @Override
  public void close() {
    chunks.close();
  }
}
