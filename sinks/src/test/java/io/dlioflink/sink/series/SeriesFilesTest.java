/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.series;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SeriesFilesTest {
  @Test
  void onlyPartsAreTakenForParts() {
    assertThat("part-0a-1.csv").matches(SeriesFiles.PART);
    assertThat(".part-0a-1.csv.inprogress.77").matches(SeriesFiles.PART);
    assertThat("notes.csv").doesNotMatch(SeriesFiles.PART);
    assertThat("part-of-me.txt").doesNotMatch(SeriesFiles.PART);
  }
}
