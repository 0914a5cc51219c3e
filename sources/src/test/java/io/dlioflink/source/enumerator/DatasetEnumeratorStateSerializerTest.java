/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.source.enumerator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.HexFormat;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DatasetEnumeratorStateSerializerTest {
  /** As written by version 1; must stay readable. */
  private static final String VERSION_1 = "00000000" + "00000002" + "00000100";

  private static final DatasetEnumeratorState STATE = new DatasetEnumeratorState(Set.of(2, 0, 256));

  private final DatasetEnumeratorStateSerializer serializer =
      new DatasetEnumeratorStateSerializer();

  @Test
  void bytesOfVersionOneAreRead() throws IOException {
    assertThat(serializer.deserialize(1, HexFormat.of().parseHex(VERSION_1))).isEqualTo(STATE);
  }

  @Test
  void bytesOfVersionOneAreWritten() {
    assertThat(serializer.getVersion()).isEqualTo(1);
    assertThat(HexFormat.of().formatHex(serializer.serialize(STATE))).isEqualTo(VERSION_1);
  }

  @Test
  void nothingUnassignedIsNoBytes() throws IOException {
    DatasetEnumeratorState none = new DatasetEnumeratorState(Set.of());

    assertThat(serializer.deserialize(1, serializer.serialize(none))).isEqualTo(none);
  }

  @Test
  void anUnknownVersionIsRefused() {
    assertThatThrownBy(() -> serializer.deserialize(2, new byte[4]))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "Enumerator state of version 2 with 4 bytes; known: version 1, a multiple of 4 bytes");
  }

  @Test
  void shortBytesAreRefused() {
    assertThatThrownBy(() -> serializer.deserialize(1, new byte[7]))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "Enumerator state of version 1 with 7 bytes; known: version 1, a multiple of 4 bytes");
  }
}
