/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dlioflink.storage.Location;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SeriesFilesTest {
  @TempDir private Path folder;

  @Test
  void aFolderReadPastThePageCacheIsAFolderAllTheSame() {
    assertThatCode(() -> SeriesFiles.requireWritable(new Location("direct", "", folder.toString())))
        .doesNotThrowAnyException();
  }

  @Test
  void aStorageFlinkDoesNotKnowIsNamedWithAWayOut() {
    assertThatThrownBy(() -> SeriesFiles.requireWritable(Location.parse("s3://bucket/out")))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "Time series and access log are written by Flink, which has no file system to write"
                + " s3:// with; give a folder on a mounted file system, or install Flink's plugin"
                + " for s3");
  }

  @Test
  void onlyPartsAreTakenForParts() {
    assertThat("part-0a-1.csv").matches(SeriesFiles.PART);
    assertThat(".part-0a-1.csv.inprogress.77").matches(SeriesFiles.PART);
    assertThat("notes.csv").doesNotMatch(SeriesFiles.PART);
    assertThat("part-of-me.txt").doesNotMatch(SeriesFiles.PART);
  }
}
