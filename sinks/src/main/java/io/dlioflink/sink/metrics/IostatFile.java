/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.metrics;

import com.fasterxml.jackson.core.JsonGenerator;
import io.dlioflink.sink.host.CpuTicks;
import io.dlioflink.sink.host.DeviceCounters;
import io.dlioflink.sink.host.HostCounters;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import javax.annotation.Nullable;

/**
 * {@code iostat.json}: the device counters of one host, second by second, in the form of sysstat's
 * {@code iostat -mdxtcy -o JSON 1}, which DLIO starts on the host of rank 0. "MB" are MiB, as
 * sysstat's are. Written as it comes.
 */
final class IostatFile implements Closeable {
  private static final String NAME = "iostat.json";

  private final OutputFolder output;
  private @Nullable OutputFolder.JsonFile file;
  private @Nullable String host;
  private long process;
  private @Nullable HostCounters last;

  IostatFile(OutputFolder output) {
    this.output = output;
  }

  void accept(HostSample sample) throws IOException {
    if (host == null) {
      host = sample.host();
      process = sample.process();
      begin();
    } else if (sample.moment() == HostSample.Moment.INTERVAL
        && host.equals(sample.host())
        && process == sample.process()) {
      interval(last, sample.counters());
    } else {
      return;
    }
    last = sample.counters();
  }

  private void begin() throws IOException {
    file = output.openJson(NAME);
    JsonGenerator json = file.generator();
    json.writeStartObject();
    json.writeObjectFieldStart("sysstat");
    json.writeArrayFieldStart("hosts");
    json.writeStartObject();
    json.writeStringField("nodename", host);
    json.writeStringField("sysname", System.getProperty("os.name"));
    json.writeStringField("release", System.getProperty("os.version"));
    json.writeStringField("machine", System.getProperty("os.arch"));
    json.writeArrayFieldStart("statistics");
  }

  private void interval(HostCounters before, HostCounters now) throws IOException {
    double seconds = (now.micros() - before.micros()) / 1e6;
    if (seconds <= 0) {
      return;
    }
    JsonGenerator json = file.generator();
    json.writeStartObject();
    json.writeStringField("timestamp", WallClock.format(now.micros()));
    CpuTicks cpu = now.hostCpu().minus(before.hostCpu());
    double total = Math.max(1, cpu.total()) / 100.0;
    json.writeObjectFieldStart("avg-cpu");
    json.writeNumberField("user", rounded(cpu.user() / total));
    json.writeNumberField("nice", rounded(cpu.nice() / total));
    json.writeNumberField("system", rounded(cpu.system() / total));
    json.writeNumberField("iowait", rounded(cpu.iowait() / total));
    json.writeNumberField("steal", rounded(cpu.steal() / total));
    json.writeNumberField("idle", rounded(cpu.idle() / total));
    json.writeEndObject();
    json.writeArrayFieldStart("disk");
    for (DeviceCounters device : now.devices()) {
      if (before.device(device.name()).isPresent()) {
        disk(json, device.minus(before.device(device.name()).get()), seconds);
      }
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private static void disk(JsonGenerator json, DeviceCounters io, double seconds)
      throws IOException {
    json.writeStartObject();
    json.writeStringField("disk_device", io.name());
    json.writeNumberField("r/s", rounded(io.reads() / seconds));
    json.writeNumberField("w/s", rounded(io.writes() / seconds));
    json.writeNumberField("rMB/s", rounded(io.readBytes() / Sizes.MIB / seconds));
    json.writeNumberField("wMB/s", rounded(io.writtenBytes() / Sizes.MIB / seconds));
    json.writeNumberField("r_await", mean(io.readMillis(), io.reads()));
    json.writeNumberField("w_await", mean(io.writeMillis(), io.writes()));
    json.writeNumberField("rareq-sz", mean(io.readBytes() / 1024, io.reads()));
    json.writeNumberField("wareq-sz", mean(io.writtenBytes() / 1024, io.writes()));
    json.writeNumberField("aqu-sz", rounded(io.queueMillis() / 1e3 / seconds));
    json.writeNumberField("util", rounded(Math.min(100, io.busyMillis() / 10.0 / seconds)));
    json.writeEndObject();
  }

  private static double mean(long sum, long count) {
    return count == 0 ? 0 : rounded((double) sum / count);
  }

  private static double rounded(double value) {
    return Math.round(value * 100) / 100.0;
  }

  /**
   * What to say of a host that counts none of the devices.
   *
   * @param wanted devices that were named; empty for the one that holds the dataset
   */
  Optional<String> notice(List<String> wanted) {
    if (last == null || !last.devices().isEmpty()) {
      return Optional.empty();
    }
    String which =
        wanted.isEmpty()
            ? "the dataset is on no block device of %s; name some with profiling.iostat_devices"
                .formatted(host)
            : "%s counts none of profiling.iostat_devices %s".formatted(host, wanted);
    return Optional.of("%s has no devices: %s".formatted(NAME, which));
  }

  /** Ends the file; without this it does not come into being. */
  void commit() throws IOException {
    if (file != null) {
      JsonGenerator json = file.generator();
      json.writeEndArray();
      json.writeEndObject();
      json.writeEndArray();
      json.writeEndObject();
      json.writeEndObject();
      file.commit();
    }
  }

  @Override
  public void close() throws IOException {
    if (file != null) {
      file.close();
    }
  }
}
