/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.npy;

import io.dlioflink.format.FileSpec;
import io.dlioflink.format.FormatContract;
import io.dlioflink.format.SampleFormat;
import java.util.Map;

class NpyFormatTest extends FormatContract {

  @Override
  protected SampleFormat format() {
    return new NpyFormat();
  }

  @Override
  protected Map<String, String> goldenHashes() {
    return Map.of(
        "uint8 7 x1", "ae5242298772dc3e",
        "int64 3x4x5 x1", "6644b7fd765c7f5f",
        "float16 5x3 x5", "df1929a3d02a2efe",
        "float32 5x3 x2", "49dd917786781083",
        "float64 7 x1", "6b837f4e939c7f52");
  }

  /** NPY has no checksum, and much of its header is spaces; only the magic must be as it is. */
  @Override
  protected Guard guard(FileSpec file, byte[] bytes, int offset) {
    return offset < 8 ? Guard.ALWAYS_NOTICED : Guard.MAY_PASS;
  }
}
