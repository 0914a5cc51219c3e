/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.hdf5;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LzfTest {
  private final Random random = new Random(1);
  private final Lzf lzf = new Lzf();

  @Test
  void bytesComeBack() {
    for (int round = 0; round < 3000; round++) {
      byte[] bytes = new byte[random.nextInt(20_000)];
      int letters = 1 + random.nextInt(8);
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = (byte) random.nextInt(letters);
      }
      byte[] packed = new byte[bytes.length + bytes.length / 16 + 64];
      int length = lzf.compress(bytes, bytes.length, packed, packed.length);
      byte[] found = new byte[bytes.length];
      assertThat(Lzf.decompress(packed, length, found, found.length)).isEqualTo(bytes.length);
      assertThat(found).isEqualTo(bytes);
    }
  }

  @Test
  void noiseDoesNotFit() {
    byte[] noise = new byte[5000];
    random.nextBytes(noise);
    assertThat(lzf.compress(noise, noise.length, new byte[5000], 4999)).isEqualTo(-1);
  }

  @Test
  void garbageStaysWithinItsRoom() {
    byte[] room = new byte[300];
    for (int round = 0; round < 200_000; round++) {
      byte[] garbage = new byte[random.nextInt(40)];
      random.nextBytes(garbage);
      Arrays.fill(room, (byte) 7);
      assertThat(Lzf.decompress(garbage, garbage.length, room, 200)).isBetween(-1, 200);
      assertThat(Arrays.mismatch(room, 200, 300, new byte[] {7}, 0, 1)).isEqualTo(1);
    }
  }
}
