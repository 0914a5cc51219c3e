/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.source.split;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/** Version 1: pass, rank (int32), position, end (int64), big-endian. */
public final class DatasetSplitSerializer implements SimpleVersionedSerializer<DatasetSplit> {
  static final int VERSION = 1;
  static final int BYTES = 2 * Integer.BYTES + 2 * Long.BYTES;

  @Override
  public int getVersion() {
    return VERSION;
  }

  @Override
  public byte[] serialize(DatasetSplit split) {
    return ByteBuffer.allocate(BYTES)
        .putInt(split.passIndex())
        .putInt(split.rank())
        .putLong(split.position())
        .putLong(split.end())
        .array();
  }

  @Override
  public DatasetSplit deserialize(int version, byte[] serialized) throws IOException {
    if (version != VERSION || serialized.length != BYTES) {
      throw new IOException(
          "Split of version %d with %d bytes; known: version %d with %d bytes"
              .formatted(version, serialized.length, VERSION, BYTES));
    }
    ByteBuffer in = ByteBuffer.wrap(serialized);
    return new DatasetSplit(in.getInt(), in.getInt(), in.getLong(), in.getLong());
  }
}
