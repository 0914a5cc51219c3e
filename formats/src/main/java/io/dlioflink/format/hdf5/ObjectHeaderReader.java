/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.hdf5;

import io.jhdf.checksum.ChecksumUtils;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Takes object headers of versions 1 and 2 apart; their messages are for jHDF. It can do this too,
 * but gives up on a header with a message it does not know (an external file list, a layout of HDF5
 * 2.0), and follows continuations without end.
 *
 * <p>Source: HDF5 File Format Specification 3.0, sections IV.A.1.a and IV.A.1.b.
 */
final class ObjectHeaderReader {
  private static final byte[] SIGNATURE = {'O', 'H', 'D', 'R'};
  private static final byte[] CONTINUATION_SIGNATURE = {'O', 'C', 'H', 'K'};
  private static final int CHECKSUM_BYTES = 4;
  private static final int SHARED = 0x02;
  private static final int MOST_BLOCKS = 4096;

  /**
   * One message.
   *
   * @param type number of its type
   * @param flags its flags
   * @param body little-endian
   */
  record RawMessage(int type, int flags, ByteBuffer body) {}

  /** A stretch of messages that is still to be read. */
  private record Block(long address, long length) {}

  private final MetadataInput input;
  private final long address;
  private final List<RawMessage> messages = new ArrayList<>();
  private final Deque<Block> continuations = new ArrayDeque<>();

  ObjectHeaderReader(MetadataInput input, long address) throws IOException {
    this.input = input;
    this.address = address;
    if (input.read(address, 1).get() == 1) {
      readVersion1();
    } else {
      readVersion2();
    }
  }

  /** Where the header is. */
  long address() {
    return address;
  }

  /** All messages of a type. */
  List<RawMessage> all(int type) {
    return messages.stream().filter(message -> message.type == type).toList();
  }

  /** The message of a type, if there is one. */
  Optional<ByteBuffer> find(int type) throws IOException {
    List<RawMessage> found = all(type);
    if (found.size() > 1) {
      throw input.broken(
          address, "object header with %d messages 0x%02x".formatted(found.size(), type));
    }
    if (found.isEmpty()) {
      return Optional.empty();
    }
    if ((found.get(0).flags & SHARED) != 0) {
      throw input.unsupported(address, "a shared message 0x%02x".formatted(type));
    }
    return Optional.of(found.get(0).body);
  }

  /** The message of a type, which must be there. */
  ByteBuffer require(int type, String what) throws IOException {
    return find(type)
        .orElseThrow(() -> input.broken(address, "object header without a %s".formatted(what)));
  }

  private void readVersion1() throws IOException {
    ByteBuffer prefix = input.read(address, 16);
    int count = prefix.getShort(2) & 0xffff;
    continuations.add(new Block(address + 16, prefix.getInt(8) & 0xffffffffL));
    for (int blocks = 0; !continuations.isEmpty(); blocks++) {
      requireFew(blocks);
      Block block = continuations.remove();
      ByteBuffer bytes = input.read(block.address, block.length);
      while (bytes.remaining() >= 8 && messages.size() < count) {
        int type = bytes.getShort() & 0xffff;
        int length = bytes.getShort() & 0xffff;
        int flags = bytes.get() & 0xff;
        bytes.position(bytes.position() + 3);
        add(bytes, type, length, flags);
      }
    }
  }

  private void readVersion2() throws IOException {
    ByteBuffer start = input.read(address, 6);
    requireSignature(start, SIGNATURE, address);
    int version = start.get();
    if (version != 2) {
      throw input.broken(
          address, "object header of version %d, expected 1 or 2".formatted(version));
    }
    int flags = start.get();
    int sizeBytes = 1 << (flags & 3);
    int prefixBytes = 6 + ((flags & 0x20) != 0 ? 16 : 0) + ((flags & 0x10) != 0 ? 4 : 0);
    ByteBuffer size = input.read(address + prefixBytes, sizeBytes);
    long length = 0;
    for (int i = 0; i < sizeBytes; i++) {
      length |= (size.get() & 0xffL) << (8 * i);
    }
    if (length < 0 || length > Limits.METADATA_BYTES) {
      throw input.broken(address, "object header of %d bytes".formatted(length));
    }
    boolean ordered = (flags & 0x04) != 0;
    int skipped = prefixBytes + sizeBytes;
    readChecked(new Block(address, skipped + length + CHECKSUM_BYTES), skipped, ordered);
    for (int blocks = 0; !continuations.isEmpty(); blocks++) {
      requireFew(blocks);
      Block block = continuations.remove();
      requireSignature(input.read(block.address, 4), CONTINUATION_SIGNATURE, block.address);
      readChecked(block, 4, ordered);
    }
  }

  private void readChecked(Block block, int skipped, boolean ordered) throws IOException {
    ByteBuffer bytes = input.read(block.address, block.length);
    int end = bytes.limit() - CHECKSUM_BYTES;
    if (end < skipped) {
      throw input.broken(block.address, "object header block of %d bytes".formatted(bytes.limit()));
    }
    int stored = bytes.getInt(end);
    byte[] covered = new byte[end];
    bytes.get(0, covered);
    int computed = ChecksumUtils.checksum(covered);
    if (stored != computed) {
      throw input.broken(
          block.address, "object header: checksum %08x, expected %08x".formatted(computed, stored));
    }
    bytes.limit(end).position(skipped);
    int prefixBytes = ordered ? 6 : 4;
    while (bytes.remaining() >= prefixBytes) {
      int type = bytes.get() & 0xff;
      int length = bytes.getShort() & 0xffff;
      int flags = bytes.get() & 0xff;
      if (ordered) {
        bytes.getShort();
      }
      add(bytes, type, length, flags);
    }
  }

  private void add(ByteBuffer bytes, int type, int length, int flags) throws IOException {
    if (length > bytes.remaining()) {
      throw input.broken(
          address,
          "message 0x%02x of %d bytes, %d are left of the object header"
              .formatted(type, length, bytes.remaining()));
    }
    ByteBuffer body = bytes.slice(bytes.position(), length).order(bytes.order());
    bytes.position(bytes.position() + length);
    if (type == Messages.CONTINUATION) {
      continuations.add(
          new Block(
              Numbers.unsigned(body, input.getSizeOfOffsets()),
              Numbers.unsigned(body, input.getSizeOfLengths())));
    } else {
      messages.add(new RawMessage(type, flags, body));
    }
  }

  private void requireFew(int blocks) throws IOException {
    if (blocks > MOST_BLOCKS) {
      throw input.broken(address, "object header of more than %d blocks".formatted(MOST_BLOCKS));
    }
  }

  private void requireSignature(ByteBuffer bytes, byte[] expected, long at) throws IOException {
    byte[] found = new byte[expected.length];
    bytes.get(found);
    if (!Arrays.equals(found, expected)) {
      throw input.broken(
          at,
          "found %s, expected the object header signature %s"
              .formatted(
                  java.util.HexFormat.of().formatHex(found),
                  java.util.HexFormat.of().formatHex(expected)));
    }
  }
}
