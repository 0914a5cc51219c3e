/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.source.enumerator;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/** Version 1: the ranks as int32, big-endian. */
public final class DatasetEnumeratorStateSerializer
    implements SimpleVersionedSerializer<DatasetEnumeratorState> {
  static final int VERSION = 1;

  @Override
  public int getVersion() {
    return VERSION;
  }

  @Override
  public byte[] serialize(DatasetEnumeratorState state) {
    ByteBuffer out = ByteBuffer.allocate(Integer.BYTES * state.unassignedRanks().size());
    state.unassignedRanks().stream().sorted().forEach(out::putInt);
    return out.array();
  }

  @Override
  public DatasetEnumeratorState deserialize(int version, byte[] serialized) throws IOException {
    if (version != VERSION || serialized.length % Integer.BYTES != 0) {
      throw new IOException(
          "Enumerator state of version %d with %d bytes; known: version %d, a multiple of 4 bytes"
              .formatted(version, serialized.length, VERSION));
    }
    Set<Integer> ranks = new HashSet<>();
    ByteBuffer in = ByteBuffer.wrap(serialized);
    while (in.hasRemaining()) {
      ranks.add(in.getInt());
    }
    return new DatasetEnumeratorState(ranks);
  }
}
