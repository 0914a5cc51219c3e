/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job.accelerator;

import io.dlioflink.sink.host.HostProbe;
import io.dlioflink.sink.host.PageCache;
import io.dlioflink.sink.metrics.CacheDrop;
import io.dlioflink.sink.metrics.HostFacts;
import io.dlioflink.sink.metrics.HostSample;
import io.dlioflink.sink.metrics.Recording;
import io.dlioflink.source.dataset.DatasetFacts;
import io.dlioflink.source.dataset.DatasetFiles;
import io.dlioflink.storage.Location;
import io.dlioflink.workload.Pass;
import io.dlioflink.workload.Workload;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.LongStream;
import javax.annotation.Nullable;

/**
 * Watches the host of a worker process, and drops its caches. One rank of each process does it: the
 * first one that asks.
 */
final class HostObserver {
  /** The observing rank of each job in this process; jobs clear their own entry. */
  private static final Map<String, Integer> OBSERVERS = new ConcurrentHashMap<>();

  private final Workload workload;
  private final Location dataset;
  private final Recording recording;
  private final HostProbe probe;
  private final String host = HostFacts.nameOfThisHost();
  private final long process = ProcessHandle.current().pid();
  private volatile int pass;

  private HostObserver(Workload workload, Location dataset, Recording recording) {
    this.workload = workload;
    this.dataset = dataset;
    this.recording = recording;
    this.probe =
        new HostProbe(
            devices(), dataset.isLocal() && HostProbe.accountsReads(Path.of(dataset.path())));
  }

  /** The observer of this process if it is to be this rank; else null. */
  static @Nullable HostObserver appoint(
      String job, int rank, Workload workload, Location dataset, Recording recording) {
    return OBSERVERS.putIfAbsent(job, rank) == null
        ? new HostObserver(workload, dataset, recording)
        : null;
  }

  /** The rank ends; another one of its job may observe. */
  static void dismiss(String job, int rank) {
    OBSERVERS.remove(job, rank);
  }

  private List<String> devices() {
    List<String> named = workload.profiling().iostatDevices();
    if (!named.isEmpty()) {
      return named.stream().map(name -> name.substring(name.lastIndexOf('/') + 1)).toList();
    }
    return dataset.isLocal()
        ? HostProbe.deviceOf(Path.of(dataset.path())).map(List::of).orElse(List.of())
        : List.of();
  }

  /** Before a pass: drops caches if that is wanted; empty if not. */
  Optional<CacheDrop> dropCaches(Pass next, DatasetFacts facts) throws InterruptedException {
    if (!recording.dropCaches() || !dataset.isLocal()) {
      return Optional.empty();
    }
    DatasetFiles files = facts.files().get(next.part());
    PageCache.Outcome outcome =
        PageCache.drop(
            () ->
                LongStream.range(0, workload.dataset().numFiles(next.part()))
                    .mapToObj(file -> dataset.child(files.relativePath(file)).path())
                    .iterator());
    return Optional.of(new CacheDrop(host, next.index(), outcome.dropped(), outcome.how()));
  }

  HostSample passStart(Pass next) {
    pass = next.index();
    return sample(HostSample.Moment.PASS_START);
  }

  HostSample passEnd() {
    return sample(HostSample.Moment.PASS_END);
  }

  /** From any thread. */
  HostSample interval() {
    return sample(HostSample.Moment.INTERVAL);
  }

  private HostSample sample(HostSample.Moment moment) {
    return new HostSample(host, process, moment, pass, probe.read());
  }
}
