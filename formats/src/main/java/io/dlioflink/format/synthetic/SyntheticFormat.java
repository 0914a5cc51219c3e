/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.synthetic;

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
 * Files that stand for samples without holding any: each is its own number in the dataset, in
 * decimal. Reading a sample touches no storage and gives 0 bytes, so that a run measures all but
 * I/O; DLIO reports the configured record length instead, which nobody read.
 *
 * <p>Sources: DLIO {@code data_generator/synthetic_generator.py}, {@code
 * reader/synthetic_reader.py}.
 */
public final class SyntheticFormat implements SampleFormat {

  @Override
  public FileFormat format() {
    return FileFormat.SYNTHETIC;
  }

  @Override
  public Set<Compression> compressions() {
    return Set.of();
  }

  @Override
  public SampleFileEncoder newEncoder() {
    return new SyntheticEncoder();
  }

  @Override
  public SampleFileDecoder newDecoder(ReadSpec spec) {
    return new SyntheticDecoder(spec);
  }

  @Override
  public OptionalLong fileLengthBytes(FileSpec file) {
    return OptionalLong.of(SyntheticEncoder.text(file).length);
  }

  /** Nothing: no sample is read. */
  @Override
  public long sampleBytes(FileSpec file) {
    return 0;
  }
}
