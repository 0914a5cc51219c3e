/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.hdf5;

import io.dlioflink.format.FileSpec;
import io.dlioflink.format.FormatContract;
import io.dlioflink.format.SampleFormat;
import java.util.Map;

class Hdf5FormatTest extends FormatContract {
  private static final int SUPERBLOCK_AND_GROUP_BYTES = 48 + 131;
  private static final int HEADER_BYTES = 268;

  @Override
  protected SampleFormat format() {
    return new Hdf5Format();
  }

  /** A sample is read for itself; behind it there may be others. */
  @Override
  protected boolean looksAtTheEnd() {
    return false;
  }

  @Override
  protected Map<String, String> goldenHashes() {
    return Map.of(
        "uint8 7 x1", "16d7922deb8dbe91",
        "int64 3x4x5 x1", "d9328dcd6ac0d664",
        "float16 5x3 x5", "b02bc5ba43c843f7",
        "float32 5x3 x2", "9ad06b3bc27ba162",
        "float64 7 x1", "17ae946038804319");
  }

  /** Metadata have checksums; a sample has none of its own. */
  @Override
  protected Guard guard(FileSpec file, byte[] bytes, int offset) {
    return offset < SUPERBLOCK_AND_GROUP_BYTES + HEADER_BYTES
        ? Guard.ALWAYS_NOTICED
        : Guard.MAY_PASS;
  }
}
