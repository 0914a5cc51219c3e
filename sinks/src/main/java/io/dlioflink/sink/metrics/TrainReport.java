/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.metrics;

import com.fasterxml.jackson.core.JsonGenerator;
import io.dlioflink.storage.IoCounts;
import io.dlioflink.storage.Location;
import io.dlioflink.workload.Pass;
import java.io.IOException;
import java.util.List;
import java.util.Objects;

/**
 * Our own {@code report.json}: the verdict and what it rests on. Units are in the names; figures
 * that DLIO has under another formula have a name of their own.
 */
final class TrainReport {
  private final TrainResults results;
  private final Resumptions resumptions;
  private final List<RankBooks> ranks;
  private final StageLatencies latencies;
  private final RequestBooks requests;
  private final HostBooks hosts;
  private final CacheVerdict cache;
  private final Provenance provenance;
  private final MlperfBooks mlperf;
  private final CheckpointOutputs checkpoints;
  private final PlacementBooks placement;
  private final Location dataset;

  TrainReport(
      TrainResults results,
      Resumptions resumptions,
      List<RankBooks> ranks,
      StageLatencies latencies,
      RequestBooks requests,
      HostBooks hosts,
      CacheVerdict cache,
      Provenance provenance,
      MlperfBooks mlperf,
      CheckpointOutputs checkpoints,
      PlacementBooks placement,
      Location dataset) {
    this.results = results;
    this.resumptions = resumptions;
    this.ranks = ranks;
    this.latencies = latencies;
    this.requests = requests;
    this.hosts = hosts;
    this.cache = cache;
    this.provenance = provenance;
    this.mlperf = mlperf;
    this.checkpoints = checkpoints;
    this.placement = placement;
    this.dataset = dataset;
  }

  /**
   * Writes the report.
   *
   * @param interruptions why the run ended early; empty if it did not
   */
  void write(OutputFolder output, List<String> interruptions) throws IOException {
    output.writeJson("report.json", json -> write(json, interruptions));
  }

  private void write(JsonGenerator json, List<String> interruptions) throws IOException {
    json.writeStartObject();
    ReportHead.write(json, results, mlperf, interruptions);
    resumptions.write(json, results.passes(), results.endMicros());
    json.writeObjectFieldStart("access");
    json.writeStringField("order", results.order());
    json.writeStringField("file_names", results.names());
    io(json, results.ioCounts());
    json.writeEndObject();
    StageLatencies.write(json, "latency", latencies.run());
    requests.write(json);
    placement.writeStart(json);
    hosts.writeWorkers(json, results.hosts(), placement);
    json.writeArrayFieldStart("passes");
    for (TrainResults.FinishedPass done : results.finished()) {
      pass(json, done);
    }
    json.writeEndArray();
    if (results.workload().workflow().checkpoint()) {
      checkpoints.report(json);
    }
    provenance.write(json, results.hosts());
    json.writeEndObject();
  }

  private void io(JsonGenerator json, IoCounts io) throws IOException {
    json.writeStringField("io_mode", IoMode.read(dataset, io, requests.has(Traffic.DATASET)));
    json.writeNumberField("storage_bytes", io.readBytes());
    json.writeNumberField("o_direct_bytes", io.directReadBytes());
    json.writeNumberField("o_direct_bounced_bytes", io.bouncedReadBytes());
    json.writeNumberField("retries", io.retries());
  }

  private void pass(JsonGenerator json, TrainResults.FinishedPass done) throws IOException {
    Pass pass = done.pass();
    PassAudit.Balance balance = done.balance();
    json.writeStartObject();
    json.writeStringField("part", pass.part().folder());
    json.writeNumberField("epoch", pass.epoch());
    json.writeNumberField("steps_per_rank", pass.plan().steps());
    json.writeNumberField("duration_seconds", done.durationNanos() / 1e9);
    json.writeNumberField("au_percent", done.auPercent());
    json.writeNumberField("dlio_samples_per_second", done.throughput());
    json.writeNumberField("window_samples_per_second", done.windowThroughput());
    json.writeNumberField("samples", balance.samples());
    json.writeNumberField("expected_samples", balance.expectedSamples());
    json.writeNumberField("left_out_samples", pass.plan().leftOutSamples());
    json.writeNumberField("sample_bytes", balance.sampleBytes());
    if (balance.expectedSampleBytes().isPresent()) {
      json.writeNumberField("expected_sample_bytes", balance.expectedSampleBytes().getAsLong());
    }
    json.writeNumberField("storage_bytes", balance.storageBytes());
    if (balance.counted()) {
      json.writeBooleanField("each_sample_exactly_once", balance.eachOnce());
    } else {
      json.writeNullField("each_sample_exactly_once");
    }
    json.writeBooleanField("samples_as_ordered", balance.covered());
    if (balance.distinct().isPresent()) {
      json.writeNumberField("samples_read_more_than_once", balance.distinct().get().repeated());
      json.writeNumberField("samples_never_read", balance.distinct().get().never());
    }
    json.writeNumberField("padding_samples", balance.padding(pass));
    json.writeStringField(
        "order_hash",
        results.workload().reader().ordered()
            ? "%016x".formatted(balance.orderHash())
            : "unordered");
    json.writeNumberField(
        "compute_requested_seconds_per_rank", done.computeRequestedNanos() / 1e9 / results.ranks());
    cache.write(json, pass.index(), balance.storageBytes());
    StageLatencies.write(json, "latency", latencies.pass(pass.index()));
    placement.writeBarrier(json, pass.index());
    placement.writeWorkers(json, pass, ranks);
    json.writeArrayFieldStart("ranks");
    for (int rank = 0; rank < ranks.size(); rank++) {
      rank(json, pass, rank);
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private void rank(JsonGenerator json, Pass pass, int rank) throws IOException {
    RankBooks books = ranks.get(rank);
    PassResult result = Objects.requireNonNull(books.pass(pass.index()));
    RankBooks.Times times = books.times(pass.index());
    json.writeStartObject();
    json.writeNumberField("rank", rank);
    if (books.hello() != null) {
      json.writeStringField("host", books.hello().host().hostname());
    }
    json.writeNumberField("au_percent", books.auPercent(pass));
    json.writeNumberField("dlio_samples_per_second", books.throughput(pass));
    json.writeNumberField("window_samples_per_second", books.windowThroughput(pass));
    json.writeNumberField("wait_seconds", times.load() / 1e9);
    json.writeNumberField("compute_seconds", times.compute() / 1e9);
    json.writeNumberField("barrier_seconds", times.barrier() / 1e9);
    json.writeNumberField("samples", result.samples());
    json.writeNumberField("sample_bytes", result.sampleBytes());
    json.writeNumberField("storage_bytes", result.storageBytes());
    json.writeEndObject();
  }
}
