/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.image;

import io.dlioflink.format.FileSpec;
import io.dlioflink.format.FormatContract;
import io.dlioflink.format.SampleFormat;
import io.dlioflink.workload.Compression;
import io.dlioflink.workload.ElementType;
import java.util.List;
import java.util.Map;

class JpegFormatTest extends FormatContract {
  private static final int COLUMNS = 1000;

  @Override
  protected SampleFormat format() {
    return new JpegFormat();
  }

  @Override
  protected List<List<Integer>> shapes() {
    return List.of(List.of(1, 1), List.of(5, 3), List.of(8, 16, 5), List.of(300, 257));
  }

  @Override
  protected boolean countsSamples() {
    return false;
  }

  @Override
  protected boolean knowsLengths() {
    return false;
  }

  @Override
  protected List<Integer> shapeOf(int sampleBytes) {
    return List.of((sampleBytes + COLUMNS - 1) / COLUMNS, Math.min(sampleBytes, COLUMNS));
  }

  @Override
  protected List<FileSpec> smallFiles() {
    return List.of(
        file(List.of(8, 16), ElementType.UINT8, 1, Compression.NONE),
        file(List.of(1, 1), ElementType.FLOAT32, 2, Compression.NONE));
  }

  @Override
  protected Map<String, String> goldenHashes() {
    return Map.of(
        "uint8 1x1 x1", "62e8bdf1a2919fe4",
        "float32 5x3 x2", "f7a5d2c8f500e151",
        "uint8 8x16x5 x5", "2c3e899da7a4145a",
        "int64 300x257 x1", "b7beab761058801f");
  }

  /** JPEG has no checksum. */
  @Override
  protected Guard guard(FileSpec file, byte[] bytes, int offset) {
    return offset < 2 || offset >= bytes.length - 2 ? Guard.ALWAYS_NOTICED : Guard.MAY_PASS;
  }
}
