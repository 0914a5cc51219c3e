/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import io.dlioflink.storage.Location;
import io.dlioflink.storage.Storage;
import io.dlioflink.storage.StorageException;
import io.dlioflink.storage.StorageReader;
import io.dlioflink.storage.StorageWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.zip.CRC32;

/** The folder of one checkpoint: its manifests and its marker. */
final class CheckpointFolder {
  private static final ObjectMapper JSON =
      new ObjectMapper().setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE);
  private static final int MAX_BYTES = 64 << 20;

  private final Storage storage;
  private final Location folder;

  CheckpointFolder(Storage storage, Location folder) {
    this.storage = storage;
    this.folder = folder;
  }

  Location location() {
    return folder;
  }

  Location file(String name) {
    return folder.child(name);
  }

  void deleteMarker() throws IOException {
    storage.delete(file(CheckpointMarker.FILE_NAME));
  }

  void write(RankManifest manifest, boolean sync) throws IOException {
    write(RankManifest.fileName(manifest.rank()), manifest, sync);
  }

  void write(CheckpointMarker marker, boolean sync) throws IOException {
    write(CheckpointMarker.FILE_NAME, marker, sync);
  }

  void write(String name, byte[] bytes, boolean sync) throws IOException {
    try (StorageWriter writer = storage.openWriter(file(name))) {
      writer.write(ByteBuffer.allocateDirect(bytes.length).put(bytes).flip());
      if (sync) {
        writer.sync();
      }
      writer.commit();
    }
  }

  private void write(String name, Object value, boolean sync) throws IOException {
    write(name, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(value), sync);
  }

  /**
   * A manifest and the CRC-32 of its text.
   *
   * @param manifest what it says
   * @param crc32 hexadecimal
   */
  record Read(RankManifest manifest, String crc32) {}

  /** The manifest of a rank, if there is one. */
  Optional<Read> manifest(int rank) throws IOException {
    String name = RankManifest.fileName(rank);
    Optional<byte[]> text = read(name);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    RankManifest manifest = parse(name, text.get(), RankManifest.class);
    requireVersion(name, manifest.formatVersion());
    return Optional.of(new Read(manifest, crc32(text.get())));
  }

  /** The marker, if there is one. */
  Optional<CheckpointMarker> marker() throws IOException {
    Optional<byte[]> text = read(CheckpointMarker.FILE_NAME);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    CheckpointMarker marker = parse(CheckpointMarker.FILE_NAME, text.get(), CheckpointMarker.class);
    requireVersion(CheckpointMarker.FILE_NAME, marker.formatVersion());
    return Optional.of(marker);
  }

  private void requireVersion(String name, int version) throws CheckpointException {
    if (version != RankManifest.FORMAT_VERSION) {
      throw new CheckpointException(
          "%s has format version %d; known is %d"
              .formatted(file(name), version, RankManifest.FORMAT_VERSION));
    }
  }

  private <T> T parse(String name, byte[] text, Class<T> kind) throws IOException {
    try {
      return JSON.readValue(text, kind);
    } catch (JsonProcessingException e) {
      throw new CheckpointException(
          "%s is damaged: %s".formatted(file(name), e.getOriginalMessage()), e);
    }
  }

  private Optional<byte[]> read(String name) throws IOException {
    try (StorageReader reader = storage.openReader(file(name))) {
      long length = reader.lengthBytes();
      if (length > MAX_BYTES) {
        throw new CheckpointException(
            "%s has %d bytes, more than the %d allowed".formatted(file(name), length, MAX_BYTES));
      }
      ByteBuffer bytes = ByteBuffer.allocateDirect((int) length);
      reader.readFully(0, bytes);
      byte[] text = new byte[(int) length];
      bytes.flip().get(text);
      return Optional.of(text);
    } catch (StorageException e) {
      if (e.reason() == StorageException.Reason.MISSING) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private static String crc32(byte[] bytes) {
    CRC32 crc = new CRC32();
    crc.update(bytes);
    return hex((int) crc.getValue());
  }

  static String hex(int value) {
    return "%08x".formatted(value);
  }

  static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
