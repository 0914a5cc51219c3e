/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.metrics;

import io.dlioflink.sink.series.WriterStream;
import io.dlioflink.storage.StorageWriter;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The records of a run that may be resumed, pass by pass. While a pass is under way its records are
 * kept on local disk; when all ranks have ended it they become a file in the result folder. Flink's
 * checkpoints hold no more than the names of those files, so that what counts after a failure is
 * whole passes, and memory does not grow with the run.
 */
final class PassJournal implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(PassJournal.class);

  /** Names of the files in the result folder, as a regular expression. */
  static final String FILES = "resume-pass-\\d+-\\d+\\.records";

  /**
   * The records of a pass that has ended, in a file.
   *
   * @param pass running number of the pass
   * @param attempt of the run that ended it, from 0
   */
  record Part(int pass, int attempt) {
    String fileName() {
      return "resume-pass-%d-%d.records".formatted(pass, attempt);
    }
  }

  /**
   * What a checkpoint of Flink's holds.
   *
   * @param firstPass number of the first pass that not all ranks had ended
   * @param parts with the records of the passes before, in order
   */
  record State(int firstPass, List<Part> parts) {
    static final State NONE = new State(0, List.of());

    private static final int VERSION = 1;

    State {
      parts = List.copyOf(parts);
    }

    byte[] encode() {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      try (DataOutputStream out = new DataOutputStream(bytes)) {
        out.writeInt(VERSION);
        out.writeInt(firstPass);
        out.writeInt(parts.size());
        for (Part part : parts) {
          out.writeInt(part.pass());
          out.writeInt(part.attempt());
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return bytes.toByteArray();
    }

    static State decode(byte[] bytes) throws IOException {
      DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
      int version = in.readInt();
      if (version != VERSION) {
        throw new IOException(
            "State of a journal of version %d; known: %d".formatted(version, VERSION));
      }
      int firstPass = in.readInt();
      List<Part> parts = new ArrayList<>();
      for (int left = in.readInt(); left > 0; left--) {
        parts.add(new Part(in.readInt(), in.readInt()));
      }
      return new State(firstPass, parts);
    }
  }

  /** Takes records. */
  @FunctionalInterface
  interface RecordConsumer {
    void accept(MetricsRecord record) throws IOException;
  }

  private final OutputFolder output;
  private final int ranks;
  private final int attempt;
  private final Path folder;
  private final int[] passOfRank;
  private final NavigableMap<Integer, LocalRecords> open = new TreeMap<>();
  private final Map<Integer, Integer> ranksThatEnded = new HashMap<>();
  private final List<Part> parts;
  private int firstOpenPass;

  /**
   * Goes on with a journal.
   *
   * @param attempt makes the names of files unique
   * @param state what the last checkpoint held
   */
  PassJournal(OutputFolder output, int ranks, int attempt, State state) throws IOException {
    this.output = output;
    this.ranks = ranks;
    this.attempt = attempt;
    this.folder = Files.createTempDirectory("dlio-flink-journal");
    this.passOfRank = new int[ranks];
    Arrays.fill(passOfRank, state.firstPass());
    this.parts = new ArrayList<>(state.parts());
    this.firstOpenPass = state.firstPass();
  }

  /**
   * All records of the passes that have ended, in the order in which they came.
   *
   * @param attemptEnds runs behind the records of each attempt, those of this one excluded
   */
  void replay(RecordConsumer consumer, Runnable attemptEnds) throws IOException {
    int replayed = 0;
    for (Part part : parts) {
      for (; replayed < part.attempt(); replayed++) {
        attemptEnds.run();
      }
      try (DataInputStream in =
          new DataInputStream(new BufferedInputStream(output.openInput(part.fileName())))) {
        for (int length = in.readInt(); length > 0; length = in.readInt()) {
          consumer.accept(MetricsCodec.decode(in.readNBytes(length)));
        }
      }
    }
    for (; replayed < attempt; replayed++) {
      attemptEnds.run();
    }
  }

  /**
   * Keeps a record.
   *
   * @param encoded the same
   */
  void add(MetricsRecord record, byte[] encoded) throws IOException {
    if (record instanceof RankSample) {
      return; // of the time series, which has state of its own
    }
    int pass = Math.max(firstOpenPass, passOf(record));
    LocalRecords records = open.get(pass);
    if (records == null) {
      records = new LocalRecords(folder.resolve("pass-" + pass));
      open.put(pass, records);
    }
    records.add(encoded);
    if (record instanceof PassResult && ranksThatEnded.merge(pass, 1, Integer::sum) == ranks) {
      seal(pass);
    }
  }

  /** Of records that name no pass: the one their rank is in. */
  private int passOf(MetricsRecord record) {
    if (record instanceof StepBatch steps) {
      return ofRank(steps.rank(), steps.pass());
    } else if (record instanceof ReadInterval interval) {
      return ofRank(interval.rank(), interval.pass());
    } else if (record instanceof RequestInterval interval) {
      return ofRank(interval.rank(), interval.pass());
    } else if (record instanceof BlockResult block) {
      return ofRank(block.rank(), block.pass());
    } else if (record instanceof PassBegun begun) {
      return ofRank(begun.rank(), begun.pass());
    } else if (record instanceof PassResult result) {
      return ofRank(result.rank(), result.pass());
    } else if (record instanceof CheckpointResult checkpoint) {
      return passOfRank[checkpoint.rank()];
    } else if (record instanceof RankHello hello) {
      return passOfRank[hello.rank()];
    } else if (record instanceof HostSample sample) {
      return sample.pass();
    } else if (record instanceof CacheDrop drop) {
      return drop.pass();
    }
    throw new IllegalArgumentException("Not a record of a training run: " + record);
  }

  private int ofRank(int rank, int pass) {
    passOfRank[rank] = Math.max(passOfRank[rank], pass);
    return passOfRank[rank];
  }

  private void seal(int lastPass) throws IOException {
    NavigableMap<Integer, LocalRecords> ended = open.headMap(lastPass, true);
    for (Map.Entry<Integer, LocalRecords> records : ended.entrySet()) {
      Part part = new Part(records.getKey(), attempt);
      try (StorageWriter writer = output.openFile(part.fileName())) {
        try (OutputStream stream = new WriterStream(writer)) {
          records.getValue().moveTo(stream);
        }
        writer.commit();
      }
      parts.add(part);
    }
    ended.clear();
    firstOpenPass = lastPass + 1;
  }

  /** What the next checkpoint shall hold. */
  State state() {
    return new State(firstOpenPass, parts);
  }

  @Override
  public void close() throws IOException {
    for (LocalRecords records : open.values()) {
      records.close();
    }
    Files.deleteIfExists(folder);
  }

  /** Records of one pass on local disk, each behind its length; a length of 0 ends them. */
  private static final class LocalRecords implements Closeable {
    private final Path file;
    private final DataOutputStream out;

    LocalRecords(Path file) throws IOException {
      this.file = file;
      this.out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file)));
    }

    void add(byte[] record) throws IOException {
      out.writeInt(record.length);
      out.write(record);
    }

    void moveTo(OutputStream target) throws IOException {
      out.writeInt(0);
      out.close();
      Files.copy(file, target);
      Files.delete(file);
    }

    @Override
    public void close() throws IOException {
      try {
        out.close();
      } catch (IOException e) {
        LOG.debug("{} was not written to its end; nobody reads it again", file, e);
      }
      Files.deleteIfExists(file);
    }
  }
}
