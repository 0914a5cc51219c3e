/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.checkpoint;

import io.dlioflink.storage.Location;
import io.dlioflink.workload.config.WorkloadLoader;
import io.dlioflink.workload.config.WorkloadRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** Small checkpoints of a small transformer. */
final class CheckpointFixture {
  private static final List<String> MODEL =
      List.of(
          "framework=pytorch",
          "model.type=transformer",
          "model.num_layers=2",
          "model.transformer.hidden_size=96",
          "model.transformer.ffn_hidden_size=200",
          "model.transformer.vocab_size=1001",
          "model.transformer.num_attention_heads=4",
          "model.transformer.num_kv_heads=2",
          "model.parallelism.zero_stage=3");

  private CheckpointFixture() {}

  static CheckpointSpec spec(Path folder, int ranks, String... overrides) {
    List<String> all = new ArrayList<>(MODEL);
    all.addAll(List.of(overrides));
    return new CheckpointSpec(
        WorkloadLoader.load(
                new WorkloadRequest("test", "test.yaml", "{}", all, true, OptionalInt.empty()))
            .workload(),
        Location.parse(folder.toString()),
        ranks);
  }

  /** Writes a complete checkpoint as all ranks together would. */
  static List<FileTransfer> write(CheckpointSpec spec, int epoch, long step) throws IOException {
    List<FileTransfer> transfers = new ArrayList<>();
    for (int rank = 0; rank < spec.ranks(); rank++) {
      try (RankCheckpoints checkpoints = new RankCheckpoints(spec, rank)) {
        checkpoints.prepare(epoch, step);
        checkpoints.write(epoch, step, transfers::add);
        checkpoints.publish(epoch, step);
        if (rank == spec.ranks() - 1) {
          checkpoints.complete(epoch, step);
        }
      }
    }
    return transfers;
  }

  static List<FileTransfer> read(CheckpointSpec spec, int rank, int epoch, long step)
      throws IOException {
    List<FileTransfer> transfers = new ArrayList<>();
    try (RankCheckpoints checkpoints = new RankCheckpoints(spec, rank)) {
      checkpoints.read(epoch, step, rank, transfers::add);
    }
    return transfers;
  }
}
