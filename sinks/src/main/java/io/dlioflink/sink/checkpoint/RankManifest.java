/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.checkpoint;

import java.util.List;

/**
 * What one rank contributes to a checkpoint; the file {@code .dlio-flink-rank-<rank>.json}.
 *
 * @param formatVersion of this file
 * @param complete whether all files have their names
 * @param rank which
 * @param epoch of the checkpoint
 * @param step of the checkpoint
 * @param compression of the files
 * @param content {@code random} or {@code ones}
 * @param files in the order they were written; none before they are complete
 */
record RankManifest(
    int formatVersion,
    boolean complete,
    int rank,
    int epoch,
    long step,
    String compression,
    String content,
    List<StoredFile> files) {
  static final int FORMAT_VERSION = 1;

  RankManifest {
    files = files == null ? List.of() : List.copyOf(files);
  }

  static String fileName(int rank) {
    return ".dlio-flink-rank-" + rank + ".json";
  }
}
