/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.checkpoint;

import io.dlioflink.storage.IoCounts;
import io.dlioflink.storage.RequestTelemetry;
import io.dlioflink.storage.Storage;
import io.dlioflink.storage.StorageException;
import io.dlioflink.storage.StorageListing;
import io.dlioflink.storage.Storages;
import io.dlioflink.workload.Framework;
import io.dlioflink.workload.checkpoint.CheckpointFile;
import io.dlioflink.workload.checkpoint.CheckpointPlan;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import javax.annotation.Nullable;

/**
 * The checkpoints of one rank: writes and reads its files. A checkpoint is complete once all ranks
 * have called {@link #publish} and then one of them {@link #complete}; before that it is refused.
 * Holds the buffers of one thread; not thread-safe. Buffers come into being with the first
 * checkpoint; their size does not depend on the state's.
 */
public final class RankCheckpoints implements Closeable {
  private final CheckpointSpec spec;
  private final CheckpointPlan plan;
  private final int rank;
  private final Storage storage;
  private final List<CheckpointFile> states;
  private @Nullable CheckpointWriter writer;
  private @Nullable CheckpointReader reader;
  private List<StoredFile> written = List.of();

  /** Opens the storage; touches nothing yet. */
  public RankCheckpoints(CheckpointSpec spec, int rank) throws IOException {
    this.spec = spec;
    this.plan = spec.plan();
    this.rank = rank;
    this.storage = Storages.open(spec.folder(), spec.storageOptions());
    this.states = plan.files(rank);
  }

  private CheckpointFolder folder(int epoch, long step) {
    return new CheckpointFolder(storage, spec.location(epoch, step));
  }

  private CheckpointWriter writer() {
    if (writer == null) {
      writer = new CheckpointWriter(spec, storage, rank);
    }
    return writer;
  }

  /** Says that this rank is about to write: from now on, the checkpoint is incomplete. */
  public void prepare(int epoch, long step) throws IOException {
    CheckpointFolder folder = folder(epoch, step);
    if (rank == 0) {
      folder.deleteMarker();
    }
    // Makes the folder: synced, so that the folder is not lost with its name.
    folder.write(writer().manifest(epoch, step, false, List.of()), spec.config().fsync());
  }

  /**
   * Writes the files of this rank; forces them to stable storage if {@code checkpoint.fsync} says
   * so.
   *
   * @param listener hears of each file as it has got its name
   */
  public void write(int epoch, long step, Consumer<FileTransfer> listener) throws IOException {
    List<StoredFile> files = new ArrayList<>();
    writer()
        .write(
            epoch,
            step,
            states,
            (file, transfer) -> {
              files.add(file);
              listener.accept(transfer);
            });
    written = files;
  }

  /** Says that all files of this rank are there. */
  public void publish(int epoch, long step) throws IOException {
    folder(epoch, step).write(writer().manifest(epoch, step, true, written), spec.config().fsync());
  }

  /**
   * Says that the checkpoint is complete; one rank, after all have published.
   *
   * @throws CheckpointException if one has not
   */
  public void complete(int epoch, long step) throws IOException {
    CheckpointFolder folder = folder(epoch, step);
    boolean sync = spec.config().fsync();
    List<String> crcs = new ArrayList<>();
    long files = 0;
    long payload = 0;
    long raw = 0;
    long stored = 0;
    for (int of = 0; of < spec.ranks(); of++) {
      Optional<CheckpointFolder.Read> found = folder.manifest(of);
      if (found.isEmpty() || !found.get().manifest().complete()) {
        throw new CheckpointException(
            "%s: rank %d has not written its files%s"
                .formatted(folder.location(), of, spec.sharingHint()));
      }
      crcs.add(found.get().crc32());
      for (StoredFile file : found.get().manifest().files()) {
        files++;
        payload += file.payloadBytes();
        raw += file.rawBytes();
        stored += file.storedBytes();
      }
    }
    if (spec.workload().framework() == Framework.TENSORFLOW && !states.isEmpty()) {
      byte[] latest = TensorBundleFormat.latest(states.get(states.size() - 1));
      folder.write("checkpoint", latest, sync);
    }
    folder.write(
        new CheckpointMarker(
            RankManifest.FORMAT_VERSION,
            epoch,
            step,
            spec.ranks(),
            files,
            payload,
            raw,
            stored,
            spec.contentSeed(),
            crcs),
        sync);
  }

  /** Makes the buffers for reading and lets go of those for writing; before the first is read. */
  public void prepareToRead() {
    if (writer != null) {
      writer.close();
      writer = null;
    }
    if (reader == null) {
      reader = new CheckpointReader(spec, storage, rank);
    }
  }

  /**
   * Reads the files that a rank wrote, completely, and checks them.
   *
   * @param ofRank usually this one
   * @param listener hears of each file as it has been checked
   * @return what the user should know; empty if all is as it should be
   * @throws CheckpointException if the checkpoint is incomplete or another one
   * @throws io.dlioflink.format.BrokenFileException if a byte is wrong
   */
  public List<String> read(int epoch, long step, int ofRank, Consumer<FileTransfer> listener)
      throws IOException {
    prepareToRead();
    List<CheckpointFile> wanted = ofRank == rank ? states : plan.files(ofRank);
    Optional<RankManifest> manifest = reader.manifest(epoch, step, ofRank);
    if (manifest.isPresent()) {
      reader.readOurs(epoch, step, manifest.get(), wanted, listener);
      return List.of();
    }
    reader.readForeign(epoch, step, wanted, listener);
    return List.of(
        spec.location(epoch, step)
            + " was not written by dlio-flink: "
            + (spec.workload().framework() == Framework.PYTORCH
                ? "structure and CRC-32 of its files were checked, not their content"
                : "its files were read, not checked"));
  }

  /**
   * Makes sure that checkpoints 1 to n of epoch 1 are there, before the first is read.
   *
   * @throws CheckpointException naming those that are not
   */
  public void requireCheckpoints(int count) throws IOException {
    List<String> missing = new ArrayList<>();
    for (int step = 1; step <= count; step++) {
      if (!isThere(step)) {
        missing.add(CheckpointPlan.folderName(1, step));
      }
    }
    if (!missing.isEmpty()) {
      throw new CheckpointException(
          "%d checkpoints are to be read (checkpoint.num_checkpoints_read), %d are in %s; missing: %s"
              .formatted(count, count - missing.size(), spec.folder(), String.join(", ", missing)));
    }
  }

  private boolean isThere(int step) throws IOException {
    if (folder(1, step).marker().isPresent()) {
      return true;
    }
    try (StorageListing files = storage.list(spec.location(1, step))) {
      return files.next().isPresent();
    } catch (StorageException e) {
      if (e.reason() == StorageException.Reason.MISSING) {
        return false;
      }
      throw e;
    }
  }

  /** Bytes moved so far, by the way they took. */
  public IoCounts ioCounts() {
    return storage.ioCounts();
  }

  /** What is measured of requests; empty if the storage makes none. */
  public Optional<RequestTelemetry> requests() {
    return storage.requests();
  }

  @Override
  public void close() throws IOException {
    if (writer != null) {
      writer.close();
    }
    if (reader != null) {
      reader.close();
    }
    storage.close();
  }
}
