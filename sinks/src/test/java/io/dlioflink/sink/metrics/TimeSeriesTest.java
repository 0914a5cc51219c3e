/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlioflink.sink.host.CpuTicks;
import io.dlioflink.sink.host.DeviceCounters;
import io.dlioflink.sink.host.HostCounters;
import io.dlioflink.sink.series.SeriesTable;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TimeSeriesTest {
  private static final long START = 1_700_000_000_000_000L;

  private final List<String> rows = new ArrayList<>();
  private final TimeSeries series =
      new TimeSeries((table, row) -> rows.add(table.tableName() + ": " + row));

  private static HostSample host(long second, long device, long gcMillis) {
    return new HostSample(
        "host,1",
        42,
        HostSample.Moment.INTERVAL,
        0,
        new HostCounters(
            START + second * 1_000_000,
            device,
            second * 1_500_000_000L,
            gcMillis,
            new CpuTicks(0, 0, 0, 0, 0, 0),
            List.of(
                new DeviceCounters("vda", device / 100, device, second * 20, 0, 0, 0, 500, 0))));
  }

  @Test
  void aRowHasWhatHappenedSinceTheRowBefore() {
    series.accept(new RankSample(3, START, 1, 0, 2, 200, 220, 0, 0, 0));
    series.accept(
        new RankSample(
            3, START + 1_000_000, 1, 4, 10, 1000, 1100, 200_000_000, 600_000_000, 1_000_000_000));

    assertThat(rows)
        .containsExactly(
            "ranks: 2023-11-14T22:13:21Z,1.000,1.000,3,1,4,8,800,880,0.200,0.600,60.000");
  }

  @Test
  void aHostHasRowsOfItsProcessesAndDevices() {
    series.accept(host(0, 1000, 5));
    series.accept(host(1, 3000, 25));

    assertThat(rows)
        .containsExactly(
            "workers: 2023-11-14T22:13:21Z,1.000,1.000,\"host,1\",42,1.500,2.000,2000",
            "devices:"
                + " 2023-11-14T22:13:21Z,1.000,1.000,\"host,1\",vda,20,2000,1.000,0,0,,0.000,0.000");
  }

  @Test
  void rowsHaveTheColumnsOfTheirTables() {
    assertThat(columns(SeriesTable.RANKS)).isEqualTo(12);
    assertThat(columns(SeriesTable.WORKERS)).isEqualTo(8);
    assertThat(columns(SeriesTable.DEVICES)).isEqualTo(13);
  }

  private static long columns(SeriesTable table) {
    return table.header().chars().filter(c -> c == ',').count() + 1;
  }
}
