/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.dlioflink.sink.SinkFixture;
import io.dlioflink.storage.StorageOptions;
import io.dlioflink.workload.DatasetPart;
import io.dlioflink.workload.Pass;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two ranks, two epochs with an evaluation each, against reference section 7. */
class DlioOutputsTest {
  private static final int RANKS = 2;
  private static final int EXCLUDED_START = 1;
  private static final int EXCLUDED_END = 1;

  @TempDir private Path folder;
  private SyntheticRun run;
  private RunOutcome outcome;

  @BeforeEach
  void concludeRun() throws IOException {
    run =
        new SyntheticRun(
            SinkFixture.workload(
                "dataset.num_files_train=25",
                "dataset.num_files_eval=8",
                "reader.batch_size=2",
                "reader.batch_size_eval=1",
                "workflow.evaluation=True",
                "train.epochs=2",
                "metric.au=0.3",
                "output.metric.exclude_start_steps=" + EXCLUDED_START,
                "output.metric.exclude_end_steps=" + EXCLUDED_END),
            RANKS);
    try (OutputFolder output = new OutputFolder(SinkFixture.location(folder), StorageOptions.NONE);
        TrainLedger ledger = SyntheticRun.ledger(run.workload, RANKS, output)) {
      run.feed(ledger);
      outcome = ledger.conclude(output);
    }
    assertThat(outcome.reasons()).isEmpty();
  }

  private JsonNode json(String name) throws IOException {
    return SinkFixture.json(folder.resolve(name));
  }

  private static double seconds(long[] nanos, int from, int to) {
    return Arrays.stream(nanos, from, Math.max(from, to)).sum() / 1e9;
  }

  private static double[] inSeconds(long[] nanos) {
    return Arrays.stream(nanos).mapToDouble(value -> value / 1e9).toArray();
  }

  private double total(SyntheticRun.Steps steps) {
    int n = steps.proc().length;
    return steps.blockNanos() / 1e9
        - seconds(steps.proc(), 0, EXCLUDED_START)
        - seconds(steps.proc(), n - EXCLUDED_END, n);
  }

  private double au(int rank, Pass pass) {
    SyntheticRun.Steps steps = run.steps(rank, pass.index());
    int n = steps.proc().length;
    return 100 * seconds(steps.compute(), EXCLUDED_START, n - EXCLUDED_END) / total(steps);
  }

  private double throughput(int rank, Pass pass) {
    SyntheticRun.Steps steps = run.steps(rank, pass.index());
    int n = steps.proc().length;
    return pass.part() == DatasetPart.TRAIN
        ? (n - 2) / total(steps) * 2
        : n / (steps.blockNanos() / 1e9);
  }

  private double[] meanAus(DatasetPart part) {
    return run.passes.stream()
        .filter(pass -> pass.part() == part)
        .mapToDouble(pass -> (au(0, pass) + au(1, pass)) / RANKS)
        .toArray();
  }

  private double[] summedThroughputs(DatasetPart part) {
    return run.passes.stream()
        .filter(pass -> pass.part() == part)
        .mapToDouble(pass -> throughput(0, pass) + throughput(1, pass))
        .toArray();
  }

  private static void assertNumbers(JsonNode array, double[] expected) {
    assertThat(array.isArray()).isTrue();
    assertThat(array).hasSize(expected.length);
    for (int i = 0; i < expected.length; i++) {
      assertNumber(array.get(i), expected[i]);
    }
  }

  private static void assertNumber(JsonNode number, double expected) {
    assertThat(number.isNumber()).isTrue();
    assertThat(number.asDouble()).isCloseTo(expected, within(1e-9 * Math.abs(expected)));
  }

  @Test
  void exactlyTheFilesOfDlioAndOurReportAreWritten() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.map(path -> path.getFileName().toString()))
          .containsExactlyInAnyOrder(
              "summary.json",
              "0_output.json",
              "1_output.json",
              "0_per_epoch_stats.json",
              "1_per_epoch_stats.json",
              "per_epoch_stats.json",
              "dlio.log",
              "summary.csv",
              "report.json");
    }
  }

  @Test
  void theSummaryHasTheKeysOfDlioInOrder() throws IOException {
    JsonNode summary = json("summary.json");

    assertThat(SinkFixture.keys(summary))
        .containsExactly(
            "start",
            "num_accelerators",
            "num_hosts",
            "hostname",
            "metric",
            "num_files_train",
            "num_files_eval",
            "num_samples_per_file",
            "host_cpu_count",
            "host_processor_name",
            "potential_caching",
            "host_cpuinfo",
            "host_meminfo",
            "host_memory_GB",
            "data_size_per_host_GB",
            "epochs",
            "end");
    assertThat(summary.get("num_accelerators").isInt()).isTrue();
    assertThat(summary.get("num_accelerators").asInt()).isEqualTo(2);
    assertThat(summary.get("num_hosts").asInt()).isEqualTo(2);
    assertThat(summary.get("hostname").asText()).isEqualTo("host0");
    assertThat(summary.get("num_files_train").asInt()).isEqualTo(25);
    assertThat(summary.get("num_files_eval").asInt()).isEqualTo(8);
    assertThat(SinkFixture.texts(summary.get("host_cpu_count"))).containsExactly("4", "5");
    assertThat(SinkFixture.texts(summary.get("potential_caching"))).containsExactly("1", "1");
    assertNumbers(summary.get("host_memory_GB"), new double[] {1, 2});
    assertNumber(summary.get("data_size_per_host_GB"), 12 * 1024.0 / (1L << 30));
    assertThat(summary.get("epochs").asInt()).isEqualTo(2);
    assertThat(summary.get("start").asText())
        .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{6}");
    assertThat(SinkFixture.keys(summary.get("host_meminfo")))
        .containsExactlyElementsOf(SyntheticRun.meminfo().keySet());
  }

  @Test
  void theMetricsFollowTheFormulasOverTheRawSteps() throws IOException {
    JsonNode metric = json("summary.json").get("metric");

    assertThat(SinkFixture.keys(metric))
        .containsExactlyElementsOf(
            Stream.of("train", "eval")
                .flatMap(
                    part ->
                        Stream.of(
                            part + "_au_percentage",
                            part + "_au_mean_percentage",
                            part + "_au_meet_expectation",
                            part + "_au_stdev_percentage",
                            part + "_throughput_samples_per_second",
                            part + "_throughput_mean_samples_per_second",
                            part + "_throughput_stdev_samples_per_second",
                            part + "_io_mean_MB_per_second",
                            part + "_io_stdev_MB_per_second"))
                .toList());
    for (DatasetPart part : DatasetPart.values()) {
      String prefix = part == DatasetPart.TRAIN ? "train" : "eval";
      double[] au = meanAus(part);
      double[] rate = summedThroughputs(part);
      assertNumbers(metric.get(prefix + "_au_percentage"), au);
      assertNumber(metric.get(prefix + "_au_mean_percentage"), (au[0] + au[1]) / 2);
      assertNumber(metric.get(prefix + "_au_stdev_percentage"), Math.abs(au[0] - au[1]) / 2);
      assertThat(metric.get(prefix + "_au_meet_expectation").asText())
          .isEqualTo((au[0] + au[1]) / 2 >= 30 ? "success" : "fail");
      assertNumbers(metric.get(prefix + "_throughput_samples_per_second"), rate);
      assertNumber(
          metric.get(prefix + "_throughput_mean_samples_per_second"), (rate[0] + rate[1]) / 2);
      assertNumber(
          metric.get(prefix + "_throughput_stdev_samples_per_second"),
          Math.abs(rate[0] - rate[1]) / 2);
      assertNumber(metric.get(prefix + "_io_mean_MB_per_second"), (rate[0] + rate[1]) / 2 / 1024);
      assertNumber(
          metric.get(prefix + "_io_stdev_MB_per_second"), Math.abs(rate[0] - rate[1]) / 2 / 1024);
    }
  }

  @Test
  void theOutputOfARankHoldsEveryStep() throws IOException {
    for (int rank = 0; rank < RANKS; rank++) {
      JsonNode output = json(rank + "_output.json");
      assertThat(SinkFixture.keys(output))
          .containsExactly(
              "host_memory_GB",
              "host_cpu_count",
              "host_processor_name",
              "potential_caching",
              "host_cpuinfo",
              "host_meminfo",
              "1",
              "2",
              "hostname");
      assertThat(output.get("potential_caching").isInt()).isTrue();
      assertNumber(output.get("host_memory_GB"), 1 + rank);
      for (int epoch = 1; epoch <= 2; epoch++) {
        JsonNode of = output.get(String.valueOf(epoch));
        assertThat(SinkFixture.keys(of))
            .containsExactly("load", "proc", "compute", "throughput", "au", "host_meminfo", "end");
        assertSeries(of, "block1", rank, run.passes.get(2 * epoch - 2));
        assertSeries(of, "eval", rank, run.passes.get(2 * epoch - 1));
        assertThat(SinkFixture.keys(of.get("host_meminfo")))
            .containsExactlyElementsOf(SyntheticRun.meminfo().keySet());
      }
    }
  }

  private void assertSeries(JsonNode epoch, String name, int rank, Pass pass) {
    SyntheticRun.Steps steps = run.steps(rank, pass.index());
    assertThat(SinkFixture.keys(epoch.get("load"))).containsExactly("block1", "eval");
    assertNumbers(epoch.at("/load/" + name), inSeconds(steps.load()));
    assertNumbers(epoch.at("/proc/" + name), inSeconds(steps.proc()));
    assertNumbers(epoch.at("/compute/" + name), inSeconds(steps.compute()));
    assertNumber(epoch.at("/au/" + name), au(rank, pass));
    assertNumber(epoch.at("/throughput/" + name), throughput(rank, pass));
  }

  @Test
  void theEpochStatisticsHaveTheKeysAndTextsOfDlio() throws IOException {
    JsonNode stats = json("1_per_epoch_stats.json");

    assertThat(SinkFixture.keys(stats)).containsExactly("1", "2");
    JsonNode first = stats.get("1");
    assertThat(SinkFixture.keys(first))
        .containsExactly("start", "end", "duration", "block1", "eval");
    long blockNanos = run.steps(1, 0).blockNanos();
    assertThat(first.get("duration").isTextual()).isTrue();
    assertThat(first.get("duration").asText())
        .isEqualTo(String.format(Locale.ROOT, "%.2f", (blockNanos + 10_000_000) / 1e9));
    assertThat(SinkFixture.keys(first.get("block1"))).containsExactly("start", "end", "duration");
    assertThat(first.at("/block1/start").asText())
        .isEqualTo(WallClock.format(SyntheticRun.START_MICROS));
    assertThat(first.at("/block1/duration").asText())
        .isEqualTo(String.format(Locale.ROOT, "%.2f", blockNanos / 1e9));
    assertThat(first.at("/eval/duration").isTextual()).isTrue();
    assertThat(first.get("end").asText())
        .isEqualTo(
            WallClock.format(SyntheticRun.START_MICROS + run.steps(1, 1).blockNanos() / 1000 + 10));
  }

  @Test
  void theReportRestsOnTheSameFigures() throws IOException {
    JsonNode report = json("report.json");

    assertThat(SinkFixture.keys(report))
        .containsExactly(
            "schema_version",
            "verdict",
            "partial",
            "reasons",
            "notices",
            "workload",
            "start",
            "end",
            "accelerators",
            "hosts",
            "access",
            "latency",
            "start_barrier",
            "workers",
            "passes",
            "provenance");
    assertThat(report.get("passes")).hasSize(4);
    JsonNode pass = report.at("/passes/0");
    assertNumber(pass.get("au_percent"), meanAus(DatasetPart.TRAIN)[0]);
    assertNumber(pass.get("dlio_samples_per_second"), summedThroughputs(DatasetPart.TRAIN)[0]);
    assertThat(pass.get("samples").asLong()).isEqualTo(24);
    assertThat(pass.get("left_out_samples").asLong()).isEqualTo(1);
    assertThat(pass.get("expected_sample_bytes").asLong()).isEqualTo(24 * 1024);
    assertThat(pass.get("each_sample_exactly_once").asBoolean()).isTrue();
    assertThat(pass.get("order_hash").asText()).matches("[0-9a-f]{16}");
    assertThat(report.at("/access/storage_bytes").asLong()).isEqualTo(2 * 4000);
    assertThat(report.at("/latency/storage/count").asLong()).isEqualTo(8);
    assertThat(report.at("/latency/step/count").asLong()).isEqualTo(steps());
    assertThat(report.at("/latency/host_to_device").asText()).isEqualTo("not measured");
    assertThat(pass.at("/latency/storage/count").asLong()).isEqualTo(2);
    assertThat(pass.at("/latency/storage/p99_9_us").asDouble()).isCloseTo(2000, within(2.0));
    assertThat(pass.get("ranks")).hasSize(2);
    assertNumber(
        pass.at("/ranks/1/wait_seconds"), LongStream.of(run.steps(1, 0).load()).sum() / 1e9);
    assertThat(SinkFixture.texts(report.get("hosts"))).containsExactly("host0", "host1");
    assertThat(SinkFixture.texts(report.get("notices"))).contains("a notice");
  }

  private long steps() {
    return run.passes.stream().mapToLong(pass -> RANKS * pass.plan().steps()).sum();
  }

  @Test
  void theConsoleEndsWithTheBlockOfDlio() {
    double[] au = meanAus(DatasetPart.TRAIN);
    String rule = "[METRIC] " + "=".repeat(58);
    assertThat(outcome.console())
        .startsWith(
            "[OUTPUT] Averaged metric over all steps/epochs",
            rule,
            "[METRIC] Number of Simulated Accelerators: 2 ",
            String.format(
                Locale.ROOT,
                "[METRIC] Training Accelerator Utilization [AU] (%%): %.4f (%.4f)",
                (au[0] + au[1]) / 2,
                Math.abs(au[0] - au[1]) / 2))
        .hasSize(12)
        .endsWith(rule);
    assertThat(outcome.console().get(10)).startsWith("[METRIC] eval_au_meet_expectation: ");
    assertThat(outcome.console().get(9))
        .matches("\\[METRIC] Eval Throughput \\(MB/second\\): \\d+\\.\\d{6} \\(\\d+\\.\\d{6}\\)");
    assertThat(List.copyOf(outcome.highlights().keySet())).startsWith("Verdict", "AU (%)");
  }
}
