/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.source.split;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class DatasetSplitSerializerTest {
  /** As written by version 1; must stay readable. */
  private static final String VERSION_1 =
      "00000003" + "00000007" + "0000000100000002" + "7fffffffffffffff";

  private static final DatasetSplit SPLIT = new DatasetSplit(3, 7, 0x100000002L, Long.MAX_VALUE);

  private final DatasetSplitSerializer serializer = new DatasetSplitSerializer();

  @Test
  void bytesOfVersionOneAreRead() throws IOException {
    assertThat(serializer.deserialize(1, HexFormat.of().parseHex(VERSION_1))).isEqualTo(SPLIT);
  }

  @Test
  void bytesOfVersionOneAreWritten() {
    assertThat(serializer.getVersion()).isEqualTo(1);
    assertThat(HexFormat.of().formatHex(serializer.serialize(SPLIT))).isEqualTo(VERSION_1);
  }

  @Test
  void anUnknownVersionIsRefused() {
    assertThatThrownBy(() -> serializer.deserialize(2, serializer.serialize(SPLIT)))
        .isInstanceOf(IOException.class)
        .hasMessage("Split of version 2 with 24 bytes; known: version 1 with 24 bytes");
  }

  @Test
  void shortBytesAreRefused() {
    assertThatThrownBy(() -> serializer.deserialize(1, new byte[23]))
        .isInstanceOf(IOException.class)
        .hasMessage("Split of version 1 with 23 bytes; known: version 1 with 24 bytes");
  }

  @Test
  void aSplitThatEndsBeforeItBeginsIsRefused() {
    assertThatThrownBy(() -> new DatasetSplit(0, 1, 5, 4))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Not a split: pass=0 rank=1 position=5 end=4");
  }

  @Test
  void aSplitIsNamedAfterItsRankWhereverItStands() {
    assertThat(SPLIT.splitId()).isEqualTo("rank-7");
    assertThat(SPLIT.at(Long.MAX_VALUE).splitId()).isEqualTo("rank-7");
  }
}
