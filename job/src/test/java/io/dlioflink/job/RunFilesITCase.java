/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a run leaves beside its figures. */
class RunFilesITCase {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path folder;

  private CommandLineRun quickstart(String command, int accelerators, String... more) {
    List<String> args =
        new ArrayList<>(
            List.of(
                command,
                "workload=quickstart",
                "--port=0",
                "--accelerators=" + accelerators,
                "--output=" + folder.resolve("out"),
                "++workload.dataset.data_folder=" + folder.resolve("data")));
    args.addAll(Arrays.asList(more));
    return CommandLineRun.of(args.toArray(String[]::new));
  }

  private Path out(String name) {
    return folder.resolve("out").resolve(name);
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }

  /** The lines of all parts of a table without their headers, each part of which must have one. */
  private static List<String> rows(Path table, String firstColumn) throws IOException {
    List<String> rows = new ArrayList<>();
    for (Path part : files(table)) {
      assertThat(part.getFileName().toString()).matches("part-.*\\.csv");
      List<String> lines = Files.readAllLines(part);
      assertThat(lines.get(0)).startsWith(firstColumn + ",");
      rows.addAll(lines.subList(1, lines.size()));
    }
    return rows;
  }

  @Test
  void everyReadAndEverySecondOfARunIsThereInFinishedParts() throws Exception {
    CommandLineRun run =
        quickstart(
            "run",
            2,
            "--access-log",
            "++workload.workflow.profiling=true",
            "++workload.train.computation_time=0.15");

    assertThat(run.exitCode()).as(run.err()).isZero();
    List<String> accesses = rows(out("access_log"), "time");
    assertThat(accesses).hasSize(2 * 64).allMatch(row -> row.split(",", -1).length == 11);
    assertThat(accesses.stream().map(row -> row.split(",")[3]).distinct()).hasSize(64);
    JsonNode report = JSON.readTree(out("report.json").toFile());
    long bytes = accesses.stream().mapToLong(row -> Long.parseLong(row.split(",")[5])).sum();
    assertThat(bytes).isEqualTo(report.at("/access/storage_bytes").asLong());
    List<String> ranks = rows(out("timeseries/ranks"), "time");
    assertThat(ranks).isNotEmpty();
    assertThat(ranks.stream().mapToLong(row -> Long.parseLong(row.split(",")[5])).sum())
        .isEqualTo(2 * 2 * 8);
    assertThat(ranks.stream().mapToLong(row -> Long.parseLong(row.split(",")[6])).sum())
        .isEqualTo(2 * 64);
    assertThat(rows(out("timeseries/workers"), "time")).isNotEmpty();
    assertThat(JSON.readTree(out("iostat.json").toFile()).at("/sysstat/hosts/0/statistics"))
        .isNotEmpty();
    assertThat(report.path("workers")).hasSize(1);
    assertThat(report.at("/latency/first_byte/count").asLong()).isEqualTo(2 * 64);
    assertThat(report.at("/passes/0/latency/step/count").asLong()).isEqualTo(16);
    assertThat(report.at("/passes/0/cache/verdict").asText()).isNotEmpty();
    assertThat(report.at("/provenance/settings")).isNotEmpty();
    assertThat(Files.readAllLines(out("summary.csv")))
        .startsWith("run,scope,metric,value,unit")
        .anyMatch(line -> line.contains(",run,batch_wait_p99,"))
        .anyMatch(line -> line.endsWith(",epoch 2,samples,64,samples"));
    assertThat(Files.readAllLines(out("dlio.log")))
        .anyMatch(line -> line.contains("Ending epoch 2 - 8 steps completed in "))
        .anyMatch(line -> line.startsWith("[METRIC] Training Throughput (samples/second): "));
    assertThat(out("per_epoch_stats.json")).hasSameTextualContentAs(out("0_per_epoch_stats.json"));
  }

  @Test
  void theSavedConfigurationRunsAgain() throws Exception {
    assertThat(quickstart("run", 1, "++workload.train.computation_time=0").exitCode()).isZero();
    CommandLineRun again =
        CommandLineRun.of(
            "train",
            "--config=" + out("dlio_config/config.yaml"),
            "--port=0",
            "--no-time-series",
            "--config-folder=.hydra",
            "--output=" + folder.resolve("again"));

    assertThat(again.exitCode()).as(again.err()).isZero();
    assertThat(folder.resolve("again/timeseries")).doesNotExist();
    assertThat(folder.resolve("again/access_log")).doesNotExist();
    List<String> ours = Files.readAllLines(out("dlio_config/config.yaml"));
    List<String> theirs = Files.readAllLines(folder.resolve("again/.hydra/config.yaml"));
    ours.removeIf(line -> line.startsWith("    folder: "));
    theirs.removeIf(line -> line.startsWith("    folder: "));
    assertThat(theirs).isEqualTo(ours);
    assertThat(Files.readAllLines(out("dlio_config/overrides.yaml")))
        .contains("- ++workload.train.computation_time=0");
  }

  @Test
  void cachesAreDroppedBeforeEachPassOrItIsSaidThatTheyWereNot() throws Exception {
    CommandLineRun run = quickstart("run", 2, "--drop-caches");

    assertThat(run.exitCode()).as(run.err()).isZero();
    JsonNode passes = JSON.readTree(out("report.json").toFile()).path("passes");
    assertThat(passes).hasSize(2);
    for (JsonNode pass : passes) {
      JsonNode drops = pass.at("/cache/drops_before");
      assertThat(drops).hasSize(1);
      assertThat(drops.at("/0/how").asText()).isNotEmpty();
      if (!drops.at("/0/dropped").asBoolean()) {
        assertThat(run.out()).contains("were not dropped: ");
      }
    }
  }

  @Test
  void aRunThatFailsLeavesPartsThatCanBeToldFromFinishedOnes() throws Exception {
    assertThat(quickstart("generate", 1).exitCode()).isZero();
    try (RandomAccessFile file =
        new RandomAccessFile(folder.resolve("data/train/img_42_of_64.npz").toFile(), "rw")) {
      file.seek(5000);
      int old = file.read();
      file.seek(5000);
      file.write(old ^ 1);
    }

    CommandLineRun run = quickstart("train", 2, "--access-log");

    assertThat(run.exitCode()).isEqualTo(3);
    for (Path part : files(folder.resolve("out"))) {
      if (part.getFileName().toString().contains("part-")) {
        assertThat(part.getFileName().toString()).startsWith(".part-").contains(".inprogress.");
      }
    }
  }
}
