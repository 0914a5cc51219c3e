/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.indexed;

import io.dlioflink.format.FileSpec;
import io.dlioflink.format.ReadSpec;
import io.dlioflink.format.SampleFileDecoder;
import io.dlioflink.format.SampleFileEncoder;
import io.dlioflink.format.SampleFormat;
import io.dlioflink.workload.Compression;
import io.dlioflink.workload.FileFormat;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/** What the two formats of raw samples have in common: everything but their name. */
abstract class RawSamplesFormat implements SampleFormat {
  private final FileFormat format;

  RawSamplesFormat(FileFormat format) {
    this.format = format;
  }

  @Override
  public final FileFormat format() {
    return format;
  }

  @Override
  public final Set<Compression> compressions() {
    return Set.of();
  }

  @Override
  public final SampleFileEncoder newEncoder() {
    return new IndexedEncoder();
  }

  @Override
  public final SampleFileDecoder newDecoder(ReadSpec spec) {
    return new IndexedDecoder(spec);
  }

  @Override
  public final OptionalLong fileLengthBytes(FileSpec file) {
    return OptionalLong.of(file.payloadBytes());
  }

  @Override
  public final List<String> companionPaths(String path) {
    return List.of(IndexFile.OFFSETS.path(path), IndexFile.SIZES.path(path));
  }
}
