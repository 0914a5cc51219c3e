/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.tfrecord;

import io.dlioflink.format.FileSpec;
import io.dlioflink.format.FormatContract;
import io.dlioflink.format.SampleFormat;
import io.dlioflink.workload.Compression;
import java.util.Map;

class TfRecordFormatTest extends FormatContract {

  @Override
  protected SampleFormat format() {
    return new TfRecordFormat();
  }

  @Override
  protected Map<String, String> goldenHashes() {
    return Map.of(
        "uint8 7 x1", "5034155c3e8eb1f4",
        "int64 3x4x5 x1", "34096a1d94b3345b",
        "float16 5x3 x5", "c3feeb61779f7490",
        "float32 5x3 x2", "e5dd8131d7996c2b",
        "float64 7 x1", "3b5600ae3fc93383");
  }

  /** A reader of the first sample looks at its record only, with a CRC over all of it. */
  @Override
  protected Guard guard(FileSpec file, byte[] bytes, int offset) {
    long recordBytes = ExampleLayout.of(file.sampleBytes()).recordBytes();
    boolean plain = file.compression() == Compression.NONE;
    return plain && offset < recordBytes ? Guard.ALWAYS_NOTICED : Guard.MAY_PASS;
  }

  @Override
  protected boolean looksAtTheEnd() {
    return false;
  }
}
