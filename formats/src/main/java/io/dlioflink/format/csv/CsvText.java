/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.csv;

import io.dlioflink.format.BrokenFileException;
import io.dlioflink.format.FileInput;
import io.dlioflink.format.UnsupportedFileException;
import io.dlioflink.storage.StorageException;
import io.dlioflink.workload.Compression;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.zip.ZipInputStream;
import org.tukaani.xz.MemoryLimitException;
import org.tukaani.xz.UnsupportedOptionsException;

/** The text of one file after the other, decompressed if need be, piece by piece. */
final class CsvText {
  /** Stays in the processor's cache between decompressing and parsing. */
  static final int PIECE_BYTES = 1 << 16;

  private static final int MAGIC_BYTES = 6;

  /** Where the text of the last call of {@link #next} stands, from index 0. */
  final byte[] piece = new byte[PIECE_BYTES];

  private FileInput input;
  private Compression compression;

  /** Null while the file is not compressed. */
  private InputStream codec;

  private StoredBytes stored;

  /** Starts at the input's position. */
  void open(FileInput from) throws IOException {
    input = from;
    stored = new StoredBytes(from);
    compression = detect();
    if (compression != Compression.NONE) {
      codec = call(() -> CompressedText.reading(compression, stored));
      if (codec instanceof ZipInputStream zip && call(zip::getNextEntry) == null) {
        throw broken("the archive has no member");
      }
    }
  }

  private Compression detect() throws IOException {
    ByteBuffer window = input.window();
    while (window.remaining() < MAGIC_BYTES && input.fill()) {
      window = input.window();
    }
    int length = Math.min(window.remaining(), MAGIC_BYTES);
    window.get(window.position(), piece, 0, length);
    return CompressedText.of(piece, length);
  }

  /** Whether the file is compressed, so that places in it are not places in the text. */
  boolean compressed() {
    return codec != null;
  }

  /**
   * Puts the next text into {@link #piece}.
   *
   * @return its length; -1 at the end
   */
  int next() throws IOException {
    if (codec == null) {
      return stored.read(piece, 0, piece.length);
    }
    int length = call(() -> codec.read(piece, 0, piece.length));
    if (length < 0 && codec instanceof ZipInputStream zip) {
      requireEnd(zip);
    }
    return length;
  }

  private void requireEnd(ZipInputStream zip) throws IOException {
    if (call(zip::getNextEntry) != null) {
      throw new UnsupportedFileException(
          input.location(), input.position(), "the zip archive has more than one member");
    }
    stored.drain();
    if (!stored.endsWithZipDirectory()) {
      throw broken("the file ends with no end of a central directory");
    }
  }

  /** Ends the file, wherever it stands. */
  void close() throws IOException {
    if (codec != null) {
      InputStream closing = codec;
      codec = null;
      closing.close();
    }
  }

  @FunctionalInterface
  private interface CodecCall<T> {
    T run() throws IOException;
  }

  /** Calls a codec; what it says of its data becomes an error of ours. */
  private <T> T call(CodecCall<T> codecCall) throws IOException {
    try {
      return codecCall.run();
    } catch (StorageException e) {
      throw e;
    } catch (MemoryLimitException | UnsupportedOptionsException e) {
      throw new UnsupportedFileException(input.location(), input.position(), problem(e));
    } catch (IOException | RuntimeException e) {
      // Commons Compress meets some broken data with exceptions of its arrays.
      BrokenFileException broken = broken(e.getMessage());
      broken.initCause(e);
      throw broken;
    }
  }

  private BrokenFileException broken(String what) {
    return new BrokenFileException(input.location(), input.position(), problem(what));
  }

  private String problem(Exception e) {
    return problem(e.getMessage());
  }

  private String problem(String what) {
    return "%s data: %s".formatted(compression.yamlName(), what);
  }
}
