/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.host;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the counters of this process and its host; some 100 us a call. */
public final class HostProbe {
  private static final Logger LOG = LoggerFactory.getLogger(HostProbe.class);

  private static final Set<String> ACCOUNTING =
      Set.of(
          "ext2", "ext3", "ext4", "xfs", "btrfs", "f2fs", "nfs", "nfs4", "overlay", "tmpfs",
          "ramfs");

  private final Path proc;
  private final List<String> devices;
  private final boolean accounted;

  /**
   * A probe of this host.
   *
   * @param devices names as in {@code /proc/diskstats}
   * @param accounted whether {@code read_bytes} of a process tells of the reads that matter; if
   *     not, it is taken as unknown
   */
  public HostProbe(List<String> devices, boolean accounted) {
    this(Path.of("/proc"), devices, accounted);
  }

  HostProbe(Path proc, List<String> devices, boolean accounted) {
    this.proc = proc;
    this.devices = List.copyOf(devices);
    this.accounted = accounted;
  }

  /**
   * The block device that holds a folder, or would if it existed; empty if it is none of this
   * host's, as on a network or an overlay file system.
   */
  public static Optional<String> deviceOf(Path folder) {
    try {
      Optional<FileStore> store = storeOf(folder);
      return store.isPresent() && store.get().name().startsWith("/dev/")
          ? Optional.of(Path.of(store.get().name()).toRealPath().getFileName().toString())
          : Optional.empty();
    } catch (IOException e) {
      LOG.debug("The device of {} is unknown", folder, e);
      return Optional.empty();
    }
  }

  /**
   * Whether the file system that holds a folder, or would if it existed, charges the bytes its
   * devices deliver to the process that reads. Many do not: FUSE, ZFS, most parallel file systems.
   */
  public static boolean accountsReads(Path folder) {
    try {
      return storeOf(folder).map(FileStore::type).map(ACCOUNTING::contains).orElse(false);
    } catch (IOException e) {
      LOG.debug("The file system of {} is unknown", folder, e);
      return false;
    }
  }

  private static Optional<FileStore> storeOf(Path folder) throws IOException {
    Path existing = folder.toAbsolutePath();
    while (existing != null && !Files.exists(existing)) {
      existing = existing.getParent();
    }
    return existing == null ? Optional.empty() : Optional.of(Files.getFileStore(existing));
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
    if (!accounted) {
      return HostCounters.UNKNOWN;
    }
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
