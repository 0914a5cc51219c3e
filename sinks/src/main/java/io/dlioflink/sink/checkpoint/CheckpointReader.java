/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.checkpoint;

import io.dlioflink.format.BrokenFileException;
import io.dlioflink.format.content.TensorContent;
import io.dlioflink.storage.Location;
import io.dlioflink.storage.Storage;
import io.dlioflink.storage.StorageReader;
import io.dlioflink.workload.CheckpointCompression;
import io.dlioflink.workload.Framework;
import io.dlioflink.workload.checkpoint.CheckpointFile;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.zip.CRC32;

/**
 * Reads the files of one rank completely through reused buffers and checks every byte: ours by the
 * CRC-32 of their manifest, files of DLIO by their own. Holds the buffers of one thread; not
 * thread-safe.
 */
final class CheckpointReader implements Closeable {
  private static final int PIECE_BYTES = 1 << 16;

  private final CheckpointSpec spec;
  private final Storage storage;
  private final StateFormat format;
  private final ReadAhead input;
  private final byte[] piece = new byte[PIECE_BYTES];
  private final CRC32 crc = new CRC32();

  CheckpointReader(CheckpointSpec spec, Storage storage, int rank) {
    this.spec = spec;
    this.storage = storage;
    this.format = spec.format();
    this.input = new ReadAhead("checkpoint-reader-" + rank);
  }

  /**
   * Looks for a complete checkpoint of ours.
   *
   * @return what its manifest says of a rank; empty if it is not ours
   * @throws CheckpointException if it is ours and incomplete, or not the one that is wanted
   */
  Optional<RankManifest> manifest(int epoch, long step, int ofRank) throws IOException {
    CheckpointFolder folder = folder(epoch, step);
    Optional<CheckpointMarker> marker = folder.marker();
    Optional<CheckpointFolder.Read> found = folder.manifest(ofRank);
    if (marker.isEmpty() && found.isEmpty()) {
      return Optional.empty();
    }
    if (marker.isEmpty() || found.isEmpty()) {
      throw new CheckpointException(
          "%s is not complete: it has no %s; whoever wrote it did not finish%s"
              .formatted(
                  folder.location(),
                  marker.isEmpty() ? CheckpointMarker.FILE_NAME : RankManifest.fileName(ofRank),
                  spec.sharingHint()));
    }
    requireWanted(folder, marker.get(), epoch, step);
    if (!found.get().crc32().equals(marker.get().manifestCrc32().get(ofRank))) {
      throw new CheckpointException(
          "%s does not fit %s: CRC-32 %s, expected %s"
              .formatted(
                  folder.file(RankManifest.fileName(ofRank)),
                  CheckpointMarker.FILE_NAME,
                  found.get().crc32(),
                  marker.get().manifestCrc32().get(ofRank)));
    }
    return Optional.of(found.get().manifest());
  }

  private void requireWanted(CheckpointFolder folder, CheckpointMarker marker, int epoch, long step)
      throws CheckpointException {
    if (marker.epoch() != epoch
        || marker.step() != step
        || marker.ranks() != spec.ranks()
        || marker.manifestCrc32().size() != spec.ranks()) {
      throw new CheckpointException(
          "%s is of epoch %d, step %d and %d ranks; expected epoch %d, step %d and %d ranks"
              .formatted(
                  folder.file(CheckpointMarker.FILE_NAME),
                  marker.epoch(),
                  marker.step(),
                  marker.ranks(),
                  epoch,
                  step,
                  spec.ranks()));
    }
  }

  private CheckpointFolder folder(int epoch, long step) {
    return new CheckpointFolder(storage, spec.location(epoch, step));
  }

  /**
   * Reads a checkpoint of ours.
   *
   * @param states that should be there
   * @throws BrokenFileException if a byte is not the one that was written
   */
  void readOurs(
      int epoch,
      long step,
      RankManifest manifest,
      List<CheckpointFile> states,
      Consumer<FileTransfer> listener)
      throws IOException {
    CheckpointFolder folder = folder(epoch, step);
    FileCodec codec = codec(manifest);
    List<Stored> expected = expected(states, codec.compression().suffix());
    List<String> names = expected.stream().map(Stored::name).toList();
    List<String> found = manifest.files().stream().map(StoredFile::name).toList();
    if (!names.equals(found)) {
      throw new CheckpointException(
          "%s lists %s; the workload has %s"
              .formatted(folder.file(RankManifest.fileName(manifest.rank())), found, names));
    }
    for (int i = 0; i < expected.size(); i++) {
      StoredFile file = manifest.files().get(i);
      long payload = expected.get(i).payloadBytes();
      if (file.payloadBytes() != payload) {
        throw new CheckpointException(
            "%s has %d bytes of tensors; the workload has %d"
                .formatted(folder.file(file.name()), file.payloadBytes(), payload));
      }
      listener.accept(readOurs(folder.file(file.name()), file, expected.get(i), codec, manifest));
    }
  }

  private static FileCodec codec(RankManifest manifest) throws CheckpointException {
    for (CheckpointCompression compression : CheckpointCompression.values()) {
      if (compression.yamlName().equals(manifest.compression())) {
        return new FileCodec(compression, 0);
      }
    }
    throw new CheckpointException(
        "Checkpoint files compressed with '%s' cannot be read".formatted(manifest.compression()));
  }

  /** A file that should be there. */
  private record Stored(CheckpointFile state, int number, String name) {
    long payloadBytes() {
      return number == 0 ? state.payloadBytes() : 0;
    }
  }

  private List<Stored> expected(List<CheckpointFile> states, String suffix) {
    List<Stored> expected = new ArrayList<>();
    for (CheckpointFile state : states) {
      List<String> names = format.fileNames(state);
      for (int number = 0; number < names.size(); number++) {
        expected.add(new Stored(state, number, names.get(number) + suffix));
      }
    }
    return expected;
  }

  private FileTransfer readOurs(
      Location location, StoredFile file, Stored expected, FileCodec codec, RankManifest manifest)
      throws IOException {
    crc.reset();
    long start = System.nanoTime();
    long rawBytes;
    try (StorageReader reader = storage.openReader(location)) {
      input.open(reader);
      StoredStream stream = new StoredStream(input);
      try {
        rawBytes =
            codec.compression() == CheckpointCompression.NONE
                ? plain(stream)
                : decoded(location, stream, codec);
        if (stream.position() != file.storedBytes() || rawBytes != file.rawBytes()) {
          throw new BrokenFileException(
              location,
              stream.position(),
              "found %d bytes holding %d, written were %d holding %d"
                  .formatted(stream.position(), rawBytes, file.storedBytes(), file.rawBytes()));
        }
        String sum = CheckpointFolder.hex((int) crc.getValue());
        if (!sum.equals(file.rawCrc32())) {
          throw locate(location, reader, expected, file, sum, codec, manifest);
        }
        input.abandon();
      } catch (Throwable e) {
        input.abandonAfter(e);
        throw e;
      }
    }
    long elapsed = System.nanoTime() - start;
    long readNanos = Math.min(elapsed, input.readNanos());
    return new FileTransfer(
        file.payloadBytes(), rawBytes, file.storedBytes(), readNanos, 0, elapsed - readNanos, true);
  }

  private long plain(StoredStream stream) throws IOException {
    while (stream.window() != null) {
      stream.pass(stream.window().remaining(), crc::update);
    }
    return stream.position();
  }

  private long decoded(Location location, StoredStream stream, FileCodec codec) throws IOException {
    long bytes = 0;
    try (InputStream decoding = codec.decompressing(stream)) {
      for (int read = decoding.read(piece); read >= 0; read = decoding.read(piece)) {
        crc.update(piece, 0, read);
        bytes += read;
      }
    } catch (IOException e) {
      if (stream.failed()) {
        throw e;
      }
      throw new BrokenFileException(
          location,
          stream.position(),
          "%s cannot decompress: %s".formatted(codec.compression().yamlName(), e.getMessage()));
    }
    return bytes;
  }

  /** Makes the content again to find the first byte that differs. */
  private IOException locate(
      Location location,
      StorageReader reader,
      Stored expected,
      StoredFile file,
      String found,
      FileCodec codec,
      RankManifest manifest)
      throws IOException {
    String problem = "CRC-32 is %s, written was %s".formatted(found, file.rawCrc32());
    if (codec.compression() != CheckpointCompression.NONE) {
      return new BrokenFileException(location, 0, problem + " (decompressed)");
    }
    input.abandon();
    ComparingWriter comparison = new ComparingWriter(reader);
    long key = Long.parseUnsignedLong(file.contentKey(), 16);
    TensorContent content = new TensorContent(manifest.content().equals("random"));
    try (WriteBehind output = new WriteBehind("checkpoint-comparison")) {
      for (int number = 0; number <= expected.number(); number++) {
        output.open(number == expected.number() ? comparison : new ComparingWriter(reader));
        format.encode(expected.state(), number, key, new StateOutput(output, content));
        output.flush();
      }
    }
    OptionalLong difference = comparison.difference();
    if (difference.isEmpty()) {
      return new BrokenFileException(
          location, 0, problem + "; read again, each byte is the one written: reading is unsound");
    }
    return new BrokenFileException(
        location,
        difference.getAsLong(),
        "%s: %s"
            .formatted(
                format.placeOf(expected.state(), expected.number(), difference.getAsLong()),
                problem));
  }

  /**
   * Reads a checkpoint of DLIO.
   *
   * @throws BrokenFileException if structure or CRC of a file is not in order
   */
  void readForeign(
      int epoch, long step, List<CheckpointFile> states, Consumer<FileTransfer> listener)
      throws IOException {
    CheckpointFolder folder = folder(epoch, step);
    for (Stored expected : expected(states, "")) {
      Location location = folder.file(expected.name());
      long start = System.nanoTime();
      long stored;
      boolean checked = spec.workload().framework() == Framework.PYTORCH;
      try (StorageReader reader = storage.openReader(location)) {
        stored = reader.lengthBytes();
        try {
          if (checked) {
            requirePayload(location, new ForeignArchive(location, reader).check(input), expected);
          } else {
            input.open(reader);
            plain(new StoredStream(input));
          }
          input.abandon();
        } catch (EOFException e) {
          BrokenFileException broken = new BrokenFileException(location, 0, e.getMessage());
          input.abandonAfter(broken);
          throw broken;
        } catch (Throwable e) {
          input.abandonAfter(e);
          throw e;
        }
      }
      long elapsed = System.nanoTime() - start;
      long readNanos = Math.min(elapsed, input.readNanos());
      listener.accept(
          new FileTransfer(
              expected.payloadBytes(), stored, stored, readNanos, 0, elapsed - readNanos, checked));
    }
  }

  private static void requirePayload(Location location, long bytes, Stored expected)
      throws BrokenFileException {
    if (bytes < expected.payloadBytes()) {
      throw new BrokenFileException(
          location,
          0,
          "its members have %d bytes, its tensors alone need %d"
              .formatted(bytes, expected.payloadBytes()));
    }
  }

  @Override
  public void close() {
    input.close();
  }
}
