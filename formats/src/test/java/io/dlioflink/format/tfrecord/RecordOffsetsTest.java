/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.tfrecord;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RecordOffsetsTest {

  @Test
  void recordsOfOneLengthTakeNoMemory() {
    RecordOffsets offsets = new RecordOffsets();
    for (int record = 1; record <= 1_000_000; record++) {
      offsets.append(record * 5000L);
    }
    assertThat(offsets.bytes()).isLessThan(100);
    assertThat(offsets.find(999_999)).isEqualTo(999_999 * 5000L);
    assertThat(offsets.find(1_000_001)).isEqualTo(RecordOffsets.UNKNOWN);
    assertThat(offsets.nearest(1_234_567)).isEqualTo(1_000_000);
  }

  @Test
  void ofRecordsOfAllLengthsABoundedNumberIsKept() {
    RecordOffsets offsets = new RecordOffsets();
    int records = 5 * RecordOffsets.MAX_OFFSETS + 3;
    for (int record = 1; record <= records; record++) {
      offsets.append(offset(record));
      assertThat(offsets.find(record)).isEqualTo(offset(record));
    }
    assertThat(offsets.bytes()).isLessThan(9L * RecordOffsets.MAX_OFFSETS);
    for (int record = 0; record <= records; record += 1777) {
      int nearest = offsets.nearest(record);
      assertThat(nearest).isBetween(record - 7, record);
      assertThat(offsets.find(nearest)).isEqualTo(offset(nearest));
    }
  }

  @Test
  void aFileThatStartsWithEqualLengthsMayGoOnWithOthers() {
    for (int equal : new int[] {1, 2, 1000, RecordOffsets.MAX_OFFSETS, 1 << 19}) {
      RecordOffsets offsets = new RecordOffsets();
      for (int record = 1; record <= equal; record++) {
        offsets.append(100L * record);
      }
      for (int record = 1; record <= 100; record++) {
        offsets.append(100L * equal + 70L * record);
      }
      for (int record = 0; record <= equal + 100; record++) {
        long expected = record <= equal ? 100L * record : 100L * equal + 70L * (record - equal);
        int nearest = offsets.nearest(record);
        if (nearest == record) {
          assertThat(offsets.find(record)).isEqualTo(expected);
        } else {
          assertThat(offsets.find(record)).isEqualTo(RecordOffsets.UNKNOWN);
          assertThat(record - nearest).isLessThan(8);
        }
      }
    }
  }

  private static long offset(int record) {
    return 1000L * record + record % 3;
  }
}
