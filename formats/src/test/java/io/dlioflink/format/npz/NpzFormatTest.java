/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.npz;

import io.dlioflink.format.FileSpec;
import io.dlioflink.format.FormatContract;
import io.dlioflink.format.SampleFormat;
import io.dlioflink.workload.Compression;
import java.util.Map;

class NpzFormatTest extends FormatContract {

  @Override
  protected SampleFormat format() {
    return new NpzFormat();
  }

  @Override
  protected Map<String, String> goldenHashes() {
    return Map.of(
        "uint8 7 x1", "a8fabd7c8bbefc5c",
        "int64 3x4x5 x1", "36713b722fdc3099",
        "float16 5x3 x5", "089069b9983fc88f",
        "float32 5x3 x2", "3551c178ebda2e53",
        "float64 7 x1", "9d82c5e5f8b66193");
  }

  /** The CRC covers all of {@code x}; the labels behind it are not read, as in DLIO. */
  @Override
  protected Guard guard(FileSpec file, byte[] bytes, int offset) {
    long x = NpzLayout.MEMBER_HEADER_BYTES;
    boolean stored = file.compression() == Compression.NONE;
    return stored && offset >= x && offset < x + 128 + file.payloadBytes()
        ? Guard.ALWAYS_NOTICED
        : Guard.MAY_PASS;
  }
}
