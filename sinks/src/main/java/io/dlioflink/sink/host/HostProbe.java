/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.host;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the counters of this process and its host; some 100 us a call. */
public final class HostProbe {
  private static final Logger LOG = LoggerFactory.getLogger(HostProbe.class);

  private final Path proc;
  private final List<String> devices;

  /**
   * A probe of this host.
   *
   * @param devices names as in {@code /proc/diskstats}
   */
  public HostProbe(List<String> devices) {
    this(Path.of("/proc"), devices);
  }

  HostProbe(Path proc, List<String> devices) {
    this.proc = proc;
    this.devices = List.copyOf(devices);
  }

  /**
   * The block device that holds a folder, or would if it existed; empty if it is none of this
   * host's, as on a network or an overlay file system.
   */
  public static Optional<String> deviceOf(Path folder) {
    Path existing = folder.toAbsolutePath();
    while (existing != null && !Files.exists(existing)) {
      existing = existing.getParent();
    }
    if (existing == null) {
      return Optional.empty();
    }
    try {
      String store = Files.getFileStore(existing).name();
      return store.startsWith("/dev/")
          ? Optional.of(Path.of(store).toRealPath().getFileName().toString())
          : Optional.empty();
    } catch (IOException e) {
      LOG.debug("The device of {} is unknown", folder, e);
      return Optional.empty();
    }
  }

  /** The counters now. */
  public HostCounters read() {
    return new HostCounters(
        ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now()),
        deviceReadBytes(),
        cpuNanos(),
        gcMillis(),
        lines("stat").stream().findFirst().map(CpuTicks::parse).orElse(CpuTicks.NONE),
        devices.isEmpty() ? List.of() : deviceCounters());
  }

  private long deviceReadBytes() {
    String field = "read_bytes:";
    return lines("self/io").stream()
        .filter(line -> line.startsWith(field))
        .mapToLong(line -> Long.parseLong(line.substring(field.length()).strip()))
        .findFirst()
        .orElse(HostCounters.UNKNOWN);
  }

  private static long cpuNanos() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
        ? system.getProcessCpuTime()
        : HostCounters.UNKNOWN;
  }

  private static long gcMillis() {
    return ManagementFactory.getGarbageCollectorMXBeans().stream()
        .mapToLong(GarbageCollectorMXBean::getCollectionTime)
        .filter(millis -> millis > 0)
        .sum();
  }

  private List<DeviceCounters> deviceCounters() {
    List<DeviceCounters> counters = new ArrayList<>();
    for (String line : lines("diskstats")) {
      DeviceCounters device = DeviceCounters.parse(line);
      if (device != null && devices.contains(device.name())) {
        counters.add(device);
      }
    }
    return counters;
  }

  /** Empty where there is no such file: counters are a service, no reason to fail a run. */
  private List<String> lines(String file) {
    try {
      return Files.readAllLines(proc.resolve(file));
    } catch (IOException e) {
      LOG.debug("{} cannot be read", file, e);
      return List.of();
    }
  }
}
