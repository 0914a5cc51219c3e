/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.s3;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class ObjectChecksumTest {
  private static final byte[] DIGITS = "123456789".getBytes(US_ASCII);

  @Test
  void computesTheCheckValuesOfTheCatalogue() {
    Crc64Nvme crc = new Crc64Nvme();
    crc.update(DIGITS);

    // https://reveng.sourceforge.io/crc-catalogue/all.htm
    assertThat(crc.getValue()).isEqualTo(0xae8b14860a799888L);
    assertThat(ObjectChecksum.CRC32.of(List.of(ByteBuffer.wrap(DIGITS)))).isEqualTo("y/Q5Jg==");
    assertThat(ObjectChecksum.CRC32C.of(List.of(ByteBuffer.wrap(DIGITS)))).isEqualTo("4waSgw==");
    assertThat(ObjectChecksum.CRC64NVME.of(List.of(ByteBuffer.wrap(DIGITS))))
        .isEqualTo("rosUhgp5mIg=");
  }

  @Test
  void takesPiecesOfAnyLength() {
    Random random = new Random(3);
    byte[] content = new byte[10_000];
    random.nextBytes(content);
    Crc64Nvme bytewise = new Crc64Nvme();
    for (byte b : content) {
      bytewise.update(b);
    }
    for (int round = 0; round < 20; round++) {
      Crc64Nvme pieces = new Crc64Nvme();
      for (int at = 0; at < content.length; ) {
        int length = Math.min(content.length - at, random.nextInt(40));
        pieces.update(content, at, length);
        at += length;
      }
      assertThat(pieces.getValue()).isEqualTo(bytewise.getValue());
    }
  }
}
