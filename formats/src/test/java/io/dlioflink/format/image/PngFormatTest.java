/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.image;

import io.dlioflink.format.FileSpec;
import io.dlioflink.format.FormatContract;
import io.dlioflink.format.SampleFormat;
import io.dlioflink.workload.Compression;
import io.dlioflink.workload.ElementType;
import java.util.List;
import java.util.Map;

class PngFormatTest extends FormatContract {

  @Override
  protected SampleFormat format() {
    return new PngFormat();
  }

  @Override
  protected List<List<Integer>> shapes() {
    return List.of(List.of(1, 1), List.of(5, 3), List.of(3, 4, 5), List.of(300, 257));
  }

  @Override
  protected boolean countsSamples() {
    return false;
  }

  @Override
  protected List<FileSpec> smallFiles() {
    return List.of(
        file(List.of(3, 5), ElementType.UINT8, 1, Compression.NONE),
        file(List.of(5, 1), ElementType.FLOAT32, 2, Compression.NONE));
  }

  @Override
  protected Map<String, String> goldenHashes() {
    return Map.of(
        "uint8 1x1 x1", "ce6f7e3f31e3a6e8",
        "float32 5x3 x2", "635df40721ee0f32",
        "uint8 3x4x5 x5", "e2d1cd293d9cc1f9",
        "int64 300x257 x1", "2ebbcdbaeeee99a3");
  }

  /** Every byte of a PNG file is under a CRC or fixed. */
  @Override
  protected Guard guard(FileSpec file, byte[] bytes, int offset) {
    return Guard.ALWAYS_NOTICED;
  }
}
