/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job.doctor;

import com.sun.management.HotSpotDiagnosticMXBean;
import io.dlioflink.sink.metrics.HostFacts;
import io.dlioflink.sink.metrics.Sizes;
import io.dlioflink.source.reader.SampleReaderOperator;
import io.dlioflink.storage.Location;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** All checks of one worker process. */
final class WorkerChecks {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final long TEMPORARY_BYTES = 1L << 30;

  private final DoctorSpec spec;
  private final int slots;
  private final List<Finding> findings = new ArrayList<>();
  private final EndpointProbe endpoints = new EndpointProbe();
  private final Set<String> asked = new HashSet<>();

  /**
   * Checks of this process.
   *
   * @param slots tasks of the run that it may get
   */
  WorkerChecks(DoctorSpec spec, int slots) {
    this.spec = spec;
    this.slots = slots;
  }

  WorkerReport run() throws InterruptedException {
    processors();
    memory();
    disk("temporary files", Path.of(System.getProperty("java.io.tmpdir")), TEMPORARY_BYTES, false);
    for (Map.Entry<String, Location> location : spec.locations().entrySet()) {
      if (!location.getValue().isNowhere()) {
        location(location.getKey(), location.getValue());
      }
    }
    return new WorkerReport(
        HostFacts.nameOfThisHost(), ProcessHandle.current().pid(), List.copyOf(findings));
  }

  private void processors() {
    int processors = Runtime.getRuntime().availableProcessors();
    String detail = "%d for %d accelerators".formatted(processors, slots);
    findings.add(
        slots > processors
            ? Finding.warning(
                "processors",
                detail,
                "give this worker fewer slots: accelerators that compete for processors measure"
                    + " themselves")
            : Finding.ok("processors", detail));
  }

  /** Read threads hold their buffers outside of the heap. */
  private void memory() {
    HostFacts host = HostFacts.ofThisHost();
    long limit = directLimit();
    long needed =
        (long) slots
            * Math.max(1, spec.workload().reader().readThreads())
            * SampleReaderOperator.chunkBytes(spec.workload(), spec.dataset());
    String detail =
        "%s in the host; %s of direct memory, %s are read into"
            .formatted(Sizes.bytes(host.memoryBytes()), Sizes.bytes(limit), Sizes.bytes(needed));
    findings.add(
        needed > limit
            ? Finding.failed(
                "memory",
                detail,
                "raise taskmanager.memory.task.off-heap.size, or lower reader.transfer_size or"
                    + " reader.read_threads")
            : Finding.ok("memory", detail));
  }

  private static long directLimit() {
    HotSpotDiagnosticMXBean machine =
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
    long limit = Long.parseLong(machine.getVMOption("MaxDirectMemorySize").getValue());
    return limit == 0 ? Runtime.getRuntime().maxMemory() : limit;
  }

  private void disk(String what, Path folder, long neededBytes, boolean fatal) {
    Path there = folder;
    while (there.getParent() != null && !Files.exists(there)) {
      there = there.getParent();
    }
    String check = what + ": free space";
    long free;
    try {
      free = Files.getFileStore(there).getUsableSpace();
    } catch (IOException e) {
      findings.add(Finding.skipped(check, "cannot be told: " + e.getMessage()));
      return;
    }
    String detail =
        "%s in %s%s"
            .formatted(
                Sizes.bytes(free),
                there,
                neededBytes > 0 ? ", needed are " + Sizes.bytes(neededBytes) : "");
    if (free >= neededBytes) {
      findings.add(Finding.ok(check, detail));
    } else if (fatal) {
      findings.add(Finding.failed(check, detail, "free space, or name another folder"));
    } else {
      findings.add(Finding.warning(check, detail, "free space, or set java.io.tmpdir"));
    }
  }

  private void location(String name, Location location) throws InterruptedException {
    if (location.isLocal()) {
      disk(
          name, Path.of(location.path()), name.equals("dataset") ? spec.generatedBytes() : 0, true);
    }
    LocationProbe probe = new LocationProbe(name, location);
    findings.addAll(patiently(name, location, probe));
    if (location.isLocal()) {
      findings.add(Finding.skipped(name + ": clock", "a mounted file system tells no date"));
      return;
    }
    Collection<String> found =
        Endpoints.of(
            location.scheme(), probe.endpoints(), spec.storageOptions().values(), System.getenv());
    for (String endpoint : found) {
      if (asked.add(endpoint)) {
        findings.addAll(endpoints.ask(endpoint));
      }
    }
    if (found.isEmpty()) {
      findings.add(
          Finding.skipped(name + ": clock", "no endpoint is known that could tell a date"));
    }
  }

  /** Storage may hang; the probe ends when the storage answers, the check before. */
  private List<Finding> patiently(String name, Location location, LocationProbe probe)
      throws InterruptedException {
    FutureTask<List<Finding>> task = new FutureTask<>(() -> probe.run(spec.storageOptions()));
    Thread thread = new Thread(task, "doctor-" + name);
    thread.setDaemon(true);
    Instant start = Instant.now();
    thread.start();
    try {
      return task.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      thread.interrupt();
      return List.of(
          Finding.failed(
              name + ": put",
              "no end within %d s: %s"
                  .formatted(Duration.between(start, Instant.now()).toSeconds(), location),
              "check that this host reaches the store, and that no mount hangs"));
    } catch (ExecutionException e) {
      throw new IllegalStateException("The probe of " + location + " failed", e.getCause());
    }
  }
}
