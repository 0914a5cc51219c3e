/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.metrics;

import com.fasterxml.jackson.core.JsonGenerator;
import io.dlioflink.workload.DatasetConfig;
import io.dlioflink.workload.DatasetPart;
import io.dlioflink.workload.Pass;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.annotation.Nullable;

/**
 * DLIO's result files, keys and types as DLIO writes them ({@code utils/statscounter.py}): {@code
 * summary.json}, {@code <rank>_output.json}, {@code <rank>_per_epoch_stats.json}. Values that DLIO
 * gets wrong are right here: evaluation is the mean (AU) and the sum (throughput) over ranks, the
 * record length survives generation, and there is no NaN.
 */
final class DlioOutputs {
  private final TrainResults results;
  private final List<RankBooks> ranks;
  private final StepSpool spool;
  private final CheckpointOutputs checkpoints;

  DlioOutputs(
      TrainResults results, List<RankBooks> ranks, StepSpool spool, CheckpointOutputs checkpoints) {
    this.results = results;
    this.ranks = ranks;
    this.spool = spool;
    this.checkpoints = checkpoints;
  }

  void write(OutputFolder output) throws IOException {
    for (int rank = 0; rank < ranks.size(); rank++) {
      int current = rank;
      output.writeJson(rank + "_per_epoch_stats.json", json -> perEpochStats(json, current));
      output.writeJson(rank + "_output.json", json -> rankOutput(json, current));
    }
    // DLIO's postprocessor looks for rank 0's under this name, and for blocks and eval alone in it.
    output.writeJson("per_epoch_stats.json", json -> perEpochStats(json, 0));
    output.writeJson("summary.json", this::summary);
  }

  private void summary(JsonGenerator json) throws IOException {
    DatasetConfig dataset = results.workload().dataset();
    double bytesPerHost = dataBytesPerHost();
    HostFacts first = results.hosts().get(0);
    json.writeStartObject();
    json.writeStringField("start", WallClock.format(results.startMicros()));
    json.writeNumberField("num_accelerators", results.ranks());
    json.writeNumberField("num_hosts", results.hosts().size());
    json.writeStringField("hostname", first.hostname());
    json.writeObjectFieldStart("metric");
    if (checkpointsOnly() || results.workload().workflow().checkpoint()) {
      checkpoints.metric(json);
    }
    if (!checkpointsOnly()) {
      metric(json, "train", DatasetPart.TRAIN);
    }
    if (!results.finished(DatasetPart.VALID).isEmpty()) {
      metric(json, "eval", DatasetPart.VALID);
    }
    json.writeEndObject();
    json.writeNumberField("num_files_train", dataset.numFilesTrain());
    json.writeNumberField("num_files_eval", dataset.numFilesEval());
    json.writeNumberField("num_samples_per_file", dataset.numSamplesPerFile());
    json.writeArrayFieldStart("host_cpu_count");
    for (HostFacts host : results.hosts()) {
      json.writeNumber(host.cpus());
    }
    json.writeEndArray();
    json.writeStringField("host_processor_name", first.processor());
    json.writeArrayFieldStart("potential_caching");
    for (HostFacts host : results.hosts()) {
      json.writeNumber(host.memoryBytes() <= bytesPerHost ? 0 : 1);
    }
    json.writeEndArray();
    strings(json, "host_cpuinfo", first.cpuinfo());
    strings(json, "host_meminfo", first.meminfo());
    json.writeArrayFieldStart("host_memory_GB");
    for (HostFacts host : results.hosts()) {
      json.writeNumber(host.memoryBytes() / Sizes.GIB);
    }
    json.writeEndArray();
    json.writeNumberField("data_size_per_host_GB", bytesPerHost / Sizes.GIB);
    json.writeNumberField("epochs", results.finished(DatasetPart.TRAIN).size());
    json.writeStringField("end", WallClock.format(results.endMicros()));
    json.writeEndObject();
  }

  private boolean checkpointsOnly() {
    return results.passes().isEmpty();
  }

  private double dataBytesPerHost() {
    DatasetConfig dataset = results.workload().dataset();
    long ranksPerHost = Math.max(1, results.ranks() / results.hosts().size());
    long samples =
        ranksPerHost * dataset.numSamplesPerFile() * dataset.numFilesTrain() / results.ranks();
    return samples * results.recordLengthBytes();
  }

  private void metric(JsonGenerator json, String prefix, DatasetPart part) throws IOException {
    double[] au = results.auPercents(part);
    double[] throughput = results.throughputs(part);
    Statistics auStatistics = Statistics.of(au);
    Statistics rate = Statistics.of(throughput);
    double mib = results.recordLengthBytes() / Sizes.MIB;
    doubles(json, prefix + "_au_percentage", au);
    json.writeNumberField(prefix + "_au_mean_percentage", auStatistics.mean());
    json.writeStringField(
        prefix + "_au_meet_expectation", results.auMet(part) ? "success" : "fail");
    json.writeNumberField(prefix + "_au_stdev_percentage", auStatistics.stdev());
    doubles(json, prefix + "_throughput_samples_per_second", throughput);
    json.writeNumberField(prefix + "_throughput_mean_samples_per_second", rate.mean());
    json.writeNumberField(prefix + "_throughput_stdev_samples_per_second", rate.stdev());
    json.writeNumberField(prefix + "_io_mean_MB_per_second", rate.mean() * mib);
    json.writeNumberField(prefix + "_io_stdev_MB_per_second", rate.stdev() * mib);
  }

  private void perEpochStats(JsonGenerator json, int rank) throws IOException {
    json.writeStartObject();
    for (Pass pass : results.passes()) {
      PassResult train = ranks.get(rank).pass(pass.index());
      if (pass.part() != DatasetPart.TRAIN || train == null) {
        continue;
      }
      Pass evaluation = evaluationOf(rank, pass);
      PassResult last = evaluation == null ? train : ranks.get(rank).pass(evaluation.index());
      json.writeObjectFieldStart(String.valueOf(pass.epoch()));
      json.writeStringField("start", WallClock.format(train.startMicros()));
      json.writeStringField("end", WallClock.format(last.endMicros()));
      json.writeStringField("duration", seconds(train.durationNanos()));
      for (RankBooks.Block block : ranks.get(rank).blocks(pass.index())) {
        span(json, blockName(pass, block.result().block()), block.result());
      }
      if (evaluation != null) {
        for (RankBooks.Block block : ranks.get(rank).blocks(evaluation.index())) {
          span(json, "eval", block.result());
        }
      }
      checkpoints.epoch(json, rank, pass.epoch());
      json.writeEndObject();
    }
    if (checkpointsOnly()) {
      json.writeObjectFieldStart("1");
      json.writeStringField("start", WallClock.format(results.startMicros()));
      checkpoints.epoch(json, rank, 1);
      json.writeStringField("end", WallClock.format(results.endMicros()));
      json.writeEndObject();
    }
    json.writeEndObject();
  }

  private void span(JsonGenerator json, String name, BlockResult block) throws IOException {
    json.writeObjectFieldStart(name);
    json.writeStringField("start", WallClock.format(block.startMicros()));
    json.writeStringField("end", WallClock.format(block.endMicros()));
    json.writeStringField("duration", seconds(block.durationNanos()));
    json.writeEndObject();
  }

  private void rankOutput(JsonGenerator json, int rank) throws IOException {
    HostFacts host = ranks.get(rank).hello().host();
    json.writeStartObject();
    json.writeNumberField("host_memory_GB", host.memoryBytes() / Sizes.GIB);
    json.writeNumberField("host_cpu_count", host.cpus());
    json.writeStringField("host_processor_name", host.processor());
    json.writeNumberField("potential_caching", dataBytesPerHost() <= host.memoryBytes() ? 1 : 0);
    strings(json, "host_cpuinfo", host.cpuinfo());
    strings(json, "host_meminfo", host.meminfo());
    for (Pass pass : results.passes()) {
      if (pass.part() == DatasetPart.TRAIN && ranks.get(rank).pass(pass.index()) != null) {
        json.writeObjectFieldStart(String.valueOf(pass.epoch()));
        epochOutput(json, rank, pass, evaluationOf(rank, pass));
        json.writeEndObject();
      }
    }
    if (checkpointsOnly()) {
      json.writeObjectFieldStart("1");
      json.writeStringField("start", WallClock.format(results.startMicros()));
      for (String name : List.of("load", "proc", "throughput", "au", "compute")) {
        json.writeObjectFieldStart(name);
        json.writeEndObject();
      }
      json.writeStringField("end", WallClock.format(results.endMicros()));
      json.writeEndObject();
    }
    json.writeStringField("hostname", host.hostname());
    json.writeEndObject();
  }

  private void epochOutput(JsonGenerator json, int rank, Pass train, @Nullable Pass evaluation)
      throws IOException {
    for (StepSpool.Series series : StepSpool.Series.values()) {
      json.writeObjectFieldStart(series.name().toLowerCase(Locale.ROOT));
      for (StepSpool.Extent extent : spool.extents(rank)) {
        if (extent.pass() == train.index()
            || (evaluation != null && extent.pass() == evaluation.index())) {
          Pass pass = results.passes().get(extent.pass());
          json.writeArrayFieldStart(blockName(pass, extent.block()));
          spool.read(rank, extent, series, nanos -> json.writeNumber(nanos / 1e9));
          json.writeEndArray();
        }
      }
      json.writeEndObject();
    }
    json.writeObjectFieldStart("throughput");
    perBlock(json, rank, train, evaluation, RankBooks::throughput);
    json.writeEndObject();
    json.writeObjectFieldStart("au");
    perBlock(json, rank, train, evaluation, (pass, block) -> block.window().auPercent());
    json.writeEndObject();
    PassResult result = ranks.get(rank).pass(train.index());
    strings(json, "host_meminfo", spool.meminfo(rank, train.index()));
    PassResult last = evaluation == null ? result : ranks.get(rank).pass(evaluation.index());
    json.writeStringField("end", WallClock.format(last.endMicros()));
  }

  @FunctionalInterface
  private interface BlockFigure {
    double of(Pass pass, RankBooks.Block block);
  }

  private void perBlock(
      JsonGenerator json, int rank, Pass train, @Nullable Pass evaluation, BlockFigure figure)
      throws IOException {
    for (Pass pass : evaluation == null ? List.of(train) : List.of(train, evaluation)) {
      for (RankBooks.Block block : ranks.get(rank).blocks(pass.index())) {
        json.writeNumberField(blockName(pass, block.result().block()), figure.of(pass, block));
      }
    }
  }

  /** The evaluation that follows a training pass; null if there is none that the rank ended. */
  private @Nullable Pass evaluationOf(int rank, Pass train) {
    int next = train.index() + 1;
    return next < results.passes().size()
            && results.passes().get(next).part() == DatasetPart.VALID
            && ranks.get(rank).pass(next) != null
        ? results.passes().get(next)
        : null;
  }

  private static String blockName(Pass pass, int block) {
    return pass.part() == DatasetPart.TRAIN ? "block" + block : "eval";
  }

  private static String seconds(long nanos) {
    return String.format(Locale.ROOT, "%.2f", nanos / 1e9);
  }

  private static void doubles(JsonGenerator json, String name, double[] values) throws IOException {
    json.writeArrayFieldStart(name);
    for (double value : values) {
      json.writeNumber(value);
    }
    json.writeEndArray();
  }

  private static void strings(JsonGenerator json, String name, Map<String, String> values)
      throws IOException {
    if (values.isEmpty()) {
      return;
    }
    json.writeObjectFieldStart(name);
    for (Map.Entry<String, String> entry : values.entrySet()) {
      json.writeStringField(entry.getKey(), entry.getValue());
    }
    json.writeEndObject();
  }
}
