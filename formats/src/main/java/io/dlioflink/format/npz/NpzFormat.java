/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.npz;

import io.dlioflink.format.FileSpec;
import io.dlioflink.format.ReadSpec;
import io.dlioflink.format.SampleFileDecoder;
import io.dlioflink.format.SampleFileEncoder;
import io.dlioflink.format.SampleFormat;
import io.dlioflink.workload.Compression;
import io.dlioflink.workload.FileFormat;
import java.util.OptionalLong;
import java.util.Set;

/**
 * NumPy archives: a zip file of the arrays {@code x}, shape {@code (*dims, samples)}, and {@code
 * y}, one int64 zero per sample, as {@code numpy.savez} writes it. Compression {@code zip} deflates
 * as {@code numpy.savez_compressed}; all others, as in DLIO, are without effect.
 *
 * <p>Sources: DLIO {@code data_generator/npz_generator.py}; NumPy {@code numpy/lib/_npyio_impl.py};
 * CPython {@code zipfile}; PKWARE APPNOTE.TXT 6.3.10.
 */
public final class NpzFormat implements SampleFormat {
  /** Above this, CPython's zipfile, and so NumPy, uses zip64 in the central directory. */
  static final long NUMPY_ZIP64_LIMIT = Integer.MAX_VALUE;

  private final long zip64Limit;

  /** The format as NumPy writes it. */
  public NpzFormat() {
    this(NUMPY_ZIP64_LIMIT);
  }

  /** With another limit for zip64, to have it in small files. */
  NpzFormat(long zip64Limit) {
    this.zip64Limit = zip64Limit;
  }

  @Override
  public FileFormat format() {
    return FileFormat.NPZ;
  }

  @Override
  public Set<Compression> compressions() {
    return Set.of(Compression.ZIP);
  }

  @Override
  public SampleFileEncoder newEncoder() {
    return new NpzEncoder(zip64Limit);
  }

  @Override
  public SampleFileDecoder newDecoder(ReadSpec spec) {
    return new NpzDecoder(spec);
  }

  @Override
  public OptionalLong fileLengthBytes(FileSpec file) {
    if (file.compression() == Compression.ZIP) {
      return OptionalLong.empty();
    }
    return OptionalLong.of(NpzLayout.lengthBytes(file, zip64Limit));
  }
}
