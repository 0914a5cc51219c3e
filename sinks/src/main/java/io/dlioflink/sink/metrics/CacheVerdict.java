/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.metrics;

import com.fasterxml.jackson.core.JsonGenerator;
import io.dlioflink.storage.IoCounts;
import io.dlioflink.workload.DatasetConfig;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * Whether what was read came from devices or from memory: device bytes against the bytes that
 * storage delivered, and the size of the dataset against that of memory. The run is judged as a
 * whole: no barrier parts its passes, so reads at the edge of one count for the other.
 */
final class CacheVerdict {
  private static final double SUSPICIOUS_BELOW_PERCENT = 50;
  private static final double CERTAIN_FROM_PERCENT = 95;
  private static final int SAFE_TIMES_MEMORY = 5;

  private final HostBooks hosts;
  private final boolean cacheable;

  /**
   * Looks at a run.
   *
   * @param localFiles whether the dataset is on a mounted file system
   * @param io bytes of the run, by the way they took
   */
  CacheVerdict(HostBooks hosts, boolean localFiles, IoCounts io) {
    this.hosts = hosts;
    this.cacheable = localFiles && io.directReadBytes() + io.bouncedReadBytes() < io.readBytes();
  }

  /** Device bytes in percent of storage bytes of a pass; more than 100 with read-ahead. */
  OptionalDouble devicePercent(int pass, long storageBytes) {
    return percent(hosts.delivered(pass).bytes(), storageBytes);
  }

  private static OptionalDouble percent(OptionalLong deviceBytes, long storageBytes) {
    return deviceBytes.isEmpty() || storageBytes == 0
        ? OptionalDouble.empty()
        : OptionalDouble.of(100.0 * deviceBytes.getAsLong() / storageBytes);
  }

  private OptionalDouble devicePercent(List<TrainResults.FinishedPass> passes) {
    return percent(
        hosts.bytes(passes.stream().map(pass -> pass.pass().index()).toList()),
        storageBytes(passes));
  }

  private static long storageBytes(List<TrainResults.FinishedPass> passes) {
    return passes.stream().mapToLong(pass -> pass.balance().storageBytes()).sum();
  }

  /** In a few words. */
  String verdict(int pass, long storageBytes) {
    return verdict(devicePercent(pass, storageBytes), storageBytes);
  }

  private String verdict(OptionalDouble percent, long storageBytes) {
    if (storageBytes == 0) {
      return "nothing read";
    }
    if (!cacheable) {
      return "page cache not used";
    }
    if (percent.isEmpty()) {
      return "unknown";
    }
    return percent.getAsDouble() < SUSPICIOUS_BELOW_PERCENT ? "cache suspected" : "from the device";
  }

  /** All passes together, for people. */
  String ofRun(List<TrainResults.FinishedPass> passes) {
    OptionalDouble percent = devicePercent(passes);
    return verdict(percent, storageBytes(passes))
        + (percent.isPresent() && cacheable
            ? " (%s of the bytes came from the device)".formatted(text(percent.getAsDouble()))
            : "");
  }

  private static String text(double percent) {
    return percent > 100 ? ">= 100 % (read-ahead)" : String.format(Locale.ROOT, "%.1f %%", percent);
  }

  /** What the reader of the figures should know. */
  List<String> notices(
      DatasetConfig dataset, List<HostFacts> machines, List<TrainResults.FinishedPass> passes) {
    List<String> notices = new ArrayList<>();
    for (TrainResults.FinishedPass pass : passes) {
      for (CacheDrop drop : hosts.drops(pass.pass().index())) {
        if (!drop.dropped()) {
          String notice = "Caches of %s were not dropped: %s".formatted(drop.host(), drop.how());
          if (!notices.contains(notice)) {
            notices.add(notice);
          }
        }
      }
    }
    if (!cacheable) {
      return notices;
    }
    OptionalDouble percent = devicePercent(passes);
    String share =
        percent.isEmpty()
            ? ""
            : " Bytes that came from the device: " + text(percent.getAsDouble()) + ".";
    double datasetBytes =
        dataset.recordLengthBytes() * dataset.numSamplesPerFile() * dataset.numFilesTrain();
    double memory = machines.stream().mapToDouble(HostFacts::memoryBytes).sum();
    if (percent.isPresent() && percent.getAsDouble() < SUSPICIOUS_BELOW_PERCENT) {
      notices.add("Cache suspected: most reads did not reach the storage." + share);
    } else if (percent.orElse(0) < CERTAIN_FROM_PERCENT
        && memory > 0
        && datasetBytes < SAFE_TIMES_MEMORY * memory) {
      notices.add(
          "%sThe dataset (%s) is smaller than 5 x memory (%s): reads may come from the page cache, not from storage.%s"
              .formatted(
                  datasetBytes < memory && percent.isEmpty() ? "Cache suspected. " : "",
                  Sizes.bytes(datasetBytes),
                  Sizes.bytes(SAFE_TIMES_MEMORY * memory),
                  share));
    }
    return notices;
  }

  /** Writes the field {@code cache} of a pass. */
  void write(JsonGenerator json, int pass, long storageBytes) throws IOException {
    HostBooks.Delivered delivered = hosts.delivered(pass);
    json.writeObjectFieldStart("cache");
    json.writeStringField("verdict", verdict(pass, storageBytes));
    json.writeNumberField("storage_bytes", storageBytes);
    if (delivered.processBytes().isPresent()) {
      json.writeNumberField("worker_device_bytes", delivered.processBytes().getAsLong());
    } else {
      json.writeStringField("worker_device_bytes", "unknown");
    }
    json.writeObjectFieldStart("device_bytes");
    for (Map.Entry<String, Long> device : delivered.deviceBytes().entrySet()) {
      json.writeNumberField(device.getKey(), device.getValue());
    }
    json.writeEndObject();
    OptionalDouble percent = devicePercent(pass, storageBytes);
    if (percent.isPresent()) {
      json.writeNumberField("from_device_percent", percent.getAsDouble());
      json.writeStringField(
          "from_device_source",
          delivered.processBytes().isPresent()
              ? "read_bytes of /proc/self/io of the workers"
              : "/proc/diskstats of the hosts");
    }
    json.writeArrayFieldStart("drops_before");
    for (CacheDrop drop : hosts.drops(pass)) {
      json.writeStartObject();
      json.writeStringField("host", drop.host());
      json.writeBooleanField("dropped", drop.dropped());
      json.writeStringField("how", drop.how());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }
}
