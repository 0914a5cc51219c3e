/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.checkpoint;

import io.dlioflink.format.BrokenFileException;
import io.dlioflink.storage.Location;
import io.dlioflink.storage.StorageReader;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.zip.CRC32;

/**
 * Checks a PyTorch file of which no manifest tells: the directory at its end, then, front to back,
 * the CRC-32 of each member.
 *
 * <p>Source: PKWARE APPNOTE.TXT 6.3.10.
 */
final class ForeignArchive {
  private static final int TAIL_BYTES = 1 << 16;
  private static final int MAX_DIRECTORY_BYTES = 256 << 20;

  private final Location location;
  private final StorageReader reader;
  private final CRC32 crc = new CRC32();

  private record Entry(String name, int method, int crc, long bytes, long offset) {}

  ForeignArchive(Location location, StorageReader reader) {
    this.location = location;
    this.reader = reader;
  }

  /** Reads the whole file; returns the bytes of all members. */
  long check(ReadAhead input) throws IOException {
    List<Entry> entries = directory();
    input.open(reader);
    StoredStream stream = new StoredStream(input);
    long payload = 0;
    try {
      for (Entry entry : entries) {
        if (entry.offset < stream.position()) {
          throw broken(entry.offset, "member %s overlaps the one before".formatted(entry.name));
        }
        stream.pass(entry.offset - stream.position(), ForeignArchive::skip);
        check(entry, stream);
        payload += entry.bytes;
      }
      while (stream.window() != null) {
        stream.pass(stream.window().remaining(), ForeignArchive::skip);
      }
    } catch (EOFException e) {
      throw broken(stream.position(), e.getMessage());
    }
    return payload;
  }

  private static void skip(ByteBuffer piece) {
    piece.position(piece.limit());
  }

  private void check(Entry entry, StoredStream stream) throws IOException {
    ByteBuffer header = littleEndian(StoredZip.LOCAL_HEADER_BYTES);
    stream.pass(StoredZip.LOCAL_HEADER_BYTES, header::put);
    header.flip();
    if (header.getInt(0) != StoredZip.LOCAL_HEADER) {
      throw broken(entry.offset, "no zip member where the directory has %s".formatted(entry.name));
    }
    if (entry.method != 0) {
      throw broken(
          entry.offset,
          "member %s has compression method %d, expected 0 (stored)"
              .formatted(entry.name, entry.method));
    }
    int names = (header.getShort(26) & 0xffff) + (header.getShort(28) & 0xffff);
    stream.pass(names, ForeignArchive::skip);
    crc.reset();
    stream.pass(entry.bytes, crc::update);
    if ((int) crc.getValue() != entry.crc) {
      throw broken(
          entry.offset,
          "member %s has CRC-32 0x%08x, the directory says 0x%08x"
              .formatted(entry.name, (int) crc.getValue(), entry.crc));
    }
  }

  private List<Entry> directory() throws IOException {
    long length = reader.lengthBytes();
    long tailStart = Math.max(0, length - TAIL_BYTES);
    ByteBuffer tail = read(tailStart, (int) (length - tailStart));
    int end = lastSignature(tail, StoredZip.END);
    if (end < 0 || tail.limit() - end < StoredZip.END_BYTES) {
      throw broken(length, "no zip end record");
    }
    long offset = tail.getInt(end + 16) & 0xffffffffL;
    long bytes = tail.getInt(end + 12) & 0xffffffffL;
    int locator = end - StoredZip.ZIP64_LOCATOR_BYTES;
    if (locator >= 0 && tail.getInt(locator) == StoredZip.ZIP64_LOCATOR) {
      ByteBuffer zip64 = read(tail.getLong(locator + 8), StoredZip.ZIP64_END_BYTES);
      bytes = zip64.getLong(40);
      offset = zip64.getLong(48);
    }
    if (bytes > MAX_DIRECTORY_BYTES || offset < 0 || offset > length - bytes) {
      throw broken(
          tailStart + end, "zip directory of %d bytes at byte %d".formatted(bytes, offset));
    }
    return entries(read(offset, (int) bytes), offset);
  }

  private List<Entry> entries(ByteBuffer directory, long offset) throws BrokenFileException {
    List<Entry> entries = new ArrayList<>();
    while (directory.remaining() >= StoredZip.CENTRAL_HEADER_BYTES) {
      int at = directory.position();
      int nameBytes = directory.getShort(at + 28) & 0xffff;
      int extraBytes = directory.getShort(at + 30) & 0xffff;
      int commentBytes = directory.getShort(at + 32) & 0xffff;
      int entryBytes = StoredZip.CENTRAL_HEADER_BYTES + nameBytes + extraBytes + commentBytes;
      if (directory.getInt(at) != StoredZip.CENTRAL_HEADER || entryBytes > directory.remaining()) {
        throw broken(offset + at, "not an entry of the zip directory");
      }
      byte[] name = new byte[nameBytes];
      directory.get(at + StoredZip.CENTRAL_HEADER_BYTES, name);
      entries.add(
          entry(
              directory,
              at,
              new String(name, StandardCharsets.UTF_8),
              at + StoredZip.CENTRAL_HEADER_BYTES + nameBytes,
              extraBytes));
      directory.position(at + entryBytes);
    }
    entries.sort(Comparator.comparingLong(Entry::offset));
    return entries;
  }

  private static Entry entry(
      ByteBuffer directory, int at, String name, int extraAt, int extraBytes) {
    long bytes = directory.getInt(at + 24) & 0xffffffffL;
    boolean shortSize = (directory.getInt(at + 20) & 0xffffffffL) != StoredZip.IN_ZIP64_EXTRA;
    long offset = directory.getInt(at + 42) & 0xffffffffL;
    int field = extraAt;
    while (field + 4 <= extraAt + extraBytes) {
      int id = directory.getShort(field) & 0xffff;
      int size = directory.getShort(field + 2) & 0xffff;
      if (id == StoredZip.ZIP64_EXTRA && field + 4 + size <= extraAt + extraBytes) {
        int next = field + 4;
        int end = next + size;
        if (bytes == StoredZip.IN_ZIP64_EXTRA && next + Long.BYTES <= end) {
          bytes = directory.getLong(next);
          next += Long.BYTES;
        }
        if (!shortSize) {
          next += Long.BYTES;
        }
        if (offset == StoredZip.IN_ZIP64_EXTRA && next + Long.BYTES <= end) {
          offset = directory.getLong(next);
        }
      }
      field += 4 + size;
    }
    return new Entry(
        name, directory.getShort(at + 10) & 0xffff, directory.getInt(at + 16), bytes, offset);
  }

  private ByteBuffer read(long offset, int bytes) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
    try {
      reader.readFully(offset, buffer);
    } catch (EOFException e) {
      throw broken(offset, e.getMessage());
    }
    return buffer.flip();
  }

  private static int lastSignature(ByteBuffer bytes, int signature) {
    for (int at = bytes.limit() - Integer.BYTES; at >= 0; at--) {
      if (bytes.getInt(at) == signature) {
        return at;
      }
    }
    return -1;
  }

  private BrokenFileException broken(long offset, String problem) {
    return new BrokenFileException(location, offset, problem);
  }

  private static ByteBuffer littleEndian(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
