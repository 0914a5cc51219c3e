/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.hdf5;

import io.dlioflink.format.FileSpec;
import io.dlioflink.format.SampleContent;
import java.nio.ByteBuffer;

/**
 * The bytes of one dataset of records: sample {@code k} is the concatenation over the datasets of
 * their row {@code k}.
 */
final class RecordsContent {
  private final FileSpec file;
  private final SampleContent content;
  private final long recordBytes;
  private final long firstByte;

  /**
   * @param dataset number of the dataset
   */
  RecordsContent(FileSpec file, SampleContent content, CreationProperties properties, int dataset) {
    this.file = file;
    this.content = content;
    this.recordBytes = properties.recordBytes();
    this.firstByte = recordBytes * dataset;
  }

  /**
   * Fills the target with elements of the dataset in C order.
   *
   * @param offset in bytes of the dataset
   */
  void fill(long offset, ByteBuffer target) {
    int limit = target.limit();
    long at = offset;
    while (target.position() < limit) {
      long within = at % recordBytes;
      int piece = (int) Math.min(limit - target.position(), recordBytes - within);
      target.limit(target.position() + piece);
      content.fill(file, (int) (at / recordBytes), firstByte + within, target);
      at += piece;
    }
    target.limit(limit);
  }
}
