/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.csv;

import io.dlioflink.format.FileOutput;
import io.dlioflink.format.FileSpec;
import io.dlioflink.format.FileTarget;
import io.dlioflink.format.SampleContent;
import io.dlioflink.format.SampleFileEncoder;
import io.dlioflink.workload.ElementType;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Writes CSV files, a piece of content at a time. */
final class CsvEncoder implements SampleFileEncoder {
  private static final int BUFFER_BYTES = 1 << 20;

  /** Whole elements of any type; small, as text of up to thirty times the size follows. */
  private static final int PIECE_BYTES = 4096;

  private final FileOutput output = new FileOutput(BUFFER_BYTES);
  private final ByteBuffer piece = ByteBuffer.allocate(PIECE_BYTES).order(ByteOrder.LITTLE_ENDIAN);

  /** Of the type of the file before; null before the first. */
  private ElementText elements;

  private ElementType elementType;
  private byte[] text;

  @Override
  public void encode(FileSpec file, SampleContent content, FileTarget target) throws IOException {
    prepare(file.elementType());
    output.open(target.data());
    OutputStream compressed = CompressedText.writing(file.encoding(), new FileOutputStream(output));
    try {
      for (int sample = 0; sample < file.samples(); sample++) {
        writeRow(file, sample, content, compressed);
      }
    } catch (IOException | RuntimeException e) {
      abandon(compressed, e);
      throw e;
    }
    compressed.close();
    output.flush();
  }

  /** Frees what a codec holds. Some throw again what ended them, the same object. */
  private static void abandon(OutputStream codec, Exception failure) {
    try {
      codec.close();
    } catch (IOException e) {
      if (e != failure) {
        failure.addSuppressed(e);
      }
    }
  }

  private void prepare(ElementType type) {
    if (type != elementType) {
      elements = ElementText.of(type);
      elementType = type;
      text = new byte[(PIECE_BYTES / type.bytes() + 1) * ElementText.MAX_BYTES];
    }
  }

  private void writeRow(FileSpec file, int sample, SampleContent content, OutputStream to)
      throws IOException {
    long bytes = file.sampleBytes();
    for (long done = 0; done < bytes; done += piece.limit()) {
      piece.clear().limit((int) Math.min(PIECE_BYTES, bytes - done));
      content.fill(file, sample, done, piece);
      int length = elements.append(piece.flip(), text, 0);
      if (done + piece.limit() == bytes) {
        text[length - 1] = '\n';
      }
      to.write(text, 0, length);
    }
  }

  @Override
  public void close() {
    // Nothing but memory is held.
  }

  /** A {@link FileOutput} as codecs want it; closing it leaves the file open. */
  private static final class FileOutputStream extends OutputStream {
    private final FileOutput output;

    FileOutputStream(FileOutput output) {
      this.output = output;
    }

    @Override
    public void write(int value) throws IOException {
      output.window().put((byte) value);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      int done = 0;
      while (done < length) {
        ByteBuffer room = output.window();
        int part = Math.min(length - done, room.remaining());
        room.put(bytes, offset + done, part);
        done += part;
      }
    }
  }
}
