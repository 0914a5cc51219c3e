/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.npz;

import io.dlioflink.format.BrokenFileException;
import io.dlioflink.format.FileInput;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Looks at what follows the array that was read: the labels (passed over), the central directory
 * and the end record, after which the file must end. That costs next to nothing for the few hundred
 * bytes of a DLIO file, which have come with the last chunk, and finds archives that are cut.
 *
 * <p>If a member follows whose data have more than {@link #LOOK_AHEAD_BYTES}, or are stored with
 * their size behind them, the look ends there: only the array itself is known to be whole then.
 *
 * <p>Source: APPNOTE 4.3.6, 4.3.12 to 4.3.16.
 */
final class ArchiveEnd {
  static final int LOOK_AHEAD_BYTES = FileInput.MAX_REQUIRED_BYTES;

  private static final int COUNT_IN_ZIP64 = 0xffff;

  private final MemberWalk walk;
  private final String name;

  private long entries;
  private boolean entryFound;

  /**
   * A check behind a member.
   *
   * @param name of the member that was read, in ASCII
   */
  ArchiveEnd(MemberWalk walk, String name) {
    this.walk = walk;
    this.name = name;
  }

  /**
   * Checks the rest of the archive.
   *
   * @param input stands behind the member that was read
   * @param crc of that member
   */
  void check(FileInput input, int crc) throws IOException {
    while (MemberWalk.signature(input) == Zip.LOCAL_HEADER) {
      walk.header.read(input);
      boolean endUnknown = walk.header.hasDescriptor() && walk.header.method() != Zip.DEFLATED;
      if (endUnknown || !walk.skip(input, LOOK_AHEAD_BYTES)) {
        return;
      }
    }
    long directoryOffset = input.position();
    entries = 0;
    entryFound = false;
    while (MemberWalk.signature(input) == Zip.CENTRAL_HEADER) {
      readEntry(input, crc);
    }
    if (!entryFound) {
      throw new BrokenFileException(
          input.location(),
          directoryOffset,
          "zip central directory of %d entries has none for %s".formatted(entries, name));
    }
    if (MemberWalk.signature(input) == Zip.ZIP64_END) {
      readZip64End(input, directoryOffset);
    }
    readEnd(input, directoryOffset);
    input.requireEnd("the zip end record");
  }

  private void readEntry(FileInput input, int crc) throws IOException {
    long offset = input.position();
    ByteBuffer entry = input.require(Zip.CENTRAL_HEADER_BYTES, "zip central directory entry");
    int at = entry.position();
    int entryCrc = entry.getInt(at + 16);
    int nameBytes = entry.getShort(at + 28) & 0xffff;
    int restBytes = (entry.getShort(at + 30) & 0xffff) + (entry.getShort(at + 32) & 0xffff);
    entry.position(at + Zip.CENTRAL_HEADER_BYTES);
    ByteBuffer bytes = input.require(nameBytes, "zip central directory name");
    if (isName(bytes, nameBytes)) {
      entryFound = true;
      if (entryCrc != crc) {
        throw new BrokenFileException(
            input.location(),
            offset,
            "zip central directory has CRC-32 0x%08x for %s, its data have 0x%08x"
                .formatted(entryCrc, name, crc));
      }
    }
    bytes.position(bytes.position() + nameBytes);
    input.skip(restBytes, "zip central directory entry");
    entries++;
  }

  private boolean isName(ByteBuffer bytes, int length) {
    if (length != name.length()) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (bytes.get(bytes.position() + i) != name.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private void readZip64End(FileInput input, long directoryOffset) throws IOException {
    long offset = input.position();
    ByteBuffer end = input.require(Zip.ZIP64_END_BYTES, "zip64 end record");
    int at = end.position();
    long recordBytes = end.getLong(at + 4) + 12;
    long count = end.getLong(at + 32);
    long directory = end.getLong(at + 48);
    if (recordBytes < Zip.ZIP64_END_BYTES || recordBytes > LOOK_AHEAD_BYTES) {
      throw new BrokenFileException(
          input.location(), offset, "zip64 end record of %d bytes".formatted(recordBytes));
    }
    requireDirectory(input, offset, count, directory, directoryOffset);
    input.skip(recordBytes, "zip64 end record");
    int signature = MemberWalk.signature(input);
    if (signature != Zip.ZIP64_LOCATOR) {
      throw MemberWalk.unexpected(input, signature, "a zip64 end locator");
    }
    input.skip(Zip.ZIP64_LOCATOR_BYTES, "zip64 end locator");
  }

  private void readEnd(FileInput input, long directoryOffset) throws IOException {
    long offset = input.position();
    int signature = MemberWalk.signature(input);
    if (signature != Zip.END) {
      throw MemberWalk.unexpected(input, signature, "the central directory or its end");
    }
    ByteBuffer end = input.require(Zip.END_BYTES, "zip end record");
    int at = end.position();
    int count = end.getShort(at + 10) & 0xffff;
    long directory = end.getInt(at + 16) & 0xffffffffL;
    int commentBytes = end.getShort(at + 20) & 0xffff;
    end.position(at + Zip.END_BYTES);
    requireDirectory(
        input,
        offset,
        count == COUNT_IN_ZIP64 ? entries : count,
        directory == Zip.IN_ZIP64_EXTRA ? directoryOffset : directory,
        directoryOffset);
    input.skip(commentBytes, "zip comment");
  }

  private void requireDirectory(
      FileInput input, long offset, long count, long directory, long directoryOffset)
      throws BrokenFileException {
    if (count != entries || directory != directoryOffset) {
      throw new BrokenFileException(
          input.location(),
          offset,
          "zip end record says %d entries at byte %d, found %d at byte %d"
              .formatted(count, directory, entries, directoryOffset));
    }
  }
}
