/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.metrics;

import com.fasterxml.jackson.core.JsonGenerator;
import io.dlioflink.storage.IoCounts;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.HdrHistogram.Histogram;

/**
 * Checkpoints in the result files: DLIO's keys by DLIO's formulas ({@code utils/statscounter.py}),
 * which take the time of rank 0 for that of all, and our own beside them.
 */
final class CheckpointOutputs {
  private final CheckpointBooks books;

  CheckpointOutputs(CheckpointBooks books) {
    this.books = books;
  }

  /**
   * The first keys of {@code metric} in {@code summary.json}; those without a value are left out.
   */
  void metric(JsonGenerator json) throws IOException {
    pair(json, "save", true);
    pair(json, "load", false);
    json.writeNumberField("checkpoint_size_GB", books.dlioGib());
  }

  private void pair(JsonGenerator json, String kind, boolean save) throws IOException {
    double[] seconds = books.rankZeroSeconds(save);
    if (seconds.length == 0) {
      return;
    }
    Statistics duration = Statistics.of(seconds);
    Statistics rate = rate(seconds);
    json.writeNumberField(kind + "_checkpoint_io_mean_GB_per_second", rate.mean());
    json.writeNumberField(kind + "_checkpoint_io_stdev_GB_per_second", rate.stdev());
    json.writeNumberField(kind + "_checkpoint_duration_mean_seconds", duration.mean());
    json.writeNumberField(kind + "_checkpoint_duration_stdev_seconds", duration.stdev());
  }

  private Statistics rate(double[] seconds) {
    double[] rates = new double[seconds.length];
    for (int i = 0; i < rates.length; i++) {
      rates[i] = books.dlioGib() / seconds[i];
    }
    return Statistics.of(rates);
  }

  /** The checkpoints of a rank in an epoch of {@code per_epoch_stats.json}. */
  void epoch(JsonGenerator json, int rank, int epoch) throws IOException {
    for (Map.Entry<CheckpointBooks.Key, List<CheckpointBooks.Part>> round :
        books.rounds(epoch).entrySet()) {
      for (CheckpointBooks.Part part : round.getValue()) {
        if (part.rank() == rank) {
          json.writeObjectFieldStart(
              (round.getKey().save() ? "save_ckpt" : "load_ckpt") + round.getKey().number());
          json.writeStringField("start", WallClock.format(part.startMicros()));
          json.writeStringField("end", WallClock.format(part.endMicros()));
          json.writeNumberField("duration", part.seconds());
          json.writeNumberField("throughput", books.dlioGibPerSecond(part));
          json.writeEndObject();
        }
      }
    }
  }

  /** Lines of DLIO's final block. */
  List<String> metricLines() {
    List<String> lines = new ArrayList<>();
    lines(lines, "save", true);
    lines(lines, "load", false);
    return lines;
  }

  private void lines(List<String> lines, String kind, boolean save) {
    double[] seconds = books.rankZeroSeconds(save);
    if (seconds.length == 0) {
      return;
    }
    Statistics duration = Statistics.of(seconds);
    Statistics rate = rate(seconds);
    lines.add(
        String.format(
            Locale.ROOT,
            "[METRIC] Checkpoint %s duration (seconds): %.4f (%.4f)",
            kind,
            duration.mean(),
            duration.stdev()));
    lines.add(
        String.format(
            Locale.ROOT,
            "[METRIC] Checkpoint %s I/O Throughput (GB/second): %.4f (%.4f)",
            kind,
            rate.mean(),
            rate.stdev()));
  }

  /** The object {@code checkpoints} of {@code report.json}. */
  void report(JsonGenerator json) throws IOException {
    IoCounts io = books.ioCounts();
    json.writeObjectFieldStart("checkpoints");
    json.writeNumberField("parameters", books.plan().parameters());
    json.writeNumberField("ranks_of_the_whole_job", books.plan().jobRanks());
    json.writeNumberField("payload_bytes", books.sizes().payloadBytes());
    json.writeNumberField("dlio_checkpoint_size_bytes", books.sizes().dlioBytes());
    json.writeNumberField("files", books.sizes().files());
    json.writeBooleanField("forced_to_stable_storage", books.workload().checkpoint().fsync());
    json.writeStringField("compression", books.workload().checkpoint().compression().yamlName());
    json.writeStringField("io_mode_write", IoMode.write(io, books.network()));
    json.writeStringField("io_mode_read", IoMode.read(io, books.network()));
    json.writeNumberField("retries", io.retries());
    json.writeArrayFieldStart("rounds");
    for (Map.Entry<CheckpointBooks.Key, List<CheckpointBooks.Part>> round :
        books.rounds().entrySet()) {
      round(json, round.getKey(), round.getValue());
    }
    json.writeEndArray();
    json.writeObjectFieldStart("latency_per_file");
    for (Map.Entry<String, Histogram> latency : books.latencies().entrySet()) {
      LatencySummary.write(json, latency.getKey(), latency.getValue());
    }
    json.writeEndObject();
    json.writeEndObject();
  }

  private void round(JsonGenerator json, CheckpointBooks.Key key, List<CheckpointBooks.Part> parts)
      throws IOException {
    long payload = parts.stream().mapToLong(CheckpointBooks.Part::payloadBytes).sum();
    json.writeStartObject();
    json.writeStringField("kind", key.save() ? "save" : "load");
    json.writeNumberField("epoch", key.epoch());
    json.writeNumberField("number", key.number());
    json.writeNumberField("step", key.step());
    json.writeNumberField("ranks", parts.size());
    json.writeNumberField("duration_max_seconds", slowestSeconds(parts));
    json.writeNumberField(
        "duration_min_seconds",
        parts.stream().mapToDouble(CheckpointBooks.Part::seconds).min().orElse(0));
    json.writeNumberField("payload_bytes", payload);
    json.writeNumberField(
        "raw_bytes", parts.stream().mapToLong(CheckpointBooks.Part::rawBytes).sum());
    json.writeNumberField(
        "stored_bytes", parts.stream().mapToLong(CheckpointBooks.Part::storedBytes).sum());
    json.writeNumberField("payload_bytes_per_second", payload / slowestSeconds(parts));
    json.writeNumberField(
        "rank_min_payload_bytes_per_second",
        parts.stream()
            .filter(part -> part.files() > 0)
            .mapToDouble(part -> part.payloadBytes() / part.seconds())
            .min()
            .orElse(0));
    Optional<CheckpointBooks.Part> deciding = books.deciding(parts);
    if (deciding.isPresent()) {
      json.writeNumberField("storage_busy_percent", deciding.get().storageBusyPercent());
    }
    json.writeNumberField("files", parts.stream().mapToInt(CheckpointBooks.Part::files).sum());
    json.writeNumberField(
        "verified_files",
        key.save() ? 0 : parts.stream().mapToInt(CheckpointBooks.Part::checkedFiles).sum());
    json.writeEndObject();
  }

  /** Of the slowest rank: the time of the checkpoint as MLPerf counts it. */
  static double slowestSeconds(List<CheckpointBooks.Part> parts) {
    return parts.stream().mapToDouble(CheckpointBooks.Part::seconds).max().orElse(1e-9);
  }

  /** A line for people: the mean over checkpoints by MLPerf's definition. */
  String summary(boolean save) {
    double[] rates =
        books.rounds().entrySet().stream()
            .filter(round -> round.getKey().save() == save)
            .mapToDouble(
                round ->
                    round.getValue().stream().mapToLong(CheckpointBooks.Part::payloadBytes).sum()
                        / slowestSeconds(round.getValue()))
            .toArray();
    return rates.length == 0
        ? "none"
        : "%s/s over the slowest rank, mean of %d"
            .formatted(Sizes.bytes(Statistics.of(rates).mean()), rates.length);
  }
}
