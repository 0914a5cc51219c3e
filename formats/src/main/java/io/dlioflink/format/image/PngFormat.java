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
 * One greyscale PNG image per file. Each sample of a file is that image; its content is that of
 * sample 0, a byte per pixel whatever the element type.
 *
 * <p>Sources: DLIO {@code data_generator/png_generator.py}, {@code reader/image_reader.py}; W3C
 * Portable Network Graphics (PNG) Specification, Third Edition.
 */
public final class PngFormat implements SampleFormat {

  @Override
  public FileFormat format() {
    return FileFormat.PNG;
  }

  @Override
  public Set<Compression> compressions() {
    return Set.of();
  }

  @Override
  public SampleFileEncoder newEncoder() {
    return new PngEncoder();
  }

  @Override
  public SampleFileDecoder newDecoder(ReadSpec spec) {
    return new PngDecoder(spec);
  }

  @Override
  public OptionalLong fileLengthBytes(FileSpec file) {
    return OptionalLong.of(PngEncoder.lengthBytes(GreyImage.of(file)));
  }

  @Override
  public long sampleBytes(FileSpec file) {
    return GreyImage.of(file).pixels();
  }
}
