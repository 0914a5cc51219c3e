/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever is written: either a workload comes out or problems do. */
class RandomInputTest {

  private static final String FILE =
      """
      framework: pytorch
      dataset: &d {data_folder: data/x, format: npz, record_dims: [4, 5]}
      storage:
        storage_options: {region: a, secret_access_key: "b\\n"}
      reader:
        data_loader: pytorch
        sample_shuffle: off
      train:
        computation_time: {type: normal, mean: 0.5, stdev: 1e-3}
        seed: 0x1F
      copy: *d
      """;
  private static final String OVERRIDE = "++workload.train.computation_time={mean: 1, a: ['b', 2]}";
  private static final String NOISE = "\t\n :,.-+~=[]{}&*!|>'\"%@`#?\\$0xeE_\u00e9\u0000";

  @Test
  void damagedFilesNeverEndInAnythingButProblems() {
    Random random = new Random(8);
    int loaded = 0;
    for (int i = 0; i < 1000; i++) {
      loaded += Loading.errors(damaged(FILE, random)).isEmpty() ? 1 : 0;
    }
    assertThat(loaded).isBetween(1, 999);
  }

  @Test
  void damagedOverridesNeverEndInAnythingButProblems() {
    Random random = new Random(9);
    int loaded = 0;
    for (int i = 0; i < 1000; i++) {
      loaded += Loading.errors("{}", damaged(OVERRIDE, random)).isEmpty() ? 1 : 0;
    }
    assertThat(loaded).isLessThan(1000);
  }

  private static String damaged(String text, Random random) {
    StringBuilder damaged = new StringBuilder(text);
    for (int edits = 1 + random.nextInt(4); edits > 0; edits--) {
      int at = random.nextInt(damaged.length());
      char noise = NOISE.charAt(random.nextInt(NOISE.length()));
      switch (random.nextInt(3)) {
        case 0 -> damaged.setCharAt(at, noise);
        case 1 -> damaged.insert(at, noise);
        default -> damaged.deleteCharAt(at);
      }
    }
    return damaged.toString();
  }
}
