/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;

class Crc32SumTest {

  private static int crc(byte[] bytes, int from, int to) {
    CRC32 crc = new CRC32();
    crc.update(bytes, from, to - from);
    return (int) crc.getValue();
  }

  @Test
  void piecesAddUpToTheWhole() {
    byte[] bytes = new byte[100_000];
    Random random = new Random(1);
    random.nextBytes(bytes);
    for (int round = 0; round < 20; round++) {
      Crc32Sum sum = new Crc32Sum();
      int from = 0;
      while (from < bytes.length) {
        int to = Math.min(bytes.length, from + random.nextInt(20_000));
        sum.append(crc(bytes, from, to), to - from);
        from = to;
      }
      assertThat(sum.value()).isEqualTo(crc(bytes, 0, bytes.length));
    }
  }
}
