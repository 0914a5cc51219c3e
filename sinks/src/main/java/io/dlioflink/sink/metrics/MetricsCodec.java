/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.metrics;

import io.dlioflink.storage.IoCounts;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.DataFormatException;
import org.HdrHistogram.Histogram;

/** Bytes of {@link MetricsRecord}s on their way to the sink: version, kind, fields, big-endian. */
public final class MetricsCodec {
  private static final int VERSION = 1;

  private static final int HELLO = 1;
  private static final int STEPS = 2;
  private static final int BLOCK = 3;
  private static final int PASS = 4;
  private static final int READ = 5;
  private static final int WRITE = 6;
  private static final int VERIFY = 7;
  private static final int CHECKPOINT = 8;
  private static final int PASS_BEGUN = 20;
  private static final int RANK_SAMPLE = 21;
  private static final int HOST_SAMPLE = 22;
  private static final int CACHE_DROP = 23;
  private static final int REQUESTS = 24;
  private static final int RANK_PLACE = 25;
  private static final int RANK_MEETINGS = 26;

  private MetricsCodec() {}

  /** Encodes a record. */
  public static byte[] encode(MetricsRecord record) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(VERSION);
      write(record, out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /**
   * Decodes a record.
   *
   * @throws IOException if the bytes are not a record of a known version
   */
  public static MetricsRecord decode(byte[] bytes) throws IOException {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      int version = in.readUnsignedByte();
      if (version != VERSION) {
        throw new IOException(
            "Metrics record of version " + version + "; known: version " + VERSION);
      }
      int kind = in.readUnsignedByte();
      return switch (kind) {
        case HELLO -> readHello(in);
        case STEPS -> readSteps(in);
        case BLOCK ->
            new BlockResult(
                in.readInt(),
                in.readInt(),
                in.readInt(),
                in.readLong(),
                in.readLong(),
                in.readLong());
        case PASS -> readPass(in);
        case READ -> new ReadInterval(in.readInt(), in.readInt(), histograms(in), counts(in));
        case WRITE -> readWrite(in);
        case VERIFY -> readVerify(in);
        case CHECKPOINT -> CheckpointCodec.read(in);
        case PASS_BEGUN -> ObservationCodec.readPassBegun(in);
        case RANK_SAMPLE -> ObservationCodec.readRankSample(in);
        case HOST_SAMPLE -> ObservationCodec.readHostSample(in);
        case CACHE_DROP -> ObservationCodec.readCacheDrop(in);
        case REQUESTS -> RequestCodec.read(in);
        case RANK_PLACE -> ObservationCodec.readRankPlace(in);
        case RANK_MEETINGS -> ObservationCodec.readRankMeetings(in);
        default -> throw new IOException("Metrics record of unknown kind " + kind);
      };
    }
  }

  private static void write(MetricsRecord record, DataOutputStream out) throws IOException {
    if (record instanceof StepBatch steps) {
      out.writeByte(STEPS);
      out.writeInt(steps.rank());
      out.writeInt(steps.pass());
      out.writeInt(steps.block());
      out.writeLong(steps.firstStep());
      longs(out, steps.load());
      longs(out, steps.compute());
      longs(out, steps.proc());
      longs(out, steps.barrier());
    } else if (record instanceof ReadInterval interval) {
      out.writeByte(READ);
      out.writeInt(interval.rank());
      out.writeInt(interval.pass());
      histograms(out, interval.latencies());
      counts(out, interval.total());
    } else if (record instanceof BlockResult block) {
      out.writeByte(BLOCK);
      out.writeInt(block.rank());
      out.writeInt(block.pass());
      out.writeInt(block.block());
      out.writeLong(block.startMicros());
      out.writeLong(block.endMicros());
      out.writeLong(block.durationNanos());
    } else if (record instanceof PassResult pass) {
      out.writeByte(PASS);
      out.writeInt(pass.rank());
      out.writeInt(pass.pass());
      long[] numbers = {
        pass.startMicros(),
        pass.endMicros(),
        pass.durationNanos(),
        pass.steps(),
        pass.samples(),
        pass.sampleBytes(),
        pass.storageBytes(),
        pass.coverage(),
        pass.orderHash(),
        pass.requestedComputeNanos()
      };
      longs(out, numbers);
      map(out, pass.meminfo());
    } else if (record instanceof RankHello hello) {
      out.writeByte(HELLO);
      out.writeInt(hello.rank());
      host(out, hello.host());
      out.writeBoolean(hello.derivedSizes());
      texts(out, hello.notices());
      out.writeUTF(hello.order());
      out.writeUTF(hello.names());
    } else if (record instanceof WriteInterval interval) {
      out.writeByte(WRITE);
      out.writeInt(interval.rank());
      out.writeUTF(interval.host());
      out.writeLong(interval.filesWritten());
      out.writeLong(interval.filesPresent());
      out.writeLong(interval.bytesWritten());
      histogram(out, interval.fileLatency());
      out.writeLong(interval.startMicros());
      out.writeLong(interval.endMicros());
      counts(out, interval.total());
      out.writeBoolean(interval.last());
    } else if (record instanceof VerifyInterval interval) {
      out.writeByte(VERIFY);
      out.writeInt(interval.rank());
      out.writeUTF(interval.host());
      out.writeLong(interval.comparedFiles());
      out.writeLong(interval.decodedFiles());
      out.writeInt(interval.badFiles().size());
      for (BadFile bad : interval.badFiles()) {
        text(out, bad.path());
        text(out, bad.problem());
      }
      histogram(out, interval.fileLatency());
      out.writeLong(interval.startMicros());
      out.writeLong(interval.endMicros());
      counts(out, interval.total());
      texts(out, interval.notices());
    } else if (record instanceof CheckpointResult checkpoint) {
      out.writeByte(CHECKPOINT);
      CheckpointCodec.write(out, checkpoint);
    } else if (record instanceof PassBegun begun) {
      out.writeByte(PASS_BEGUN);
      ObservationCodec.write(out, begun);
    } else if (record instanceof RankSample sample) {
      out.writeByte(RANK_SAMPLE);
      ObservationCodec.write(out, sample);
    } else if (record instanceof HostSample sample) {
      out.writeByte(HOST_SAMPLE);
      ObservationCodec.write(out, sample);
    } else if (record instanceof CacheDrop drop) {
      out.writeByte(CACHE_DROP);
      ObservationCodec.write(out, drop);
    } else if (record instanceof RankPlace place) {
      out.writeByte(RANK_PLACE);
      ObservationCodec.write(out, place);
    } else if (record instanceof RankMeetings met) {
      out.writeByte(RANK_MEETINGS);
      ObservationCodec.write(out, met);
    } else if (record instanceof RequestInterval interval) {
      out.writeByte(REQUESTS);
      RequestCodec.write(out, interval);
    }
  }

  private static RankHello readHello(DataInputStream in) throws IOException {
    int rank = in.readInt();
    HostFacts host =
        new HostFacts(in.readUTF(), in.readInt(), in.readUTF(), in.readLong(), map(in), map(in));
    boolean derivedSizes = in.readBoolean();
    return new RankHello(rank, host, derivedSizes, texts(in), in.readUTF(), in.readUTF());
  }

  private static StepBatch readSteps(DataInputStream in) throws IOException {
    return new StepBatch(
        in.readInt(),
        in.readInt(),
        in.readInt(),
        in.readLong(),
        longs(in),
        longs(in),
        longs(in),
        longs(in));
  }

  private static PassResult readPass(DataInputStream in) throws IOException {
    int rank = in.readInt();
    int pass = in.readInt();
    long[] n = longs(in);
    return new PassResult(
        rank, pass, n[0], n[1], n[2], n[3], n[4], n[5], n[6], n[7], n[8], n[9], map(in));
  }

  private static WriteInterval readWrite(DataInputStream in) throws IOException {
    return new WriteInterval(
        in.readInt(),
        in.readUTF(),
        in.readLong(),
        in.readLong(),
        in.readLong(),
        histogram(in),
        in.readLong(),
        in.readLong(),
        counts(in),
        in.readBoolean());
  }

  private static VerifyInterval readVerify(DataInputStream in) throws IOException {
    int rank = in.readInt();
    String host = in.readUTF();
    long compared = in.readLong();
    long decoded = in.readLong();
    List<BadFile> badFiles = new ArrayList<>();
    for (int left = in.readInt(); left > 0; left--) {
      badFiles.add(new BadFile(text(in), text(in)));
    }
    return new VerifyInterval(
        rank,
        host,
        compared,
        decoded,
        badFiles,
        histogram(in),
        in.readLong(),
        in.readLong(),
        counts(in),
        texts(in));
  }

  /** Without the limit of 65535 bytes that writeUTF has. */
  private static void text(DataOutputStream out, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private static String text(DataInputStream in) throws IOException {
    byte[] bytes = new byte[in.readInt()];
    in.readFully(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  static void texts(DataOutputStream out, List<String> texts) throws IOException {
    out.writeInt(texts.size());
    for (String text : texts) {
      text(out, text);
    }
  }

  static List<String> texts(DataInputStream in) throws IOException {
    List<String> texts = new ArrayList<>();
    for (int left = in.readInt(); left > 0; left--) {
      texts.add(text(in));
    }
    return texts;
  }

  private static void host(DataOutputStream out, HostFacts host) throws IOException {
    out.writeUTF(host.hostname());
    out.writeInt(host.cpus());
    out.writeUTF(host.processor());
    out.writeLong(host.memoryBytes());
    map(out, host.cpuinfo());
    map(out, host.meminfo());
  }

  private static void longs(DataOutputStream out, long[] values) throws IOException {
    out.writeInt(values.length);
    for (long value : values) {
      out.writeLong(value);
    }
  }

  private static long[] longs(DataInputStream in) throws IOException {
    long[] values = new long[in.readInt()];
    for (int i = 0; i < values.length; i++) {
      values[i] = in.readLong();
    }
    return values;
  }

  private static void map(DataOutputStream out, Map<String, String> values) throws IOException {
    out.writeInt(values.size());
    for (Map.Entry<String, String> entry : values.entrySet()) {
      out.writeUTF(entry.getKey());
      out.writeUTF(entry.getValue());
    }
  }

  private static Map<String, String> map(DataInputStream in) throws IOException {
    Map<String, String> values = new LinkedHashMap<>();
    for (int left = in.readInt(); left > 0; left--) {
      values.put(in.readUTF(), in.readUTF());
    }
    return values;
  }

  static void counts(DataOutputStream out, IoCounts counts) throws IOException {
    long[] numbers = {
      counts.readBytes(),
      counts.directReadBytes(),
      counts.bouncedReadBytes(),
      counts.writtenBytes(),
      counts.directWrittenBytes(),
      counts.retries()
    };
    longs(out, numbers);
  }

  static IoCounts counts(DataInputStream in) throws IOException {
    long[] n = longs(in);
    return new IoCounts(n[0], n[1], n[2], n[3], n[4], n[5]);
  }

  static void histograms(DataOutputStream out, Map<Stage, Histogram> stages) throws IOException {
    out.writeByte(stages.size());
    for (Map.Entry<Stage, Histogram> stage : stages.entrySet()) {
      out.writeUTF(stage.getKey().name());
      histogram(out, stage.getValue());
    }
  }

  static Map<Stage, Histogram> histograms(DataInputStream in) throws IOException {
    Map<Stage, Histogram> stages = new EnumMap<>(Stage.class);
    for (int left = in.readUnsignedByte(); left > 0; left--) {
      stages.put(Stage.valueOf(in.readUTF()), histogram(in));
    }
    return stages;
  }

  /**
   * A histogram that grew while several threads recorded may name a smaller range than it has, and
   * could not be decoded; a copy names its own.
   */
  private static void histogram(DataOutputStream out, Histogram recorded) throws IOException {
    Histogram histogram = new Histogram(recorded.getNumberOfSignificantValueDigits());
    histogram.add(recorded);
    ByteBuffer bytes = ByteBuffer.allocate(histogram.getNeededByteBufferCapacity());
    int length = histogram.encodeIntoCompressedByteBuffer(bytes);
    out.writeInt(length);
    out.write(bytes.array(), 0, length);
  }

  private static Histogram histogram(DataInputStream in) throws IOException {
    byte[] bytes = new byte[in.readInt()];
    in.readFully(bytes);
    try {
      return Histogram.decodeFromCompressedByteBuffer(ByteBuffer.wrap(bytes), 0);
    } catch (DataFormatException e) {
      throw new IOException("Not a histogram", e);
    }
  }
}
