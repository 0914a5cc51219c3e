/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.metrics;

import io.dlioflink.sink.host.DeviceCounters;
import io.dlioflink.sink.host.HostCounters;
import io.dlioflink.sink.series.Csv;
import io.dlioflink.sink.series.SeriesTable;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * Turns what ranks and hosts tell of themselves into rows, a row per interval each. Remembers one
 * sample of each rank and process; the first of each is where its rows begin.
 */
final class TimeSeries {
  private static final double MICROS_PER_SECOND = 1e6;

  private final BiConsumer<SeriesTable, String> rows;
  private final Map<Integer, RankSample> lastOfRank = new HashMap<>();
  private final Map<String, HostCounters> lastOfProcess = new HashMap<>();
  private final Map<String, Long> witnesses = new HashMap<>();
  private long startMicros;

  /**
   * A series without rows.
   *
   * @param rows takes a table and a row of it
   */
  TimeSeries(BiConsumer<SeriesTable, String> rows) {
    this(rows, 0);
  }

  /**
   * A series that may be one of several of a run.
   *
   * @param rows takes a table and a row of it
   * @param startMicros from which its rows count; 0 for the first that is told
   */
  TimeSeries(BiConsumer<SeriesTable, String> rows, long startMicros) {
    this.rows = rows;
    this.startMicros = startMicros;
  }

  void accept(MetricsRecord record) {
    if (record instanceof RankSample sample) {
      rank(sample);
    } else if (record instanceof HostSample sample && intervalOrFirst(sample)) {
      host(sample);
    }
  }

  private boolean intervalOrFirst(HostSample sample) {
    return sample.moment() == HostSample.Moment.INTERVAL
        || !lastOfProcess.containsKey(sample.host() + ":" + sample.process());
  }

  private void rank(RankSample now) {
    begin(now.micros());
    RankSample before = lastOfRank.put(now.rank(), now);
    if (before == null) {
      return;
    }
    rows.accept(
        SeriesTable.RANKS,
        times(before.micros(), now.micros())
            .number(now.rank())
            .number(now.epoch())
            .number(now.steps() - before.steps())
            .number(now.samples() - before.samples())
            .number(now.sampleBytes() - before.sampleBytes())
            .number(now.storageBytes() - before.storageBytes())
            .decimal((now.waitNanos() - before.waitNanos()) / 1e9)
            .decimal((now.computeNanos() - before.computeNanos()) / 1e9)
            .decimal(now.elapsedNanos() == 0 ? 0 : 100.0 * now.computeNanos() / now.elapsedNanos())
            .toString());
  }

  private void begin(long micros) {
    if (startMicros == 0) {
      startMicros = micros;
    }
  }

  private Csv times(long before, long now) {
    return new Csv()
        .time(now)
        .decimal((now - startMicros) / MICROS_PER_SECOND)
        .decimal((now - before) / MICROS_PER_SECOND);
  }

  private void host(HostSample sample) {
    HostCounters now = sample.counters();
    begin(now.micros());
    HostCounters before = lastOfProcess.put(sample.host() + ":" + sample.process(), now);
    double seconds = before == null ? 0 : (now.micros() - before.micros()) / MICROS_PER_SECOND;
    if (seconds <= 0) {
      return;
    }
    Csv row = times(before.micros(), now.micros()).text(sample.host()).number(sample.process());
    known(row, now.cpuNanos(), (now.cpuNanos() - before.cpuNanos()) / 1e9 / seconds);
    row.decimal((now.gcMillis() - before.gcMillis()) / 10.0 / seconds);
    if (now.deviceReadBytes() == HostCounters.UNKNOWN) {
      row.empty();
    } else {
      row.number(now.deviceReadBytes() - before.deviceReadBytes());
    }
    rows.accept(SeriesTable.WORKERS, row.toString());
    if (witnesses.computeIfAbsent(sample.host(), host -> sample.process()) == sample.process()) {
      for (DeviceCounters device : now.devices()) {
        before
            .device(device.name())
            .ifPresent(earlier -> device(sample, before, device.minus(earlier), seconds));
      }
    }
  }

  private static void known(Csv row, long counter, double value) {
    if (counter == HostCounters.UNKNOWN) {
      row.empty();
    } else {
      row.decimal(value);
    }
  }

  private void device(HostSample sample, HostCounters before, DeviceCounters io, double seconds) {
    Csv row =
        times(before.micros(), sample.counters().micros())
            .text(sample.host())
            .text(io.name())
            .number(io.reads())
            .number(io.readBytes());
    await(row, io.readMillis(), io.reads());
    row.number(io.writes()).number(io.writtenBytes());
    await(row, io.writeMillis(), io.writes());
    row.decimal(io.queueMillis() / 1e3 / seconds)
        .decimal(Math.min(100, io.busyMillis() / 10.0 / seconds));
    rows.accept(SeriesTable.DEVICES, row.toString());
  }

  private static void await(Csv row, long millis, long requests) {
    if (requests == 0) {
      row.empty();
    } else {
      row.decimal((double) millis / requests);
    }
  }
}
