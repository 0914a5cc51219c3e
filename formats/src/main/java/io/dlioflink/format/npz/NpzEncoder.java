/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.npz;

import io.dlioflink.format.FileOutput;
import io.dlioflink.format.FileSpec;
import io.dlioflink.format.FileTarget;
import io.dlioflink.format.SampleContent;
import io.dlioflink.format.SampleFileEncoder;
import io.dlioflink.format.npy.NpyHeader;
import io.dlioflink.format.npy.SamplesLastArray;
import io.dlioflink.format.npz.NpzLayout.Member;
import io.dlioflink.workload.Compression;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * Writes NPZ files. The CRC of a stored member stands before its data: a file that fits the buffer
 * gets it filled in, for a larger one the content, being a pure function, is generated twice.
 */
final class NpzEncoder implements SampleFileEncoder {
  private static final int BUFFER_BYTES = 1 << 20;

  /** Small enough to stay in the processor's cache between making and looking. */
  private static final int PIECE_BYTES = 1 << 16;

  private final long zip64Limit;
  private final FileOutput output = new FileOutput(BUFFER_BYTES);
  private final ByteBuffer piece =
      ByteBuffer.allocateDirect(PIECE_BYTES).order(ByteOrder.LITTLE_ENDIAN);
  private final SamplesLastArray samples = new SamplesLastArray();
  private final CRC32 crc = new CRC32();
  private Deflater deflater;

  NpzEncoder(long zip64Limit) {
    this.zip64Limit = zip64Limit;
  }

  @Override
  public void encode(FileSpec file, SampleContent content, FileTarget target) throws IOException {
    output.open(target.data());
    Array x =
        new Array(
            NpzLayout.X,
            NpyHeader.ofSamples(file),
            file.payloadBytes(),
            file.elementType().bytes(),
            (offset, room) -> samples.fill(file, content, offset, room));
    Array y =
        new Array(
            NpzLayout.Y,
            NpzLayout.labelsHeader(file),
            (long) Long.BYTES * file.samples(),
            Long.BYTES,
            (offset, room) -> putZeros(room));
    boolean deflated = file.compression() == Compression.ZIP;
    List<Member> members = deflated ? List.of(deflate(x), deflate(y)) : List.of(store(x), store(y));
    byte[] trailer = NpzLayout.trailer(members, output.position(), zip64Limit);
    output.put(trailer);
    output.flush();
  }

  private static void putZeros(ByteBuffer target) {
    while (target.hasRemaining()) {
      target.put((byte) 0);
    }
  }

  private Member store(Array array) throws IOException {
    crc.reset();
    crc.update(array.header);
    ByteBuffer room = output.window();
    return NpzLayout.MEMBER_HEADER_BYTES + array.bytes() <= room.remaining()
        ? storeOnePass(array, room)
        : storeTwoPasses(array);
  }

  private Member storeOnePass(Array array, ByteBuffer room) {
    long offset = output.position();
    int headerAt = room.position();
    int dataAt = headerAt + NpzLayout.MEMBER_HEADER_BYTES;
    int payloadAt = dataAt + array.header.length;
    int end = payloadAt + (int) array.payloadBytes;
    int limit = room.limit();
    room.put(dataAt, array.header);
    room.limit(end).position(payloadAt);
    array.payload.fill(0, room);
    room.position(payloadAt);
    crc.update(room);
    Member member = NpzLayout.stored(array.name, offset, (int) crc.getValue(), array.bytes());
    room.put(headerAt, NpzLayout.memberHeader(member));
    room.limit(limit);
    return member;
  }

  private Member storeTwoPasses(Array array) throws IOException {
    long offset = output.position();
    for (long done = 0; done < array.payloadBytes; done += piece.limit()) {
      fillPiece(array, done);
      crc.update(piece);
    }
    Member member = NpzLayout.stored(array.name, offset, (int) crc.getValue(), array.bytes());
    output.put(NpzLayout.memberHeader(member));
    output.put(array.header);
    output.generate(array.payloadBytes, array.elementBytes, array.payload);
    return member;
  }

  private void fillPiece(Array array, long offset) {
    piece.clear().limit((int) Math.min(PIECE_BYTES, array.payloadBytes - offset));
    array.payload.fill(offset, piece);
    piece.flip();
  }

  private Member deflate(Array array) throws IOException {
    if (deflater == null) {
      deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
    }
    deflater.reset();
    crc.reset();
    long offset = output.position();
    Member unknown = new Member(array.name, offset, Zip.FLAG_DESCRIPTOR, Zip.DEFLATED, 0, 0, 0);
    output.put(NpzLayout.memberHeader(unknown));
    crc.update(array.header);
    deflater.setInput(array.header);
    drain();
    for (long done = 0; done < array.payloadBytes; done += piece.limit()) {
      fillPiece(array, done);
      crc.update(piece);
      deflater.setInput(piece.rewind());
      drain();
    }
    deflater.finish();
    drain();
    Member member =
        new Member(
            array.name,
            offset,
            Zip.FLAG_DESCRIPTOR,
            Zip.DEFLATED,
            (int) crc.getValue(),
            deflater.getBytesWritten(),
            array.bytes());
    output.put(NpzLayout.descriptor(member));
    return member;
  }

  /** Moves what the deflater has to the output. */
  private void drain() throws IOException {
    int written;
    do {
      written = deflater.deflate(output.window());
    } while (written > 0);
  }

  @Override
  public void close() {
    if (deflater != null) {
      deflater.end();
      deflater = null;
    }
  }

  /**
   * One array to be written.
   *
   * @param name of the member
   * @param header its NPY header
   * @param payloadBytes bytes of its elements
   * @param elementBytes bytes of one
   * @param payload makes the elements
   */
  @SuppressWarnings("ArrayRecordComponent")
  private record Array(
      String name,
      byte[] header,
      long payloadBytes,
      int elementBytes,
      FileOutput.Generator payload) {
    long bytes() {
      return header.length + payloadBytes;
    }
  }
}
