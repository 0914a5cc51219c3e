/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.metrics;

import io.dlioflink.sink.host.CpuTicks;
import io.dlioflink.sink.host.DeviceCounters;
import io.dlioflink.sink.host.HostCounters;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Bytes of the records that tell of hosts and of the course of a run; part of the codec. */
final class ObservationCodec {
  private ObservationCodec() {}

  static void write(DataOutputStream out, RankPlace place) throws IOException {
    out.writeInt(place.rank());
    out.writeUTF(place.worker().host());
    out.writeLong(place.worker().process());
    out.writeLong(place.waitedNanos());
  }

  static RankPlace readRankPlace(DataInputStream in) throws IOException {
    return new RankPlace(in.readInt(), new Worker(in.readUTF(), in.readLong()), in.readLong());
  }

  static void write(DataOutputStream out, RankMeetings met) throws IOException {
    out.writeInt(met.rank());
    out.writeInt(met.pass());
    longs(out, met.count(), met.last(), met.heldUpNanos(), met.serverFrames(), met.serverBytes());
  }

  static RankMeetings readRankMeetings(DataInputStream in) throws IOException {
    int rank = in.readInt();
    int pass = in.readInt();
    long[] n = longs(in, 5);
    return new RankMeetings(rank, pass, n[0], n[1], n[2], n[3], n[4]);
  }

  static void write(DataOutputStream out, HostSample sample) throws IOException {
    out.writeUTF(sample.host());
    out.writeLong(sample.process());
    out.writeUTF(sample.moment().name());
    out.writeInt(sample.pass());
    HostCounters counters = sample.counters();
    CpuTicks cpu = counters.hostCpu();
    longs(
        out,
        counters.micros(),
        counters.deviceReadBytes(),
        counters.cpuNanos(),
        counters.gcMillis(),
        cpu.user(),
        cpu.nice(),
        cpu.system(),
        cpu.idle(),
        cpu.iowait(),
        cpu.steal());
    out.writeInt(counters.devices().size());
    for (DeviceCounters device : counters.devices()) {
      out.writeUTF(device.name());
      longs(
          out,
          device.reads(),
          device.readBytes(),
          device.readMillis(),
          device.writes(),
          device.writtenBytes(),
          device.writeMillis(),
          device.busyMillis(),
          device.queueMillis());
    }
  }

  static HostSample readHostSample(DataInputStream in) throws IOException {
    String host = in.readUTF();
    long process = in.readLong();
    HostSample.Moment moment = HostSample.Moment.valueOf(in.readUTF());
    int pass = in.readInt();
    long[] n = longs(in, 10);
    List<DeviceCounters> devices = new ArrayList<>();
    for (int left = in.readInt(); left > 0; left--) {
      String name = in.readUTF();
      long[] d = longs(in, 8);
      devices.add(new DeviceCounters(name, d[0], d[1], d[2], d[3], d[4], d[5], d[6], d[7]));
    }
    CpuTicks cpu = new CpuTicks(n[4], n[5], n[6], n[7], n[8], n[9]);
    HostCounters counters = new HostCounters(n[0], n[1], n[2], n[3], cpu, devices);
    return new HostSample(host, process, moment, pass, counters);
  }

  static void write(DataOutputStream out, RankSample sample) throws IOException {
    out.writeInt(sample.rank());
    out.writeInt(sample.epoch());
    longs(
        out,
        sample.micros(),
        sample.steps(),
        sample.samples(),
        sample.sampleBytes(),
        sample.storageBytes(),
        sample.waitNanos(),
        sample.computeNanos(),
        sample.elapsedNanos());
  }

  static RankSample readRankSample(DataInputStream in) throws IOException {
    int rank = in.readInt();
    int epoch = in.readInt();
    long[] n = longs(in, 8);
    return new RankSample(rank, n[0], epoch, n[1], n[2], n[3], n[4], n[5], n[6], n[7]);
  }

  static void write(DataOutputStream out, PassBegun begun) throws IOException {
    out.writeInt(begun.rank());
    out.writeInt(begun.pass());
    out.writeLong(begun.startMicros());
  }

  static PassBegun readPassBegun(DataInputStream in) throws IOException {
    return new PassBegun(in.readInt(), in.readInt(), in.readLong());
  }

  static void write(DataOutputStream out, CacheDrop drop) throws IOException {
    out.writeUTF(drop.host());
    out.writeInt(drop.pass());
    out.writeBoolean(drop.dropped());
    out.writeUTF(drop.how());
  }

  static CacheDrop readCacheDrop(DataInputStream in) throws IOException {
    return new CacheDrop(in.readUTF(), in.readInt(), in.readBoolean(), in.readUTF());
  }

  private static void longs(DataOutputStream out, long... values) throws IOException {
    for (long value : values) {
      out.writeLong(value);
    }
  }

  private static long[] longs(DataInputStream in, int count) throws IOException {
    long[] values = new long[count];
    for (int i = 0; i < count; i++) {
      values[i] = in.readLong();
    }
    return values;
  }
}
