/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload.random;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class PhiloxRandomTest {

  @Test
  void theFirstBlockIsThatOfTheAuthorsTestVector() {
    assertThat(words(new PhiloxRandom(0, 0), 4))
        .containsExactly(0x6627e8d5L, 0xe169c58dL, 0xbc57ac4cL, 0x9b00dbd8L);
  }

  @Test
  void aPositionCanBeReachedAtOnce() {
    long[] stream = words(new PhiloxRandom(87654321, 123), 20);
    for (int from = 0; from < 20; from++) {
      assertThat(new PhiloxRandom(87654321, 123).at(from).nextWord()).isEqualTo(stream[from]);
    }
    assertThat(new PhiloxRandom(87654321, 123).at(5).at(3).nextWord()).isEqualTo(stream[3]);
  }

  private static long[] words(PhiloxRandom random, int count) {
    return LongStream.generate(random::nextWord).limit(count).toArray();
  }
}
