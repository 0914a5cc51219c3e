/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.npz;

import io.dlioflink.format.BrokenFileException;
import io.dlioflink.format.FileInput;
import io.dlioflink.format.ReadSpec;
import io.dlioflink.format.SampleFileDecoder;
import io.dlioflink.format.UnsupportedFileException;
import io.dlioflink.format.npy.NpyHeader;
import io.dlioflink.format.npy.NpyHeaderReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;

/**
 * Reads NPZ files front to back: all of the array {@code x} with its CRC, as DLIO does for each
 * sample, and what {@link ArchiveEnd} can see of the rest.
 */
final class NpzDecoder implements SampleFileDecoder {
  private static final byte[] X = NpzLayout.X.getBytes(StandardCharsets.US_ASCII);
  private static final int MAX_NAMES_IN_MESSAGE = 10;

  private final ReadSpec spec;
  private final MemberWalk walk = new MemberWalk();
  private final ArchiveEnd end = new ArchiveEnd(walk, NpzLayout.X);
  private final NpyHeaderReader headers = new NpyHeaderReader();
  private final CRC32 crc = new CRC32();
  private final FileInput.Piece addToCrc = crc::update;
  private final List<String> otherMembers = new ArrayList<>();

  NpzDecoder(ReadSpec spec) {
    this.spec = spec;
  }

  /** One sample cannot be read without all others. */
  @Override
  public long verify(FileInput input, int samples) throws IOException {
    return samples * decode(input, 0);
  }

  @Override
  public long decode(FileInput input, int sample) throws IOException {
    spec.requireSample(sample);
    findX(input);
    crc.reset();
    long sampleBytes =
        switch (walk.header.method()) {
          case Zip.STORED -> readStored(input);
          case Zip.DEFLATED -> readDeflated(input);
          default -> throw unsupported(input, "is compressed by method " + walk.header.method());
        };
    end.check(input, (int) crc.getValue());
    return sampleBytes;
  }

  private void findX(FileInput input) throws IOException {
    otherMembers.clear();
    while (true) {
      int signature = MemberWalk.signature(input);
      if (signature != Zip.LOCAL_HEADER) {
        throw noX(input, signature);
      }
      walk.header.read(input);
      if (walk.header.isNamed(X)) {
        return;
      }
      if (otherMembers.size() < MAX_NAMES_IN_MESSAGE) {
        otherMembers.add(walk.header.name());
      }
      walk.skip(input, Long.MAX_VALUE);
    }
  }

  private BrokenFileException noX(FileInput input, int signature) {
    boolean atEnd =
        signature == Zip.CENTRAL_HEADER || signature == Zip.END || signature == Zip.ZIP64_END;
    return atEnd
        ? new BrokenFileException(
            input.location(),
            input.position(),
            "found zip members %s, expected %s".formatted(otherMembers, NpzLayout.X))
        : MemberWalk.unexpected(input, signature, "a zip local header");
  }

  private UnsupportedFileException unsupported(FileInput input, String feature) {
    return new UnsupportedFileException(
        input.location(),
        input.position(),
        "zip member %s %s".formatted(walk.header.name(), feature));
  }

  private long readStored(FileInput input) throws IOException {
    if (walk.header.hasDescriptor()) {
      throw unsupported(input, "is stored with its size behind the data");
    }
    long offset = input.position();
    ByteBuffer bytes = input.require(NpyHeaderReader.PREFIX_BYTES, "NPY header");
    int length = headers.lengthBytes(bytes, input.location(), offset);
    bytes = input.require(length, "NPY header");
    NpyHeader header = headers.read(bytes, length, input.location(), offset);
    long sampleBytes = header.requireSamples(spec.samplesPerFile(), input.location(), offset);
    requireLength(input, offset, header, walk.header.bytes());
    input.forEachPiece(walk.header.bytes(), "zip member x.npy", addToCrc);
    long read = input.position() - offset;
    walk.requireEqual(input, (int) crc.getValue(), read, read);
    return sampleBytes;
  }

  private long readDeflated(FileInput input) throws IOException {
    boolean sizeKnown = !walk.header.hasDescriptor();
    long offset = input.position();
    Inflation inflation = walk.inflation;
    inflation.start(input, NpzLayout.X, sizeKnown ? walk.header.compressedBytes() : Long.MAX_VALUE);
    ByteBuffer piece = inflation.next();
    NpyHeader header = inflatedHeader(input, offset, piece);
    long sampleBytes = header.requireSamples(spec.samplesPerFile(), input.location(), offset);
    long expected = header.headerBytes() + header.payloadBytes();
    long read = piece.remaining();
    crc.update(piece);
    while (!inflation.finished()) {
      piece = inflation.next();
      read += piece.remaining();
      crc.update(piece);
      if (read > expected) {
        throw new BrokenFileException(
            input.location(),
            input.position(),
            "zip member %s inflates to more than the %d bytes of its array"
                .formatted(NpzLayout.X, expected));
      }
    }
    requireLength(input, offset, header, read);
    walk.requireEqual(input, (int) crc.getValue(), inflation.consumed(), read);
    return sampleBytes;
  }

  private NpyHeader inflatedHeader(FileInput input, long offset, ByteBuffer piece)
      throws IOException {
    int length =
        piece.remaining() < NpyHeaderReader.PREFIX_BYTES
            ? NpyHeaderReader.PREFIX_BYTES
            : headers.lengthBytes(piece, input.location(), offset);
    if (piece.remaining() < length) {
      throw new BrokenFileException(
          input.location(),
          offset,
          "NPY header needs %d bytes, zip member %s has %d"
              .formatted(length, NpzLayout.X, piece.remaining()));
    }
    return headers.read(piece, length, input.location(), offset);
  }

  private void requireLength(FileInput input, long offset, NpyHeader header, long found)
      throws BrokenFileException {
    // As a difference: header and payload may exceed a long.
    if (found - header.headerBytes() != header.payloadBytes()) {
      throw new BrokenFileException(
          input.location(),
          offset,
          "zip member %s has %d bytes, its NPY header announces %d and %d"
              .formatted(NpzLayout.X, found, header.headerBytes(), header.payloadBytes()));
    }
  }

  @Override
  public void close() {
    walk.close();
  }
}
