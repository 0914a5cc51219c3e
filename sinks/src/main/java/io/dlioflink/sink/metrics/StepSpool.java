/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.metrics;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.annotation.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the times of every step, and {@code /proc/meminfo} of every pass, on local disk, files per
 * rank, until the result files are written: memory stays constant however long a run is. Of the
 * files of many ranks only those written last are open.
 */
final class StepSpool implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(StepSpool.class);
  private static final int RECORD_BYTES = 3 * Long.BYTES;
  private static final int BUFFER_BYTES = 16 * 1024;
  private static final int OPEN_FILES = 256;

  /** Which of the three times of a step. */
  enum Series {
    LOAD,
    PROC,
    COMPUTE
  }

  /** A run of steps of one block in a rank's file. */
  record Extent(int pass, int block, long firstRecord, long records) {}

  private final Path folder;
  private final List<RankFile> files = new ArrayList<>();

  /** By the time of use, the one used longest ago first. */
  private final Map<RankFile, RankFile> open = new LinkedHashMap<>(16, 0.75f, true);

  StepSpool(int ranks) throws IOException {
    folder = Files.createTempDirectory("dlio-flink-steps");
    for (int rank = 0; rank < ranks; rank++) {
      files.add(new RankFile(folder.resolve(rank + ".steps")));
    }
  }

  void add(StepBatch steps) throws IOException {
    RankFile file = files.get(steps.rank());
    if (open.put(file, file) == null && open.size() > OPEN_FILES) {
      RankFile eldest = open.keySet().iterator().next();
      open.remove(eldest);
      eldest.closeStream();
    }
    file.add(steps);
  }

  /** The blocks of a rank, in order. */
  List<Extent> extents(int rank) {
    return files.get(rank).extents;
  }

  /** Receives one value after the other. */
  @FunctionalInterface
  interface ValueConsumer {
    void accept(long nanos) throws IOException;
  }

  /** Passes one series of a block to a consumer. */
  void read(int rank, Extent extent, Series series, ValueConsumer consumer) throws IOException {
    files.get(rank).read(extent, series, consumer);
  }

  /** Keeps what a rank saw of its host's memory at the start of a pass. */
  void addMeminfo(int rank, int pass, Map<String, String> meminfo) throws IOException {
    Path file = folder.resolve(rank + ".meminfo");
    long offset = Files.exists(file) ? Files.size(file) : 0;
    try (DataOutputStream out =
        new DataOutputStream(
            new BufferedOutputStream(
                Files.newOutputStream(
                    file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)))) {
      out.writeInt(meminfo.size());
      for (Map.Entry<String, String> entry : meminfo.entrySet()) {
        out.writeUTF(entry.getKey());
        out.writeUTF(entry.getValue());
      }
    }
    files.get(rank).meminfoOffsets.put(pass, offset);
  }

  /** What {@link #addMeminfo} kept; empty if there is nothing. */
  Map<String, String> meminfo(int rank, int pass) throws IOException {
    Map<String, String> meminfo = new LinkedHashMap<>();
    Long offset = files.get(rank).meminfoOffsets.get(pass);
    if (offset == null) {
      return meminfo;
    }
    try (FileChannel channel =
        FileChannel.open(folder.resolve(rank + ".meminfo"), StandardOpenOption.READ)) {
      channel.position(offset);
      DataInputStream in =
          new DataInputStream(
              new BufferedInputStream(Channels.newInputStream(channel), BUFFER_BYTES));
      for (int left = in.readInt(); left > 0; left--) {
        meminfo.put(in.readUTF(), in.readUTF());
      }
    }
    return meminfo;
  }

  @Override
  public void close() {
    for (RankFile file : files) {
      file.close();
    }
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      LOG.warn("Temporary step files remain in {}", folder, e);
    }
  }

  private static final class RankFile implements Closeable {
    private final Path path;
    private final List<Extent> extents = new ArrayList<>();
    private final Map<Integer, Long> meminfoOffsets = new HashMap<>();
    private @Nullable DataOutputStream out;
    private long records;

    RankFile(Path path) {
      this.path = path;
    }

    void add(StepBatch steps) throws IOException {
      if (out == null) {
        out =
            new DataOutputStream(
                new BufferedOutputStream(
                    Files.newOutputStream(
                        path, StandardOpenOption.CREATE, StandardOpenOption.APPEND),
                    BUFFER_BYTES));
      }
      for (int i = 0; i < steps.size(); i++) {
        out.writeLong(steps.load()[i]);
        out.writeLong(steps.proc()[i]);
        out.writeLong(steps.compute()[i]);
      }
      Extent last = extents.isEmpty() ? null : extents.get(extents.size() - 1);
      if (last != null && last.pass() == steps.pass() && last.block() == steps.block()) {
        extents.set(
            extents.size() - 1,
            new Extent(
                last.pass(), last.block(), last.firstRecord(), last.records() + steps.size()));
      } else {
        extents.add(new Extent(steps.pass(), steps.block(), records, steps.size()));
      }
      records += steps.size();
    }

    void read(Extent extent, Series series, ValueConsumer consumer) throws IOException {
      if (out != null) {
        out.flush();
      }
      try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
        channel.position(extent.firstRecord() * RECORD_BYTES);
        DataInputStream in =
            new DataInputStream(
                new BufferedInputStream(Channels.newInputStream(channel), BUFFER_BYTES));
        for (long left = extent.records(); left > 0; left--) {
          long load = in.readLong();
          long proc = in.readLong();
          long compute = in.readLong();
          consumer.accept(
              switch (series) {
                case LOAD -> load;
                case PROC -> proc;
                case COMPUTE -> compute;
              });
        }
      }
    }

    void closeStream() throws IOException {
      if (out != null) {
        out.close();
        out = null;
      }
    }

    @Override
    public void close() {
      if (out != null) {
        try {
          closeStream();
        } catch (IOException e) {
          LOG.debug("{} was not written to its end; nobody reads it again", path, e);
        }
      }
    }
  }
}
