/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.indexed;

import io.dlioflink.format.FileSpec;
import io.dlioflink.format.FormatContract;
import io.dlioflink.format.SampleFormat;
import java.util.Map;

class IndexedBinaryFormatTest extends FormatContract {

  @Override
  protected SampleFormat format() {
    return new IndexedBinaryFormat();
  }

  @Override
  protected Map<String, String> goldenHashes() {
    return Map.of(
        "uint8 7 x1", "029e9575c6643bd0",
        "int64 3x4x5 x1", "20712321d8bacbb6",
        "float16 5x3 x5", "1136cdd4e8be6b91",
        "float32 5x3 x2", "10d4e1b7efa3cbe9",
        "float64 7 x1", "f806e7b3b0ba95b9");
  }

  /** The format has no checksum. */
  @Override
  protected Guard guard(FileSpec file, byte[] bytes, int offset) {
    return Guard.MAY_PASS;
  }

  @Override
  protected boolean looksAtTheEnd() {
    return false;
  }
}
