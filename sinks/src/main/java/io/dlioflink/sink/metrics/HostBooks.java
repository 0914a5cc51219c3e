/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.metrics;

import com.fasterxml.jackson.core.JsonGenerator;
import io.dlioflink.sink.host.DeviceCounters;
import io.dlioflink.sink.host.HostCounters;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import javax.annotation.Nullable;

/**
 * What the kernels of the workers' hosts counted: the share of processor time and garbage
 * collection of each worker process, and what block devices delivered in each pass. Memory is that
 * of the workers and passes.
 */
final class HostBooks {
  /** First and last counters, and those from which the pass under way counts. */
  private static final class Watched {
    private HostCounters first;
    private HostCounters last;
    private @Nullable HostCounters passStart;
  }

  /**
   * What devices delivered in a pass or several.
   *
   * @param processBytes to the worker processes; empty if the kernel of any of them does not say
   * @param deviceBytes to anybody, by host and device
   */
  record Delivered(OptionalLong processBytes, Map<String, Long> deviceBytes) {
    private static final Delivered UNKNOWN = new Delivered(OptionalLong.empty(), Map.of());

    private Delivered plus(Delivered other) {
      Map<String, Long> devices = new TreeMap<>(deviceBytes);
      other.deviceBytes.forEach((device, bytes) -> devices.merge(device, bytes, Long::sum));
      boolean known = processBytes.isPresent() && other.processBytes.isPresent();
      return new Delivered(
          known
              ? OptionalLong.of(processBytes.getAsLong() + other.processBytes.getAsLong())
              : OptionalLong.empty(),
          devices);
    }

    /** What is known best: of our processes alone, else of the devices. */
    OptionalLong bytes() {
      return processBytes.isPresent() || deviceBytes.isEmpty()
          ? processBytes
          : OptionalLong.of(deviceBytes.values().stream().mapToLong(Long::longValue).sum());
    }
  }

  private final Map<Worker, Watched> processes = new LinkedHashMap<>();

  /** The process whose device counters stand for its host. */
  private final Map<String, Worker> witnesses = new HashMap<>();

  private final Map<Integer, Delivered> delivered = new HashMap<>();
  private final Map<Integer, List<CacheDrop>> drops = new HashMap<>();

  void accept(HostSample sample) {
    Worker worker = new Worker(sample.host(), sample.process());
    Watched process = processes.computeIfAbsent(worker, key -> new Watched());
    if (process.first == null) {
      process.first = sample.counters();
    }
    process.last = sample.counters();
    switch (sample.moment()) {
      case PASS_START -> {
        // Ranks do not begin a pass together: what they read since the last one ended is of this.
        if (process.passStart == null) {
          process.passStart = sample.counters();
        }
      }
      case PASS_END -> {
        HostCounters start = process.passStart;
        delivered.merge(
            sample.pass(),
            start == null
                ? Delivered.UNKNOWN
                : new Delivered(bytes(start, sample.counters()), devices(worker, start, sample)),
            Delivered::plus);
        process.passStart = sample.counters();
      }
      case INTERVAL -> {
        // First and last are all that is needed of it.
      }
    }
  }

  private static OptionalLong bytes(HostCounters start, HostCounters end) {
    return start.deviceReadBytes() == HostCounters.UNKNOWN
            || end.deviceReadBytes() == HostCounters.UNKNOWN
        ? OptionalLong.empty()
        : OptionalLong.of(end.deviceReadBytes() - start.deviceReadBytes());
  }

  private Map<String, Long> devices(Worker worker, HostCounters start, HostSample end) {
    Map<String, Long> bytes = new TreeMap<>();
    if (witnesses.computeIfAbsent(worker.host(), host -> worker).equals(worker)) {
      for (DeviceCounters device : end.counters().devices()) {
        start
            .device(device.name())
            .ifPresent(
                before ->
                    bytes.put(
                        worker.host() + ":" + device.name(), device.minus(before).readBytes()));
      }
    }
    return bytes;
  }

  void accept(CacheDrop drop) {
    drops.computeIfAbsent(drop.pass(), pass -> new ArrayList<>()).add(drop);
  }

  Delivered delivered(int pass) {
    return delivered.getOrDefault(pass, Delivered.UNKNOWN);
  }

  /** Of several passes; what is unknown of one of them is unknown of all. */
  OptionalLong bytes(List<Integer> passes) {
    Delivered sum = new Delivered(OptionalLong.of(0), Map.of());
    boolean devices = true;
    for (int pass : passes) {
      sum = sum.plus(delivered(pass));
      devices &= !delivered(pass).deviceBytes().isEmpty();
    }
    return sum.processBytes().isPresent() || devices ? sum.bytes() : OptionalLong.empty();
  }

  /** Whether and how caches were dropped before a pass; empty if nobody asked for it. */
  List<CacheDrop> drops(int pass) {
    return drops.getOrDefault(pass, List.of());
  }

  /** Writes an array with an object per worker process. */
  void writeWorkers(JsonGenerator json, List<HostFacts> hosts, PlacementBooks placement)
      throws IOException {
    json.writeArrayFieldStart("workers");
    for (Map.Entry<Worker, Watched> entry : processes.entrySet()) {
      HostCounters first = entry.getValue().first;
      HostCounters last = entry.getValue().last;
      double seconds = (last.micros() - first.micros()) / 1e6;
      json.writeStartObject();
      json.writeStringField("host", entry.getKey().host());
      json.writeNumberField("process", entry.getKey().process());
      String ranks = placement.ranksOf(entry.getKey());
      if (!ranks.isEmpty()) {
        json.writeStringField("ranks", ranks);
      }
      json.writeNumberField("observed_seconds", seconds);
      if (seconds > 0) {
        double cores = (last.cpuNanos() - first.cpuNanos()) / 1e9 / seconds;
        if (first.cpuNanos() != HostCounters.UNKNOWN) {
          json.writeNumberField("cpu_cores_used", cores);
          for (HostFacts host : hosts) {
            if (host.hostname().equals(entry.getKey().host())) {
              json.writeNumberField("cpu_percent_of_host", 100 * cores / host.cpus());
            }
          }
        }
        json.writeNumberField("gc_percent", (last.gcMillis() - first.gcMillis()) / 10.0 / seconds);
      }
      json.writeEndObject();
    }
    json.writeEndArray();
  }
}
