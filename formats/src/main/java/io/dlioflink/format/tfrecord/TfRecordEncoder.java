/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.tfrecord;

import io.dlioflink.format.FileOutput;
import io.dlioflink.format.FileSpec;
import io.dlioflink.format.FileTarget;
import io.dlioflink.format.SampleContent;
import io.dlioflink.format.SampleFileEncoder;
import io.dlioflink.storage.StorageWriter;
import io.dlioflink.workload.Compression;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/** Writes record files and their indexes, in one pass, in memory of constant size. */
final class TfRecordEncoder implements SampleFileEncoder {
  private static final int BUFFER_BYTES = 1 << 20;
  private static final int INDEX_BUFFER_BYTES = 1 << 16;

  /** Small enough to stay in the processor's cache between making and looking. */
  private static final int PIECE_BYTES = 1 << 16;

  private final FileOutput output = new FileOutput(BUFFER_BYTES);
  private final RecordOutput plain = new RecordOutput.Plain(output);
  private final CRC32C crc = new CRC32C();
  private final ByteBuffer footer =
      ByteBuffer.allocate(Framing.FOOTER_BYTES).order(ByteOrder.LITTLE_ENDIAN);

  /** Made for the first index, or file, that needs it. */
  private FileOutput indexOutput;

  private GzipOutput gzip;

  @Override
  public void encode(FileSpec file, SampleContent content, FileTarget target) throws IOException {
    ExampleLayout layout = ExampleLayout.of(file.sampleBytes());
    output.open(target.data());
    RecordOutput records = records(file);
    for (int sample = 0; sample < file.samples(); sample++) {
      writeRecord(records, layout, file, sample, content);
    }
    records.finish();
    writeIndex(layout, file, target);
  }

  private RecordOutput records(FileSpec file) throws IOException {
    if (file.compression() != Compression.GZIP) {
      return plain;
    }
    if (gzip == null) {
      gzip = new GzipOutput(output);
    }
    gzip.start(file.encoding().compressionLevel());
    return gzip;
  }

  private void writeRecord(
      RecordOutput records, ExampleLayout layout, FileSpec file, int sample, SampleContent content)
      throws IOException {
    byte[] head = layout.head();
    records.put(head);
    crc.reset();
    crc.update(head, Framing.HEADER_BYTES, head.length - Framing.HEADER_BYTES);
    records.generate(
        file.sampleBytes(),
        file.elementType().bytes(),
        (offset, room) -> fill(file, sample, content, offset, room));
    crc.update(layout.tail());
    records.put(layout.tail());
    records.put(footer.putInt(0, Framing.masked(crc)).array());
  }

  private void fill(
      FileSpec file, int sample, SampleContent content, long offset, ByteBuffer room) {
    int start = room.position();
    int end = room.limit();
    for (int from = start; from < end; from += PIECE_BYTES) {
      room.limit(from + Math.min(PIECE_BYTES, end - from)).position(from);
      content.fill(file, sample, offset + (from - start), room);
      crc.update(room.position(from));
    }
    room.limit(end);
  }

  /** DALI's index: offset and length of each record, one line each. */
  private void writeIndex(ExampleLayout layout, FileSpec file, FileTarget target)
      throws IOException {
    if (indexOutput == null) {
      indexOutput = new FileOutput(INDEX_BUFFER_BYTES);
    }
    try (StorageWriter index = target.openCompanion(0)) {
      indexOutput.open(index);
      for (int sample = 0; sample < file.samples(); sample++) {
        String line = sample * layout.recordBytes() + " " + layout.recordBytes() + "\n";
        indexOutput.put(line.getBytes(StandardCharsets.US_ASCII));
      }
      indexOutput.flush();
      index.commit();
    }
  }

  @Override
  public void close() {
    if (gzip != null) {
      gzip.close();
      gzip = null;
    }
  }
}
