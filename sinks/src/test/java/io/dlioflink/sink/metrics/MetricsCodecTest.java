/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dlioflink.sink.host.CpuTicks;
import io.dlioflink.sink.host.DeviceCounters;
import io.dlioflink.sink.host.HostCounters;
import io.dlioflink.storage.EndpointCounts;
import io.dlioflink.storage.IoCounts;
import java.io.IOException;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class MetricsCodecTest {
  private static final IoCounts COUNTS = new IoCounts(1, 2, 3, 4, 5, 6);

  /** A step batch as written by version 1. */
  private static final String STEPS_VERSION_1 =
      "01"
          + "02"
          + "00000007"
          + "00000003"
          + "00000001"
          + "0000000000000100"
          + "00000002"
          + "0000000000000001"
          + "0000000000000002"
          + "00000002"
          + "0000000000000003"
          + "0000000000000004"
          + "00000002"
          + "0000000000000005"
          + "0000000000000006"
          + "00000002"
          + "0000000000000007"
          + "7fffffffffffffff";

  private static final StepBatch STEPS =
      new StepBatch(
          7,
          3,
          1,
          256,
          new long[] {1, 2},
          new long[] {3, 4},
          new long[] {5, 6},
          new long[] {7, Long.MAX_VALUE});

  private static Histogram histogram(long... values) {
    Histogram histogram = new Histogram(3);
    for (long value : values) {
      histogram.recordValue(value);
    }
    return histogram;
  }

  private static Map<String, String> manyLines() {
    Map<String, String> lines = new LinkedHashMap<>();
    for (int i = 0; i < 50; i++) {
      lines.put("Line" + (i * 31 % 50), i + " kB");
    }
    return lines;
  }

  private static <T extends MetricsRecord> T travelled(T record, Class<T> type) throws IOException {
    return type.cast(MetricsCodec.decode(MetricsCodec.encode(record)));
  }

  @Test
  void stepsOfVersionOneAreRead() throws IOException {
    MetricsRecord read = MetricsCodec.decode(HexFormat.of().parseHex(STEPS_VERSION_1));

    assertThat(read).usingRecursiveComparison().isEqualTo(STEPS);
  }

  @Test
  void stepsOfVersionOneAreWritten() {
    assertThat(HexFormat.of().formatHex(MetricsCodec.encode(STEPS))).isEqualTo(STEPS_VERSION_1);
  }

  @Test
  void aHelloTravels() throws IOException {
    HostFacts host = new HostFacts("höst", 4, "cpu", 1L << 40, manyLines(), Map.of("a", "b"));
    RankHello hello = new RankHello(2, host, true, List.of("one", "two"), "declared", "derived");

    RankHello copy = travelled(hello, RankHello.class);

    assertThat(copy).isEqualTo(hello);
    assertThat(new ArrayList<>(copy.host().cpuinfo().keySet()))
        .isEqualTo(new ArrayList<>(manyLines().keySet()));
  }

  @Test
  void aBlockTravels() throws IOException {
    BlockResult block = new BlockResult(1, 2, 3, 4, 5, 6);

    assertThat(travelled(block, BlockResult.class)).isEqualTo(block);
  }

  @Test
  void aPassTravelsWithItsLinesInOrder() throws IOException {
    PassResult pass =
        new PassResult(1, 2, 3, 4, 5, 6, 7, 8, 9, Long.MIN_VALUE, -1, 12, manyLines());

    PassResult copy = travelled(pass, PassResult.class);

    assertThat(copy).isEqualTo(pass);
    assertThat(new ArrayList<>(copy.meminfo().keySet()))
        .isEqualTo(new ArrayList<>(manyLines().keySet()));
  }

  @Test
  void aReadIntervalTravels() throws IOException {
    ReadInterval interval =
        new ReadInterval(
            3,
            7,
            Map.of(Stage.STORAGE, histogram(1, 1000, 5_000_000_000L), Stage.DECODE, histogram()),
            COUNTS);

    ReadInterval copy = travelled(interval, ReadInterval.class);

    assertThat(copy).isEqualTo(interval);
    assertThat(copy.latencies().get(Stage.STORAGE).getTotalCount()).isEqualTo(3);
    assertThat(copy.latencies().get(Stage.DECODE).getTotalCount()).isZero();
  }

  @Test
  void whatIsObservedOfARunTravels() throws IOException {
    DeviceCounters device = new DeviceCounters("vda", 1, 2, 3, 4, 5, 6, 7, 8);
    HostCounters counters =
        new HostCounters(
            9, HostCounters.UNKNOWN, 11, 12, new CpuTicks(1, 2, 3, 4, 5, 6), List.of(device));
    for (MetricsRecord record :
        List.of(
            new PassBegun(1, 2, 3),
            new RankSample(1, 2, 3, 4, 5, 6, 7, 8, 9, 10),
            new HostSample("h", 42, HostSample.Moment.PASS_END, 3, counters),
            new CacheDrop("h", 3, true, "by magic"))) {
      assertThat(travelled(record, MetricsRecord.class)).isEqualTo(record);
    }
  }

  @Test
  void anIntervalOfRequestsTravels() throws IOException {
    RequestInterval interval =
        new RequestInterval(
            3,
            Traffic.CHECKPOINTS,
            RequestInterval.NO_PASS,
            Map.of(Stage.CONNECT, histogram(7), Stage.BODY, histogram()),
            Map.of("h:1", new EndpointCounts(1, 2, 3, 4, 5, 6, 7), "h:2", EndpointCounts.ZERO));

    assertThat(travelled(interval, RequestInterval.class)).isEqualTo(interval);
  }

  @Test
  void aWriteIntervalTravels() throws IOException {
    WriteInterval interval =
        new WriteInterval(3, "host", 1, 2, 3, histogram(7), 4, 5, COUNTS, true);

    assertThat(travelled(interval, WriteInterval.class)).isEqualTo(interval);
  }

  @Test
  void aVerifyIntervalTravels() throws IOException {
    String longText = "x".repeat(100_000);
    VerifyInterval interval =
        new VerifyInterval(
            3,
            "host",
            1,
            2,
            List.of(new BadFile("a", "b"), new BadFile("\u00e4", longText)),
            histogram(7),
            4,
            5,
            COUNTS,
            List.of("note", longText));

    assertThat(travelled(interval, VerifyInterval.class)).isEqualTo(interval);
  }

  /** As two threads leave it that grow a recorder's histogram at once. */
  @Test
  void aHistogramThatNamesASmallerRangeThanItHasTravels() throws Exception {
    Histogram recorded = new Histogram(3);
    recorded.recordValue(1_000);
    recorded.recordValue(1_000_000_000);
    Class<?> declaring = Histogram.class;
    while (!declaring.getSimpleName().equals("AbstractHistogramBase")) {
      declaring = declaring.getSuperclass();
    }
    Field range = declaring.getDeclaredField("highestTrackableValue");
    range.setAccessible(true);
    range.setLong(recorded, 4_000);
    WriteInterval interval = new WriteInterval(3, "host", 1, 2, 3, recorded, 4, 5, COUNTS, true);

    Histogram found =
        ((WriteInterval) MetricsCodec.decode(MetricsCodec.encode(interval))).fileLatency();

    assertThat(found.getTotalCount()).isEqualTo(2);
    assertThat(found.getMaxValue()).isEqualTo(recorded.getMaxValue());
  }

  @Test
  void anUnknownVersionIsRefused() {
    assertThatThrownBy(() -> MetricsCodec.decode(new byte[] {2, 1}))
        .isInstanceOf(IOException.class)
        .hasMessage("Metrics record of version 2; known: version 1");
  }

  @Test
  void anUnknownKindIsRefused() {
    assertThatThrownBy(() -> MetricsCodec.decode(new byte[] {1, 99}))
        .isInstanceOf(IOException.class)
        .hasMessage("Metrics record of unknown kind 99");
  }

  @Test
  void unequalStepArraysAreRefused() {
    assertThatThrownBy(
            () -> new StepBatch(0, 0, 1, 0, new long[2], new long[2], new long[2], new long[1]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Unequal step arrays");
  }
}
