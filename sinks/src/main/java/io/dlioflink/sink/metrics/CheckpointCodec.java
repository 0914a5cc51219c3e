/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.metrics;

import io.dlioflink.sink.checkpoint.FileTransfer;
import io.dlioflink.storage.IoCounts;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The fields of a {@link CheckpointResult}, for {@link MetricsCodec}. */
final class CheckpointCodec {
  private CheckpointCodec() {}

  static void write(DataOutputStream out, CheckpointResult result) throws IOException {
    out.writeInt(result.rank());
    out.writeInt(result.epoch());
    out.writeInt(result.number());
    out.writeLong(result.step());
    out.writeBoolean(result.save());
    out.writeLong(result.startMicros());
    out.writeLong(result.endMicros());
    out.writeLong(result.durationNanos());
    out.writeInt(result.files().size());
    for (FileTransfer file : result.files()) {
      out.writeLong(file.payloadBytes());
      out.writeLong(file.rawBytes());
      out.writeLong(file.storedBytes());
      out.writeLong(file.transferNanos());
      out.writeLong(file.syncNanos());
      out.writeLong(file.finishNanos());
      out.writeBoolean(file.checked());
    }
    MetricsCodec.counts(out, result.total());
    MetricsCodec.texts(out, result.notices());
  }

  static CheckpointResult read(DataInputStream in) throws IOException {
    int rank = in.readInt();
    int epoch = in.readInt();
    int number = in.readInt();
    long step = in.readLong();
    boolean save = in.readBoolean();
    long startMicros = in.readLong();
    long endMicros = in.readLong();
    long durationNanos = in.readLong();
    List<FileTransfer> files = new ArrayList<>();
    for (int left = in.readInt(); left > 0; left--) {
      files.add(
          new FileTransfer(
              in.readLong(),
              in.readLong(),
              in.readLong(),
              in.readLong(),
              in.readLong(),
              in.readLong(),
              in.readBoolean()));
    }
    IoCounts total = MetricsCodec.counts(in);
    List<String> notices = MetricsCodec.texts(in);
    return new CheckpointResult(
        rank,
        epoch,
        number,
        step,
        save,
        startMicros,
        endMicros,
        durationNanos,
        files,
        total,
        notices);
  }
}
