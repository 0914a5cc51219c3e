/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.npz;

import io.dlioflink.format.BrokenFileException;
import io.dlioflink.format.FileInput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** Inflates one deflated member after the other through a reused buffer. */
final class Inflation {
  /** Holds the longest NPY header that is read, and stays in the processor's cache. */
  private static final int BUFFER_BYTES = 2 * FileInput.MAX_REQUIRED_BYTES;

  /** Made for the first deflated member: most datasets have none. */
  private Inflater inflater;

  private ByteBuffer buffer;

  private FileInput input;
  private String member;
  private long compressedLeft;
  private long consumed;

  /**
   * Starts at the input's position.
   *
   * @param compressedBytes length of the stream; {@link Long#MAX_VALUE} if only its end tells
   */
  void start(FileInput from, String memberName, long compressedBytes) {
    input = from;
    member = memberName;
    compressedLeft = compressedBytes;
    consumed = 0;
    if (inflater == null) {
      inflater = new Inflater(true);
      buffer = ByteBuffer.allocateDirect(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    }
    inflater.reset();
  }

  /** Whether the stream has come to its end. */
  boolean finished() {
    return inflater.finished();
  }

  /** Bytes of the deflated stream so far. */
  long consumed() {
    return consumed;
  }

  /** The next inflated bytes; the buffer is full unless the stream is finished. */
  ByteBuffer next() throws IOException {
    buffer.clear();
    while (buffer.hasRemaining() && !inflater.finished()) {
      ByteBuffer window = input.window();
      if (!window.hasRemaining() && compressedLeft > 0 && !input.fill()) {
        throw broken("the file ends within the deflated data of %s".formatted(member));
      }
      step(window);
    }
    return buffer.flip();
  }

  private void step(ByteBuffer window) throws IOException {
    int start = window.position();
    int end = window.limit();
    window.limit(start + (int) Math.min(window.remaining(), compressedLeft));
    int produced;
    try {
      inflater.setInput(window);
      produced = inflater.inflate(buffer);
    } catch (DataFormatException e) {
      throw broken("deflated data of %s: %s".formatted(member, e.getMessage()));
    } finally {
      window.limit(end);
    }
    int taken = window.position() - start;
    consumed += taken;
    compressedLeft -= taken;
    if (produced == 0 && taken == 0 && !inflater.finished()) {
      throw broken(
          compressedLeft == 0
              ? "deflated data of %s goes on after its %d bytes".formatted(member, consumed)
              : "deflated data of %s asks for a dictionary".formatted(member));
    }
  }

  private BrokenFileException broken(String problem) {
    return new BrokenFileException(input.location(), input.position(), problem);
  }

  void close() {
    if (inflater != null) {
      inflater.end();
      inflater = null;
    }
  }
}
