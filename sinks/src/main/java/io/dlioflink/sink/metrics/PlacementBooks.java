/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.metrics;

import com.fasterxml.jackson.core.JsonGenerator;
import io.dlioflink.workload.Pass;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** On which worker each rank runs, and which one the others waited for. */
final class PlacementBooks {
  private static final int NAMED_STRAGGLERS = 3;
  private static final double NOTEWORTHY_SHARE = 0.05;

  private final Map<Integer, RankPlace> places = new TreeMap<>();
  private final Map<Integer, Map<Integer, RankMeetings>> meetings = new HashMap<>();
  private final List<String> moves = new ArrayList<>();

  void accept(RankPlace place) {
    RankPlace before = places.put(place.rank(), place);
    if (before != null && !before.worker().equals(place.worker())) {
      moves.add(
          "Rank %d moved from %s to %s".formatted(place.rank(), before.worker(), place.worker()));
    }
  }

  void accept(RankMeetings met) {
    meetings.computeIfAbsent(met.pass(), pass -> new TreeMap<>()).put(met.rank(), met);
  }

  /** The ranks of each worker, in order. */
  private Map<Worker, NavigableSet<Integer>> ranks() {
    Map<Worker, NavigableSet<Integer>> ranks = new LinkedHashMap<>();
    places
        .values()
        .forEach(
            place ->
                ranks.computeIfAbsent(place.worker(), worker -> new TreeSet<>()).add(place.rank()));
    return ranks;
  }

  /** The ranks of a worker as e.g. {@code 0-7, 12}; empty if it has none. */
  String ranksOf(Worker worker) {
    return ranges(ranks().getOrDefault(worker, new TreeSet<>()));
  }

  private static String ranges(NavigableSet<Integer> ranks) {
    StringBuilder text = new StringBuilder();
    Integer from = null;
    Integer to = null;
    for (Integer rank : ranks) {
      if (to != null && rank == to + 1) {
        to = rank;
        continue;
      }
      append(text, from, to);
      from = rank;
      to = rank;
    }
    append(text, from, to);
    return text.toString();
  }

  private static void append(StringBuilder text, Integer from, Integer to) {
    if (from != null) {
      text.append(text.isEmpty() ? "" : ", ").append(from);
      text.append(from.equals(to) ? "" : "-" + to);
    }
  }

  /** In a few words; empty if nothing is known. */
  Optional<String> summary() {
    Collection<NavigableSet<Integer>> perWorker = ranks().values();
    if (perWorker.isEmpty()) {
      return Optional.empty();
    }
    int fewest = perWorker.stream().mapToInt(NavigableSet::size).min().orElseThrow();
    int most = perWorker.stream().mapToInt(NavigableSet::size).max().orElseThrow();
    return Optional.of(
        "%d accelerators on %d worker%s, %s each"
            .formatted(
                places.size(),
                perWorker.size(),
                perWorker.size() == 1 ? "" : "s",
                fewest == most ? String.valueOf(most) : fewest + " to " + most));
  }

  /** What the reader of the figures should know. */
  List<String> notices(List<TrainResults.FinishedPass> finished) {
    List<String> notices = new ArrayList<>(moves);
    for (TrainResults.FinishedPass done : finished) {
      for (RankMeetings straggler : stragglers(done.pass().index())) {
        if (straggler.heldUpNanos() > NOTEWORTHY_SHARE * done.durationNanos()) {
          notices.add(
              "%s: the others waited %.1f of %.1f s at the barrier for rank %d on %s"
                  .formatted(
                      done.pass().label(),
                      straggler.heldUpNanos() / 1e9,
                      done.durationNanos() / 1e9,
                      straggler.rank(),
                      where(straggler.rank())));
        }
      }
    }
    return notices;
  }

  private String where(int rank) {
    RankPlace place = places.get(rank);
    return place == null ? "an unknown worker" : place.worker().toString();
  }

  private List<RankMeetings> stragglers(int pass) {
    return meetings.getOrDefault(pass, Map.of()).values().stream()
        .filter(met -> met.heldUpNanos() > 0)
        .sorted(Comparator.comparingLong(RankMeetings::heldUpNanos).reversed())
        .limit(NAMED_STRAGGLERS)
        .toList();
  }

  /** Writes the object {@code start_barrier}: whom the others waited for before the first step. */
  void writeStart(JsonGenerator json) throws IOException {
    json.writeObjectFieldStart("start_barrier");
    List<RankPlace> order =
        places.values().stream()
            .sorted(Comparator.comparingLong(RankPlace::waitedNanos).reversed())
            .toList();
    json.writeNumberField("ranks", order.size());
    if (!order.isEmpty()) {
      RankPlace last = order.get(order.size() - 1);
      json.writeNumberField("first_rank_waited_seconds", order.get(0).waitedNanos() / 1e9);
      json.writeNumberField("last_rank", last.rank());
      json.writeStringField("last_host", last.worker().host());
      json.writeNumberField("last_process", last.worker().process());
      if (order.size() > 1) {
        json.writeNumberField(
            "last_rank_held_up_others_seconds",
            (order.get(order.size() - 2).waitedNanos() - last.waitedNanos()) / 1e9);
      }
    }
    json.writeEndObject();
  }

  /** Writes the object {@code barrier} of a pass. */
  void writeBarrier(JsonGenerator json, int pass) throws IOException {
    Collection<RankMeetings> all = meetings.getOrDefault(pass, Map.of()).values();
    long count = all.stream().mapToLong(RankMeetings::count).max().orElse(0);
    long frames = all.stream().mapToLong(RankMeetings::serverFrames).max().orElse(0);
    json.writeObjectFieldStart("barrier");
    json.writeNumberField("meetings", count);
    json.writeNumberField("job_manager_messages", frames);
    json.writeNumberField(
        "job_manager_bytes", all.stream().mapToLong(RankMeetings::serverBytes).max().orElse(0));
    if (count > 0) {
      json.writeNumberField("job_manager_messages_per_meeting", (double) frames / count);
    }
    json.writeArrayFieldStart("stragglers");
    for (RankMeetings straggler : stragglers(pass)) {
      json.writeStartObject();
      json.writeNumberField("rank", straggler.rank());
      json.writeStringField("worker", where(straggler.rank()));
      json.writeNumberField("last_times", straggler.last());
      json.writeNumberField("held_up_others_seconds", straggler.heldUpNanos() / 1e9);
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  /** Writes the array {@code workers} of a pass: what each worker did. */
  void writeWorkers(JsonGenerator json, Pass pass, List<RankBooks> books) throws IOException {
    Map<Integer, RankMeetings> met = meetings.getOrDefault(pass.index(), Map.of());
    json.writeArrayFieldStart("workers");
    for (Map.Entry<Worker, NavigableSet<Integer>> entry : ranks().entrySet()) {
      List<RankBooks> ranks = entry.getValue().stream().map(books::get).toList();
      List<PassResult> results =
          ranks.stream().map(rank -> rank.pass(pass.index())).filter(Objects::nonNull).toList();
      List<RankMeetings> meets =
          entry.getValue().stream().map(met::get).filter(Objects::nonNull).toList();
      json.writeStartObject();
      json.writeStringField("host", entry.getKey().host());
      json.writeNumberField("process", entry.getKey().process());
      json.writeNumberField("accelerators", ranks.size());
      json.writeNumberField(
          "au_percent",
          ranks.stream().mapToDouble(rank -> rank.auPercent(pass)).average().orElse(0));
      json.writeNumberField(
          "window_samples_per_second",
          ranks.stream().mapToDouble(rank -> rank.windowThroughput(pass)).sum());
      json.writeNumberField("samples", results.stream().mapToLong(PassResult::samples).sum());
      json.writeNumberField(
          "storage_bytes", results.stream().mapToLong(PassResult::storageBytes).sum());
      json.writeNumberField(
          "wait_seconds",
          ranks.stream().mapToLong(rank -> rank.times(pass.index()).load()).sum() / 1e9);
      json.writeNumberField(
          "barrier_seconds",
          ranks.stream().mapToLong(rank -> rank.times(pass.index()).barrier()).sum() / 1e9);
      json.writeNumberField("last_times", meets.stream().mapToLong(RankMeetings::last).sum());
      json.writeNumberField(
          "held_up_others_seconds",
          meets.stream().mapToLong(RankMeetings::heldUpNanos).sum() / 1e9);
      json.writeEndObject();
    }
    json.writeEndArray();
  }
}
