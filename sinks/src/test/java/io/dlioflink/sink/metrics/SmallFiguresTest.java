/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dlioflink.storage.IoCounts;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.HdrHistogram.Histogram;
import org.apache.flink.util.InstantiationUtil;
import org.junit.jupiter.api.Test;

/** The small types that carry and print figures. */
class SmallFiguresTest {

  /** numpy 1.26: mean and std of [1, 2, 4, 8.5], [98.1, 97.9, 98.3], [5]. */
  @Test
  void statisticsAreThoseOfNumpy() {
    Statistics four = Statistics.of(new double[] {1, 2, 4, 8.5});
    assertThat(four.mean()).isEqualTo(3.875);
    assertThat(four.stdev()).isCloseTo(2.8804296554507283, within(1e-12));
    Statistics three = Statistics.of(new double[] {98.1, 97.9, 98.3});
    assertThat(three.mean()).isCloseTo(98.1, within(1e-12));
    assertThat(three.stdev()).isCloseTo(0.16329931618554172, within(1e-12));
    assertThat(Statistics.of(new double[] {5})).isEqualTo(new Statistics(5, 0));
  }

  @Test
  void nothingHasMeanAndDeviationZero() {
    assertThat(Statistics.of(new double[0])).isEqualTo(new Statistics(0, 0));
  }

  @Test
  void timesAreLocalWithMicroseconds() {
    LocalDateTime time = LocalDateTime.of(2026, 2, 3, 4, 5, 6, 7_000);
    long micros = time.atZone(ZoneId.systemDefault()).toEpochSecond() * 1_000_000 + 7;

    assertThat(WallClock.format(micros)).isEqualTo("2026-02-03T04:05:06.000007");
    assertThat(WallClock.format(micros - 7)).isEqualTo("2026-02-03T04:05:06.000000");
  }

  @Test
  void sizesAreBinary() {
    assertThat(Sizes.bytes(0)).isEqualTo("0 B");
    assertThat(Sizes.bytes(1023)).isEqualTo("1023 B");
    assertThat(Sizes.bytes(1024)).isEqualTo("1.0 KiB");
    assertThat(Sizes.bytes(1.5 * 1024 * 1024)).isEqualTo("1.5 MiB");
    assertThat(Sizes.bytes(23.5 * Sizes.GIB)).isEqualTo("23.5 GiB");
    assertThat(Sizes.bytes(3e18)).isEqualTo("2664.5 PiB");
  }

  @Test
  void theIoModeSaysWhatReallyHappened() {
    assertThat(IoMode.read(IoCounts.ZERO)).isEqualTo("nothing moved");
    assertThat(IoMode.read(new IoCounts(10, 0, 0, 0, 0, 0))).isEqualTo("through the page cache");
    assertThat(IoMode.read(new IoCounts(10, 8, 2, 0, 0, 0))).isEqualTo("O_DIRECT");
    assertThat(IoMode.read(new IoCounts(16, 3, 1, 0, 0, 0))).isEqualTo("25.0 % O_DIRECT");
    assertThat(IoMode.write(new IoCounts(9, 9, 0, 10, 0, 0))).isEqualTo("through the page cache");
    assertThat(IoMode.write(new IoCounts(0, 0, 0, 10, 10, 0))).isEqualTo("O_DIRECT");
  }

  @Test
  void figuresLookTheSameInEveryLocale() {
    Histogram latency = new Histogram(3);
    latency.recordValue(1_500_000);
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.GERMANY);

      assertThat(IoMode.read(new IoCounts(16, 4, 0, 0, 0, 0))).isEqualTo("25.0 % O_DIRECT");
      assertThat(LatencySummary.line(latency))
          .matches("p50 1\\.50\\d ms, p99 1\\.50\\d ms, max 1\\.50\\d ms");
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void anOutcomeTravelsAndReadsWell() throws Exception {
    Map<String, String> highlights = new LinkedHashMap<>();
    highlights.put("Verdict", "INVALID");
    highlights.put("AU (%)", "12.5");
    RunOutcome outcome =
        new RunOutcome(
            false,
            List.of("epoch 1: \"quoted\" ü"),
            List.of("a notice"),
            highlights,
            List.of("[METRIC] ==", ""),
            true);

    OutcomeAccumulator carrier = new OutcomeAccumulator();
    carrier.add(outcome);
    OutcomeAccumulator arrived = new OutcomeAccumulator();
    arrived.merge(new OutcomeAccumulator());
    arrived.merge((OutcomeAccumulator) travelled(carrier));
    RunOutcome copy = arrived.clone().getLocalValue();

    assertThat(copy).isEqualTo(outcome);
    assertThat(copy.highlights()).containsExactlyEntriesOf(highlights);
    assertThat(copy.verdict()).isEqualTo("INVALID");
    assertThat(arrived).hasToString("INVALID; because: epoch 1: \"quoted\" ü; notice: a notice");
  }

  @Test
  void aLiveTextArrivesAsWhatItIsWhenItLeaves() throws Exception {
    AtomicInteger steps = new AtomicInteger(1);
    LiveText live = new LiveText(() -> steps + " steps");
    steps.set(7);
    Object arrived = travelled(live);
    steps.set(8);

    assertThat(arrived).isInstanceOf(TextAccumulator.class).hasToString("7 steps");
    assertThat(live.clone()).hasToString("8 steps");
  }

  private static Object travelled(Object sent) throws Exception {
    return InstantiationUtil.deserializeObject(
        InstantiationUtil.serializeObject(sent), SmallFiguresTest.class.getClassLoader());
  }

  @Test
  void aTextAccumulatorKeepsTheLastTextThroughMergesAndTravel() throws Exception {
    TextAccumulator text = new TextAccumulator();
    assertThat(text.getLocalValue()).isEmpty();
    text.add("first");
    text.add("last");

    TextAccumulator merged = new TextAccumulator();
    merged.merge(text);
    merged.merge(new TextAccumulator());
    assertThat(merged).hasToString("last");
    assertThat(text.clone().getLocalValue()).isEqualTo("last");
    TextAccumulator travelled =
        InstantiationUtil.deserializeObject(
            InstantiationUtil.serializeObject(text), getClass().getClassLoader());
    assertThat(travelled.getLocalValue()).isEqualTo("last");
    text.resetLocal();
    assertThat(text.getLocalValue()).isEmpty();
  }
}
