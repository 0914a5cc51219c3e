/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dlioflink.sink.SinkFixture;
import io.dlioflink.storage.Location;
import io.dlioflink.storage.StorageOptions;
import io.dlioflink.workload.Workload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run whose sink is lost in the middle and made anew from a checkpoint. */
class ResumedRunTest {
  private static final int RANKS = 2;

  @TempDir private Path folder;
  private SyntheticRun run;
  private List<MetricsRecord> records;

  @BeforeEach
  void record() {
    Workload workload =
        SinkFixture.workload("dataset.num_files_train=12", "reader.batch_size=2", "train.epochs=3");
    run = new SyntheticRun(workload, RANKS);
    // As they come: pass after pass, ranks side by side, and each begins with a PassBegun.
    records = new ArrayList<>();
    run.passes.forEach(
        pass -> {
          for (int rank = 0; rank < RANKS; rank++) {
            records.add(
                new PassBegun(rank, pass.index(), SyntheticRun.START_MICROS + pass.index()));
          }
          run.change(
              record -> {
                if (passOf(record) == pass.index()) {
                  records.add(record);
                }
                return record;
              });
        });
  }

  private static int passOf(MetricsRecord record) {
    if (record instanceof StepBatch steps) {
      return steps.pass();
    } else if (record instanceof ReadInterval interval) {
      return interval.pass();
    } else if (record instanceof BlockResult block) {
      return block.pass();
    } else if (record instanceof PassResult result) {
      return result.pass();
    }
    return 0; // a greeting
  }

  private OutputFolder output(String name) throws IOException {
    return new OutputFolder(SinkFixture.location(folder.resolve(name)), StorageOptions.NONE);
  }

  private TrainLedger ledger(OutputFolder output, Resumptions resumptions) throws IOException {
    return new TrainLedger(
        new MetricsSinkSettings(
            MetricsSinkSettings.Phase.TRAIN,
            "test",
            run.workload,
            RANKS,
            new Location("file", "", "/data"),
            output.location(),
            new RunContext(List.of(), List.of()),
            Recording.NONE,
            true),
        output,
        resumptions);
  }

  private static void feed(TrainLedger ledger, PassJournal journal, List<MetricsRecord> records)
      throws IOException {
    for (MetricsRecord record : records) {
      ledger.accept(record);
      journal.add(record, MetricsCodec.encode(record));
    }
  }

  private List<MetricsRecord> fromPass(int first) {
    return records.stream()
        .filter(record -> passOf(record) >= first || began(record, first))
        .toList();
  }

  private static boolean began(MetricsRecord record, int first) {
    return record instanceof PassBegun begun && begun.pass() >= first;
  }

  /** Feeds an attempt and loses it; what Flink would have kept of it. */
  private PassJournal.State lose(
      OutputFolder output, Resumptions attempt, PassJournal.State from, List<MetricsRecord> seen)
      throws IOException {
    try (TrainLedger ledger = ledger(output, attempt);
        PassJournal journal = new PassJournal(output, RANKS, attempt.count(), from)) {
      if (attempt.count() > 0) {
        ledger.catchUp(journal);
      }
      feed(ledger, journal, seen);
      return PassJournal.State.decode(journal.state().encode());
    }
  }

  private PassJournal.State lose(OutputFolder output, Resumptions attempt, List<MetricsRecord> seen)
      throws IOException {
    return lose(output, attempt, PassJournal.State.NONE, seen);
  }

  /** All that comes from the start of a pass to that of another. */
  private List<MetricsRecord> between(int first, int end) {
    List<MetricsRecord> later = fromPass(end);
    return fromPass(first).stream().filter(record -> !later.contains(record)).toList();
  }

  private RunOutcome resume(OutputFolder output, Resumptions attempt, PassJournal.State state)
      throws IOException {
    try (TrainLedger ledger = ledger(output, attempt);
        PassJournal journal = new PassJournal(output, RANKS, attempt.count(), state)) {
      ledger.catchUp(journal);
      feed(ledger, journal, fromPass(state.firstPass()));
      return ledger.conclude(output);
    }
  }

  private JsonNode figures(String name) throws IOException {
    JsonNode report = SinkFixture.json(folder.resolve(name).resolve("report.json"));
    for (String time : List.of("start", "end", "resumed", "notices")) {
      ((ObjectNode) report).remove(time);
    }
    return report;
  }

  @Test
  void aRunThatLostItsSinkHasTheFiguresOfOneThatDidNot() throws IOException {
    try (OutputFolder output = output("whole");
        TrainLedger ledger = ledger(output, Resumptions.begin(output))) {
      for (MetricsRecord record : records) {
        ledger.accept(record);
      }
      assertThat(ledger.conclude(output).valid()).isTrue();
    }
    try (OutputFolder output = output("resumed")) {
      int lostAt = records.indexOf(fromPass(2).get(0)) + 9;
      PassJournal.State state = lose(output, Resumptions.begin(output), records.subList(0, lostAt));
      assertThat(state.firstPass()).isEqualTo(2);

      RunOutcome outcome = resume(output, Resumptions.resume(output, 2), state);

      assertThat(outcome.valid()).as(outcome.reasons().toString()).isTrue();
      assertThat(outcome.notices())
          .anyMatch(notice -> notice.startsWith("Resumed 1 time, from the start of epoch 3, "));
    }
    JsonNode whole = figures("whole");
    JsonNode resumed = figures("resumed");
    assertThat(resumed.get("passes")).isEqualTo(whole.get("passes"));
    assertThat(resumed.get("latency")).isEqualTo(whole.get("latency"));
    for (String file : List.of("0_output.json", "1_output.json")) {
      assertThat(folder.resolve("resumed").resolve(file))
          .hasSameTextualContentAs(folder.resolve("whole").resolve(file));
    }
  }

  @Test
  void bytesOfAllAttemptsAreAddedThoughEachCountsFromZero() throws IOException {
    try (OutputFolder output = output("resumed")) {
      PassJournal.State first = lose(output, Resumptions.begin(output), between(0, 1));
      PassJournal.State second = lose(output, Resumptions.resume(output, 1), first, between(1, 2));
      assertThat(second.parts())
          .containsExactly(new PassJournal.Part(0, 0), new PassJournal.Part(1, 1));

      RunOutcome outcome = resume(output, Resumptions.resume(output, 2), second);

      assertThat(outcome.valid()).as(outcome.reasons().toString()).isTrue();
      assertThat(outcome.highlights().get("Resumed"))
          .startsWith("2 times, from the start of epoch 2 and epoch 3, ");
    }
    // What the readers of the three attempts said last.
    assertThat(figures("resumed").at("/access/storage_bytes").asLong())
        .isEqualTo(RANKS * (1000 + 2000 + 3000));
  }

  @Test
  void aPassThatOneRankHadNotEndedIsInNoState() throws IOException {
    try (OutputFolder output = output("resumed")) {
      List<MetricsRecord> allButLast = records.subList(0, records.size() - 1);

      PassJournal.State state = lose(output, Resumptions.begin(output), allButLast);

      assertThat(state.firstPass()).isEqualTo(2);
      assertThat(state.parts())
          .containsExactly(new PassJournal.Part(0, 0), new PassJournal.Part(1, 0));
    }
  }

  @Test
  void aRunThatWasLostBeforeItsFirstCheckpointIsMarkedToo() throws IOException {
    try (OutputFolder output = output("resumed")) {
      long begun = Resumptions.begin(output).startMicros();

      Resumptions resumed = Resumptions.resume(output, 0);

      assertThat(resumed.startMicros()).isEqualTo(begun);
      assertThat(resumed.count()).isEqualTo(1);
      assertThat(resumed.summary(run.passes, begun))
          .startsWith("1 time, from the start of epoch 1");
    }
  }

  @Test
  void attemptsThatNeverBeganAreNotCounted() throws IOException {
    try (OutputFolder output = output("resumed")) {
      Resumptions.begin(output);
      Resumptions.resume(output, 1);

      Resumptions began = Resumptions.resume(output, 1);
      began.accept(new PassBegun(0, 1, began.startMicros() + 7_000_000));

      assertThat(began.count()).isEqualTo(1);
      assertThat(began.lostSeconds(0)).isEqualTo(7);
      assertThat(Resumptions.resume(output, 2).count()).isEqualTo(2);
    }
  }

  @Test
  void anAttemptKnowsThatAnotherHasTakenItsPlace() throws IOException {
    try (OutputFolder output = output("resumed")) {
      Resumptions first = Resumptions.begin(output);
      assertThat(first.overtaken()).isFalse();

      Resumptions second = Resumptions.resume(output, 0);
      second.accept(new PassBegun(0, 0, second.startMicros()));

      assertThat(first.overtaken()).isTrue();
      assertThat(second.overtaken()).isFalse();
      output.deleteResults(Resumptions.FILES);
      assertThat(first.overtaken()).isTrue();
      try (Stream<Path> left = Files.list(folder.resolve("resumed"))) {
        assertThat(left).isEmpty();
      }
    }
  }

  @Test
  void stateOfAnUnknownVersionIsRefused() {
    byte[] state = PassJournal.State.NONE.encode();
    state[3] = 9;

    assertThatThrownBy(() -> PassJournal.State.decode(state))
        .isInstanceOf(IOException.class)
        .hasMessage("State of a journal of version 9; known: 1");
  }
}
