/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.metrics;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dlioflink.workload.Pass;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.annotation.Nullable;

/**
 * When a run began, and how often it was resumed and where. Kept in a file of the result folder as
 * well, so that a run that failed before its first checkpoint is not taken for one that never did.
 */
final class Resumptions {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String FILE = "resume-attempts.json";

  /** Everything in the result folder that only a run under way needs. */
  static final Pattern FILES = Pattern.compile("resume-attempts\\.json|" + PassJournal.FILES);

  private final long startMicros;
  private final List<Integer> firstPasses;
  private final @Nullable OutputFolder output;
  private final Map<Integer, Long> begunMicros = new HashMap<>();
  private final Map<Integer, Long> endedMicros = new HashMap<>();

  private boolean recorded;

  private Resumptions(long startMicros, List<Integer> firstPasses, @Nullable OutputFolder output) {
    this.startMicros = startMicros;
    this.firstPasses = List.copyOf(firstPasses);
    this.output = output;
  }

  /** Of a run that cannot be resumed and begins now. */
  static Resumptions never() {
    return new Resumptions(WallClock.micros(), List.of(), null);
  }

  /** Of a run that may be resumed and begins now. */
  static Resumptions begin(OutputFolder output) throws IOException {
    Resumptions begun = new Resumptions(WallClock.micros(), List.of(), output);
    begun.record();
    return begun;
  }

  /**
   * Of a run that begins again with a pass. It is recorded when it has really begun: until then it
   * may fail again and again, as long as Flink deploys it to a task manager that is gone.
   */
  static Resumptions resume(OutputFolder output, int firstPass) throws IOException {
    Resumptions before =
        read(output).orElseGet(() -> new Resumptions(WallClock.micros(), List.of(), output));
    List<Integer> more = new ArrayList<>(before.firstPasses);
    more.add(firstPass);
    return new Resumptions(before.startMicros, more, output);
  }

  private static Optional<Resumptions> read(OutputFolder output) throws IOException {
    if (!output.exists(FILE)) {
      return Optional.empty();
    }
    try (InputStream in = output.openInput(FILE)) {
      JsonNode file = JSON.readTree(in);
      List<Integer> passes = new ArrayList<>();
      file.path("resumed_at_passes").forEach(pass -> passes.add(pass.asInt()));
      return Optional.of(new Resumptions(file.path("start_micros").asLong(), passes, output));
    }
  }

  private void record() throws IOException {
    recorded = true;
    output.writeJson(
        FILE,
        json -> {
          json.writeStartObject();
          json.writeNumberField("start_micros", startMicros);
          json.writeArrayFieldStart("resumed_at_passes");
          for (int pass : firstPasses) {
            json.writeNumber(pass);
          }
          json.writeEndArray();
          json.writeEndObject();
        });
  }

  /**
   * Whether the run has gone on without this attempt: one that hangs may wake up when another has
   * taken its place, and must leave the results alone.
   */
  boolean overtaken() throws IOException {
    return output != null && read(output).filter(now -> now.count() <= count()).isEmpty();
  }

  /** When the run began, wall clock microseconds. */
  long startMicros() {
    return startMicros;
  }

  /** How often the run was resumed. */
  int count() {
    return firstPasses.size();
  }

  /** Takes the start of a pass. */
  void accept(PassBegun begun) throws IOException {
    if (!recorded && output != null && begun.pass() >= firstPasses.get(count() - 1)) {
      record();
    }
    begunMicros.merge(begun.pass(), begun.startMicros(), Math::min);
  }

  /** Takes the end of a pass. */
  void accept(PassResult ended) {
    endedMicros.merge(ended.pass(), ended.endMicros(), Math::max);
  }

  /**
   * From the end of the last pass before each resumption to the start of the pass that was begun
   * again: what was thrown away, and the time without a run.
   *
   * @param nowMicros end of the run
   */
  double lostSeconds(long nowMicros) {
    long lost = 0;
    for (int pass : new TreeSet<>(firstPasses)) {
      long before =
          endedMicros.entrySet().stream()
              .filter(ended -> ended.getKey() < pass)
              .mapToLong(Map.Entry::getValue)
              .max()
              .orElse(startMicros);
      long again =
          begunMicros.entrySet().stream()
              .filter(begun -> begun.getKey() >= pass)
              .mapToLong(Map.Entry::getValue)
              .min()
              .orElse(nowMicros);
      lost += Math.max(0, again - before);
    }
    return lost / 1e6;
  }

  /** What the reader of the figures should know; empty if the run is of one piece. */
  Optional<String> notice(List<Pass> passes, long nowMicros) {
    return count() == 0
        ? Optional.empty()
        : Optional.of(
            "Resumed %s: each epoch was run in one piece, but not the run, so it is no result to compare"
                .formatted(summary(passes, nowMicros)));
  }

  /** How often, from where, and what it cost, for people. */
  String summary(List<Pass> passes, long nowMicros) {
    Set<String> from = new LinkedHashSet<>();
    firstPasses.forEach(pass -> from.add(label(passes, pass)));
    return String.format(
        Locale.ROOT,
        "%d time%s, from the start of %s, %.1f s lost",
        count(),
        count() == 1 ? "" : "s",
        from.stream().collect(Collectors.joining(" and ")),
        lostSeconds(nowMicros));
  }

  private static String label(List<Pass> passes, int pass) {
    return pass < passes.size() ? passes.get(pass).label() : "the last report";
  }

  /** Writes the field {@code resumed} of a report; none if the run could not be resumed. */
  void write(JsonGenerator json, List<Pass> passes, long nowMicros) throws IOException {
    if (output == null) {
      return;
    }
    json.writeObjectFieldStart("resumed");
    json.writeNumberField("times", count());
    json.writeNumberField("lost_seconds", lostSeconds(nowMicros));
    json.writeArrayFieldStart("from");
    for (int number : firstPasses) {
      if (number < passes.size()) {
        Pass pass = passes.get(number);
        json.writeStartObject();
        json.writeStringField("part", pass.part().folder());
        json.writeNumberField("epoch", pass.epoch());
        json.writeNumberField("step", 1);
        json.writeEndObject();
      }
    }
    json.writeEndArray();
    json.writeEndObject();
  }
}
