/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.npy;

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
 * One NumPy array per file: {@code (*dims, samples)}, as {@code numpy.save} writes it. The format
 * has no compression and no checksum; DLIO ignores a compression setting, and so does this.
 *
 * <p>Sources: NumPy Enhancement Proposal 1; DLIO {@code data_generator/npy_generator.py}.
 */
public final class NpyFormat implements SampleFormat {

  @Override
  public FileFormat format() {
    return FileFormat.NPY;
  }

  @Override
  public Set<Compression> compressions() {
    return Set.of();
  }

  @Override
  public SampleFileEncoder newEncoder() {
    return new NpyEncoder();
  }

  @Override
  public SampleFileDecoder newDecoder(ReadSpec spec) {
    return new NpyDecoder(spec);
  }

  @Override
  public OptionalLong fileLengthBytes(FileSpec file) {
    return OptionalLong.of(Math.addExact(NpyHeader.ofSamples(file).length, file.payloadBytes()));
  }
}
