/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dlioflink.workload.TensorType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TensorContentTest {
  private static final int BYTES = 1 << 16;

  private static ByteBuffer bytes(
      boolean random, TensorType type, long key, long offset, int length) {
    TensorContent content = new TensorContent(random);
    content.select(type, key);
    ByteBuffer target = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    content.fill(offset, target);
    return target.flip();
  }

  @ParameterizedTest
  @EnumSource(TensorType.class)
  void anyStretchIsTheSameAsInTheWhole(TensorType type) {
    for (boolean random : new boolean[] {true, false}) {
      ByteBuffer whole = bytes(random, type, 7, 0, BYTES);
      int offset = 4096 - 3 * type.bytes();
      int length = 8192 + 5 * type.bytes();

      assertThat(bytes(random, type, 7, offset, length)).isEqualTo(whole.slice(offset, length));
    }
  }

  @Test
  void keysAndPlacesTellTensorsApart() {
    assertThat(TensorContent.key(1, 2, 3)).isNotEqualTo(TensorContent.key(1, 3, 2));
    assertThat(TensorContent.key(1, 0)).isNotEqualTo(TensorContent.key(1, 0, 0));
    assertThat(bytes(true, TensorType.INT8, TensorContent.key(1, 2), 0, 4096))
        .isNotEqualTo(bytes(true, TensorType.INT8, TensorContent.key(1, 3), 0, 4096));
  }

  @Test
  void floatingPointNumbersAreUniformBetweenZeroAndOne() {
    ByteBuffer brain = bytes(true, TensorType.BF16, 5, 0, BYTES);
    double sum = 0;
    for (int i = 0; i < BYTES / 2; i++) {
      float value = Float.intBitsToFloat(brain.getShort(2 * i) << 16);
      assertThat(value).isBetween(0f, 1f);
      sum += value;
    }
    assertThat(sum / (BYTES / 2)).isCloseTo(0.5, within(0.01));

    ByteBuffer doubles = bytes(true, TensorType.FP64, 5, 0, BYTES);
    for (int i = 0; i < BYTES / 8; i++) {
      assertThat(doubles.getDouble(8 * i)).isGreaterThanOrEqualTo(0).isLessThan(1);
    }
  }

  @Test
  void onesAreOnesOfTheType() {
    assertThat(bytes(false, TensorType.FP32, 0, 4, 12).getFloat(4)).isEqualTo(1f);
    assertThat(bytes(false, TensorType.FP64, 0, 8, 16).getDouble(8)).isEqualTo(1d);
    assertThat(Float.intBitsToFloat(bytes(false, TensorType.BF16, 0, 2, 6).getShort(2) << 16))
        .isEqualTo(1f);
    assertThat(bytes(false, TensorType.FP16, 0, 2, 6).getShort(4)).isEqualTo((short) 0x3c00);
    assertThat(bytes(false, TensorType.INT8, 0, 1, 3).get(1)).isEqualTo((byte) 1);
  }
}
