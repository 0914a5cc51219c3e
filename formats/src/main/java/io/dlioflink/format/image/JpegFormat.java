/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.image;

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
 * One greyscale JPEG image per file, of quality 75 as Pillow writes it by default. Each sample of a
 * file is that image; its content is that of sample 0, a byte per pixel whatever the element type.
 *
 * <p>Sources: DLIO {@code data_generator/jpeg_generator.py}, {@code reader/image_reader.py}; ITU-T
 * T.81; ITU-T T.871.
 */
public final class JpegFormat implements SampleFormat {

  @Override
  public FileFormat format() {
    return FileFormat.JPEG;
  }

  @Override
  public Set<Compression> compressions() {
    return Set.of();
  }

  @Override
  public SampleFileEncoder newEncoder() {
    return new JpegEncoder();
  }

  @Override
  public SampleFileDecoder newDecoder(ReadSpec spec) {
    return new JpegDecoder(spec);
  }

  /** Not known before: what a block takes depends on its content. */
  @Override
  public OptionalLong fileLengthBytes(FileSpec file) {
    return OptionalLong.empty();
  }

  @Override
  public long sampleBytes(FileSpec file) {
    return GreyImage.of(file).pixels();
  }
}
