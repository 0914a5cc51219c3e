/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.checkpoint;

import io.dlioflink.format.content.TensorContent;
import io.dlioflink.workload.TensorType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;
import java.util.zip.Checksum;
import javax.annotation.Nullable;

/** Where a state is written to: makes tensors in place and keeps the CRC of all that passed. */
final class StateOutput {
  /** Small enough to stay in the processor's cache between making and looking. */
  private static final int PIECE_BYTES = 1 << 16;

  private final WriteBehind output;
  private final TensorContent content;
  private final Crc32Sum sum = new Crc32Sum();
  private final CRC32 crc = new CRC32();
  private final ByteBuffer element =
      ByteBuffer.allocateDirect(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);

  /** Starts a file on an output that is open. */
  StateOutput(WriteBehind output, TensorContent content) {
    this.output = output;
    this.content = content;
  }

  /** Offset in the file of the next byte. */
  long position() {
    return output.position();
  }

  /** CRC-32 of all bytes so far. */
  int crc32() {
    return sum.value();
  }

  void put(byte[] bytes) throws IOException {
    crc.reset();
    crc.update(bytes);
    sum.append((int) crc.getValue(), bytes.length);
    int done = 0;
    while (done < bytes.length) {
      ByteBuffer room = output.room();
      int piece = Math.min(bytes.length - done, room.remaining());
      room.put(bytes, done, piece);
      done += piece;
    }
  }

  /** Appends a tensor; returns the CRC-32 of its bytes. */
  int tensor(TensorType type, long key, long bytes) throws IOException {
    return tensor(type, key, bytes, null);
  }

  /** The same, with another checksum that is to see its bytes. */
  int tensor(TensorType type, long key, long bytes, @Nullable Checksum other) throws IOException {
    crc.reset();
    generate(type, key, bytes, other);
    int value = (int) crc.getValue();
    sum.append(value, bytes);
    return value;
  }

  private void generate(TensorType type, long key, long bytes, @Nullable Checksum other)
      throws IOException {
    content.select(type, key);
    long done = 0;
    while (done < bytes) {
      ByteBuffer room = output.room();
      int piece = (int) Math.min(Math.min(room.remaining(), PIECE_BYTES), bytes - done);
      piece -= piece % type.bytes();
      if (piece > 0) {
        fill(room, done, piece, other);
        done += piece;
      } else {
        acrossBuffers(done, type.bytes(), other);
        done += type.bytes();
      }
    }
  }

  private void fill(ByteBuffer room, long offset, int bytes, @Nullable Checksum other) {
    int end = room.limit();
    int start = room.position();
    room.limit(start + bytes);
    content.fill(offset, room);
    look(room.position(start), other);
    room.limit(end);
  }

  private void look(ByteBuffer bytes, @Nullable Checksum other) {
    if (other != null) {
      other.update(bytes.duplicate());
    }
    crc.update(bytes);
  }

  private void acrossBuffers(long offset, int bytes, @Nullable Checksum other) throws IOException {
    content.fill(offset, element.clear().limit(bytes));
    look(element.flip(), other);
    element.rewind();
    while (element.hasRemaining()) {
      output.room().put(element.get());
    }
  }
}
