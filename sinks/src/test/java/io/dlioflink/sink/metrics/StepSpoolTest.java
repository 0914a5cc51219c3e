/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class StepSpoolTest {

  private record Key(int rank, int pass, int block) {}

  private static Set<Path> temporaryFolders() throws IOException {
    try (Stream<Path> paths = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
      return new HashSet<>(
          paths.filter(p -> p.getFileName().toString().startsWith("dlio-flink-steps")).toList());
    }
  }

  @Test
  void stepsOfManyRanksPassesAndBlocksComeBackExactly() throws IOException {
    Random random = new Random(5);
    Map<Key, List<StepBatch>> written = new LinkedHashMap<>();
    try (StepSpool spool = new StepSpool(3)) {
      for (int pass = 0; pass < 4; pass++) {
        for (int block = 1; block <= 2; block++) {
          for (int batch = 0; batch < 20; batch++) {
            for (int rank = 0; rank < 3; rank++) {
              int size = random.nextInt(300);
              StepBatch steps =
                  new StepBatch(
                      rank,
                      pass,
                      block,
                      0,
                      random.longs(size).toArray(),
                      random.longs(size).toArray(),
                      random.longs(size).toArray(),
                      new long[size]);
              spool.add(steps);
              written
                  .computeIfAbsent(new Key(rank, pass, block), key -> new ArrayList<>())
                  .add(steps);
            }
          }
        }
      }

      for (int rank = 0; rank < 3; rank++) {
        assertThat(spool.extents(rank)).hasSize(8);
        for (StepSpool.Extent extent : spool.extents(rank)) {
          List<StepBatch> batches = written.get(new Key(rank, extent.pass(), extent.block()));
          for (StepSpool.Series series : StepSpool.Series.values()) {
            List<Long> read = new ArrayList<>();
            spool.read(rank, extent, series, read::add);
            assertThat(read).isEqualTo(values(batches, series));
          }
        }
      }
    }
  }

  private static List<Long> values(List<StepBatch> batches, StepSpool.Series series) {
    List<Long> values = new ArrayList<>();
    for (StepBatch batch : batches) {
      long[] of =
          switch (series) {
            case LOAD -> batch.load();
            case PROC -> batch.proc();
            case COMPUTE -> batch.compute();
          };
      for (long value : of) {
        values.add(value);
      }
    }
    return values;
  }

  @Test
  void writingGoesOnAfterReading() throws IOException {
    try (StepSpool spool = new StepSpool(1)) {
      long[] one = {1};
      spool.add(new StepBatch(0, 0, 1, 0, one, one, one, one));
      List<Long> read = new ArrayList<>();
      spool.read(0, spool.extents(0).get(0), StepSpool.Series.LOAD, read::add);
      spool.add(new StepBatch(0, 0, 1, 1, one, one, one, one));
      spool.read(0, spool.extents(0).get(0), StepSpool.Series.LOAD, read::add);

      assertThat(read).containsExactly(1L, 1L, 1L);
    }
  }

  @Test
  void noTemporaryFileRemains() throws IOException {
    Set<Path> before = temporaryFolders();
    StepSpool spool = new StepSpool(2);
    spool.add(new StepBatch(1, 0, 1, 0, new long[9], new long[9], new long[9], new long[9]));
    Set<Path> during = temporaryFolders();
    during.removeAll(before);
    assertThat(during).hasSize(1);

    spool.close();
    spool.close();

    assertThat(temporaryFolders()).doesNotContainAnyElementsOf(during);
  }
}
