/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.csv;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import io.dlioflink.format.Encoding;
import io.dlioflink.workload.Compression;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.LocalDateTime;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZInputStream;
import org.tukaani.xz.XZOutputStream;

/** The compressions that pandas knows for CSV, as streams. Nothing in them depends on the clock. */
final class CompressedText {
  /** What pandas calls the member of an archive depends on the file; here it does not. */
  private static final String ZIP_MEMBER = "samples.csv";

  /** The earliest time a zip archive can state. */
  private static final LocalDateTime ZIP_TIME = LocalDateTime.of(1980, 1, 1, 0, 0);

  /** Of LZMA2 when writing, which takes ten times as much memory; digits gain nothing by more. */
  private static final int XZ_DICTIONARY_BYTES = 4 << 20;

  /** What reading xz may take: enough for all presets of the xz tool. */
  private static final int XZ_MEMORY_KIB = 128 << 10;

  private static final int MAX_BZIP2_BLOCK = 9;

  private CompressedText() {}

  /** A stream that compresses; closing it ends the compressed data and closes the target. */
  static OutputStream writing(Encoding encoding, OutputStream target) throws IOException {
    int level = encoding.compressionLevel();
    return switch (encoding.compression()) {
      case GZIP -> new LeveledGzip(target, level);
      case ZIP -> zip(target, level);
      case BZ2 ->
          new BZip2CompressorOutputStream(target, Math.max(1, Math.min(level, MAX_BZIP2_BLOCK)));
      case XZ -> xz(target, level);
      case ZSTD -> new ZstdOutputStreamNoFinalizer(target, level).setChecksum(true);
      default -> target;
    };
  }

  private static OutputStream zip(OutputStream target, int level) throws IOException {
    ZipOutputStream zip = new ZipOutputStream(target);
    zip.setLevel(level);
    ZipEntry member = new ZipEntry(ZIP_MEMBER);
    member.setTimeLocal(ZIP_TIME);
    zip.putNextEntry(member);
    return zip;
  }

  private static OutputStream xz(OutputStream target, int level) throws IOException {
    LZMA2Options options = new LZMA2Options(level);
    options.setDictSize(Math.min(options.getDictSize(), XZ_DICTIONARY_BYTES));
    return new XZOutputStream(target, options);
  }

  /** Tells by its first bytes how a file is compressed. */
  static Compression of(byte[] start, int length) {
    if (startsWith(start, length, 0x1f, 0x8b)) {
      return Compression.GZIP;
    }
    if (startsWith(start, length, 'B', 'Z', 'h')) {
      return Compression.BZ2;
    }
    if (startsWith(start, length, 'P', 'K', 3, 4)) {
      return Compression.ZIP;
    }
    if (startsWith(start, length, 0xfd, '7', 'z', 'X', 'Z', 0)) {
      return Compression.XZ;
    }
    if (startsWith(start, length, 0x28, 0xb5, 0x2f, 0xfd)) {
      return Compression.ZSTD;
    }
    return Compression.NONE;
  }

  private static boolean startsWith(byte[] start, int length, int... magic) {
    if (length < magic.length) {
      return false;
    }
    for (int i = 0; i < magic.length; i++) {
      if (start[i] != (byte) magic[i]) {
        return false;
      }
    }
    return true;
  }

  /** A stream that decompresses; all but zip read their source to its end. */
  static InputStream reading(Compression compression, InputStream source) throws IOException {
    return switch (compression) {
      case GZIP ->
          GzipCompressorInputStream.builder()
              .setInputStream(source)
              .setDecompressConcatenated(true)
              .get();
      case BZ2 -> new BZip2CompressorInputStream(source, true);
      case ZIP -> new ZipInputStream(source);
      case XZ -> new XZInputStream(source, XZ_MEMORY_KIB);
      case ZSTD -> new ZstdInputStreamNoFinalizer(source);
      default -> source;
    };
  }

  /** The JDK's gzip with a level. */
  private static final class LeveledGzip extends GZIPOutputStream {
    LeveledGzip(OutputStream target, int level) throws IOException {
      super(target);
      def.setLevel(level);
    }
  }
}
