/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.hdf5;

import io.dlioflink.format.FileOutput;
import io.dlioflink.format.FileSpec;
import io.dlioflink.format.FileTarget;
import io.dlioflink.format.SampleContent;
import io.dlioflink.format.SampleFileEncoder;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Writes HDF5 files. Metadata come first and say how large the compressed chunks are: these are
 * kept if there are few of them; else the content, being a pure function, is compressed twice.
 */
final class Hdf5Encoder implements SampleFileEncoder {
  private static final int BUFFER_BYTES = 1 << 20;

  private final FileOutput output = new FileOutput(BUFFER_BYTES);
  private final ChunkCompressor compressor = new ChunkCompressor();

  @Override
  public void encode(FileSpec file, SampleContent content, FileTarget target) throws IOException {
    output.open(target.data());
    CreationProperties properties = CreationProperties.of(file);
    FileMetadata.requireIndexable(properties);
    if (!properties.chunked()) {
      FileMetadata metadata = new FileMetadata(file, properties, StoredChunks.none());
      output.put(metadata.bytes());
      for (int dataset = 0; dataset < properties.datasets(); dataset++) {
        RecordsContent records = new RecordsContent(file, content, properties, dataset);
        output.generate(properties.datasetBytes(), properties.elementBytes(), records::fill);
      }
    } else if (!properties.filtered()) {
      StoredChunks chunks = StoredChunks.unfiltered(properties);
      output.put(new FileMetadata(file, properties, chunks).bytes());
      for (int dataset = 0; dataset < properties.datasets(); dataset++) {
        ChunkContent bytes = chunkContent(file, content, properties, dataset);
        for (int chunk = 0; chunk < chunks.chunks(); chunk++) {
          bytes.start(chunk);
          output.generate(properties.chunkBytes(), properties.elementBytes(), bytes::fill);
        }
      }
    } else {
      writeCompressed(file, content, properties);
    }
    output.generate((long) Long.BYTES * file.samples(), Long.BYTES, (at, room) -> putZeros(room));
    output.flush();
  }

  private void writeCompressed(FileSpec file, SampleContent content, CreationProperties properties)
      throws IOException {
    StoredChunks chunks = StoredChunks.filtered(properties);
    compressor.start(properties);
    KeptBytes kept = new KeptBytes();
    compressAll(file, content, properties, chunks, kept);
    output.put(new FileMetadata(file, properties, chunks).bytes());
    if (kept.complete()) {
      put(kept.bytes(), kept.length());
    } else {
      kept.drop();
      compressAll(file, content, properties, chunks, this::put);
    }
  }

  private void compressAll(
      FileSpec file,
      SampleContent content,
      CreationProperties properties,
      StoredChunks chunks,
      ChunkCompressor.Sink sink)
      throws IOException {
    for (int dataset = 0; dataset < properties.datasets(); dataset++) {
      ChunkContent bytes = chunkContent(file, content, properties, dataset);
      for (int chunk = 0; chunk < chunks.chunks(); chunk++) {
        bytes.start(chunk);
        int stored = compressor.compress(bytes, sink);
        chunks.set(dataset, chunk, stored, compressor.compressed());
      }
    }
  }

  private static ChunkContent chunkContent(
      FileSpec file, SampleContent content, CreationProperties properties, int dataset) {
    return new ChunkContent(
        new RecordsContent(file, content, properties, dataset),
        properties.grid(),
        properties.elementBytes());
  }

  private void put(byte[] bytes, int length) throws IOException {
    int done = 0;
    while (done < length) {
      ByteBuffer room = output.window();
      int piece = Math.min(length - done, room.remaining());
      room.put(bytes, done, piece);
      done += piece;
    }
  }

  private static void putZeros(ByteBuffer target) {
    while (target.hasRemaining()) {
      target.put((byte) 0);
    }
  }

  @Override
  public void close() {
    compressor.close();
  }
}
