/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.checkpoint;

import io.dlioflink.format.content.TensorContent;
import io.dlioflink.storage.Storage;
import io.dlioflink.storage.StorageWriter;
import io.dlioflink.workload.CheckpointCompression;
import io.dlioflink.workload.checkpoint.CheckpointFile;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Writes the files of one rank; holds the buffers of one thread. Not thread-safe. */
final class CheckpointWriter implements Closeable {
  private final CheckpointSpec spec;
  private final Storage storage;
  private final int rank;
  private final StateFormat format;
  private final WriteBehind output;
  private final TensorContent content;

  CheckpointWriter(CheckpointSpec spec, Storage storage, int rank) {
    this.spec = spec;
    this.storage = storage;
    this.rank = rank;
    this.format = spec.format();
    this.output = new WriteBehind("checkpoint-writer-" + rank);
    this.content = new TensorContent(spec.config().randomizeTensor());
  }

  /** Hears of every file as it is done. */
  @FunctionalInterface
  interface Listener {
    void written(StoredFile file, FileTransfer transfer);
  }

  void write(int epoch, long step, List<CheckpointFile> states, Listener listener)
      throws IOException {
    CheckpointFolder folder = new CheckpointFolder(storage, spec.location(epoch, step));
    for (int state = 0; state < states.size(); state++) {
      long key = spec.contentKey(epoch, step, rank, state);
      List<String> names = format.fileNames(states.get(state));
      for (int number = 0; number < names.size(); number++) {
        write(folder, states.get(state), names.get(number), number, key, listener);
      }
    }
  }

  private void write(
      CheckpointFolder folder,
      CheckpointFile state,
      String name,
      int number,
      long key,
      Listener listener)
      throws IOException {
    String stored = name + spec.config().compression().suffix();
    long payload = number == 0 ? state.payloadBytes() : 0;
    boolean coded = spec.config().compression() != CheckpointCompression.NONE;
    try (StorageWriter file = storage.openWriter(folder.file(stored));
        CodedWriter coding = coded ? new CodedWriter(spec.codec(), file) : null) {
      output.open(coded ? coding : file);
      StateOutput raw = new StateOutput(output, content);
      try {
        format.encode(state, number, key, raw);
        output.flush();
      } catch (Throwable e) {
        // Before the file is closed: the other thread may be inside a write.
        output.abandonAfter(e);
        throw e;
      }
      long rawBytes = raw.position();
      long storedBytes = coded ? coding.finish() : rawBytes;
      long transferNanos = coded ? coding.storageNanos() : output.writeNanos();
      long syncNanos = 0;
      if (spec.config().fsync()) {
        long syncStart = System.nanoTime();
        file.sync();
        syncNanos = System.nanoTime() - syncStart;
      }
      long start = System.nanoTime();
      file.commit();
      long commitNanos = System.nanoTime() - start;
      listener.written(
          new StoredFile(
              stored,
              payload,
              rawBytes,
              storedBytes,
              CheckpointFolder.hex(raw.crc32()),
              "%016x".formatted(key)),
          new FileTransfer(
              payload, rawBytes, storedBytes, transferNanos, syncNanos, commitNanos, true));
    }
  }

  /** What a rank's manifest says when all files are there. */
  RankManifest manifest(int epoch, long step, boolean complete, List<StoredFile> files) {
    return new RankManifest(
        RankManifest.FORMAT_VERSION,
        complete,
        rank,
        epoch,
        step,
        spec.config().compression().yamlName(),
        spec.content(),
        new ArrayList<>(files));
  }

  @Override
  public void close() {
    output.close();
  }
}
