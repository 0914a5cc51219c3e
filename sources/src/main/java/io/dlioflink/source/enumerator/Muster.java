/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.source.enumerator;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import javax.annotation.Nullable;

/**
 * Who has registered, where, and when: no rank begins before all are here. Times are of the job
 * manager's clock alone.
 */
final class Muster {
  private record Arrival(RegisterEvent event, long nanos) {}

  private final Map<Integer, Arrival> arrivals = new TreeMap<>();

  /** A rank is here; one that comes again, e.g. after a restart, counts from then on. */
  void arrived(int rank, RegisterEvent event, long nanos) {
    arrivals.put(rank, new Arrival(event, nanos));
  }

  void gone(int rank) {
    arrivals.remove(rank);
  }

  int size() {
    return arrivals.size();
  }

  String jvm(int rank) {
    return arrivals.get(rank).event().jvm();
  }

  /** The pass its state says it had come to; null if it has no state. */
  @Nullable
  Integer restoredPass(int rank) {
    return arrivals.get(rank).event().restoredPass();
  }

  /** How many ranks each JVM has. */
  Map<String, Integer> partiesOfJvm() {
    Map<String, Integer> parties = new HashMap<>();
    arrivals.values().forEach(arrival -> parties.merge(arrival.event().jvm(), 1, Integer::sum));
    return parties;
  }

  /** When a rank came. */
  long nanos(int rank) {
    return arrivals.get(rank).nanos();
  }

  /** When the last one came. */
  long lastNanos() {
    return arrivals.values().stream().mapToLong(Arrival::nanos).max().orElseThrow();
  }

  /** The rank that the others waited for, and how long, for people. */
  String account(Map<Integer, String> hosts) {
    List<Long> times = arrivals.values().stream().map(Arrival::nanos).sorted().toList();
    int last =
        arrivals.entrySet().stream()
            .max(Comparator.comparingLong(entry -> entry.getValue().nanos()))
            .orElseThrow()
            .getKey();
    return times.size() == 1
        ? "one rank"
        : "the last was rank %d on %s, %.3f s after the first and %.3f s after the one before it"
            .formatted(
                last,
                hosts.getOrDefault(last, "an unknown host"),
                (times.get(times.size() - 1) - times.get(0)) / 1e9,
                (times.get(times.size() - 1) - times.get(times.size() - 2)) / 1e9);
  }

  /** What is to be said of ranks that are not spread evenly. */
  Optional<String> unevenness() {
    Collection<Integer> parties = partiesOfJvm().values();
    int most = parties.stream().max(Comparator.naturalOrder()).orElse(0);
    int fewest = parties.stream().min(Comparator.naturalOrder()).orElse(0);
    return most - fewest <= 1
        ? Optional.empty()
        : Optional.of(
            "The accelerators are not spread evenly: between %d and %d on each of %d task managers; set taskmanager.load-balance.mode: SLOTS on the cluster, or take a multiple of the task managers"
                .formatted(fewest, most, parties.size()));
  }
}
