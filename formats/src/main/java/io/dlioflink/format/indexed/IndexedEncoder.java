/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.indexed;

import io.dlioflink.format.FileOutput;
import io.dlioflink.format.FileSpec;
import io.dlioflink.format.FileTarget;
import io.dlioflink.format.SampleContent;
import io.dlioflink.format.SampleFileEncoder;
import io.dlioflink.storage.StorageWriter;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Writes raw samples and their indexes, in memory of constant size. */
final class IndexedEncoder implements SampleFileEncoder {
  private static final int BUFFER_BYTES = 1 << 20;
  private static final int INDEX_BUFFER_BYTES = 1 << 16;

  private final FileOutput output = new FileOutput(BUFFER_BYTES);
  private final FileOutput indexOutput = new FileOutput(INDEX_BUFFER_BYTES);

  @Override
  public void encode(FileSpec file, SampleContent content, FileTarget target) throws IOException {
    output.open(target.data());
    for (int i = 0; i < file.samples(); i++) {
      int sample = i;
      output.generate(
          file.sampleBytes(),
          file.elementType().bytes(),
          (offset, room) -> content.fill(file, sample, offset, room));
    }
    output.flush();
    long sampleBytes = file.sampleBytes();
    writeIndex(target, IndexFile.OFFSETS, file.samples(), 0, sampleBytes);
    writeIndex(target, IndexFile.SIZES, file.samples(), sampleBytes, 0);
  }

  private void writeIndex(FileTarget target, IndexFile index, int entries, long first, long step)
      throws IOException {
    try (StorageWriter writer = target.openCompanion(index.companion())) {
      indexOutput.open(writer);
      indexOutput.generate(
          (long) entries * IndexFile.ENTRY_BYTES,
          IndexFile.ENTRY_BYTES,
          (offset, room) -> putEntries(first, step, offset / IndexFile.ENTRY_BYTES, room));
      indexOutput.flush();
      writer.commit();
    }
  }

  private static void putEntries(long first, long step, long entry, ByteBuffer room) {
    for (long i = entry; room.hasRemaining(); i++) {
      room.putLong(first + i * step);
    }
  }

  @Override
  public void close() {
    // Nothing but memory is held.
  }
}
