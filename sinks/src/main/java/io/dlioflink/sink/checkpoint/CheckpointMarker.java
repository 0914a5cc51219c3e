/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.checkpoint;

import java.util.List;

/**
 * Says that a checkpoint is complete; the file {@value #FILE_NAME}, written last.
 *
 * @param formatVersion of this file
 * @param epoch of the checkpoint
 * @param step of the checkpoint
 * @param ranks that wrote it
 * @param files of all ranks
 * @param payloadBytes bytes of tensors
 * @param rawBytes bytes of all files before compression
 * @param storedBytes bytes of all files on storage
 * @param contentSeed what the content of all files follows from
 * @param manifestCrc32 CRC-32 of each rank's manifest, by rank, hexadecimal
 */
record CheckpointMarker(
    int formatVersion,
    int epoch,
    long step,
    int ranks,
    long files,
    long payloadBytes,
    long rawBytes,
    long storedBytes,
    long contentSeed,
    List<String> manifestCrc32) {
  static final String FILE_NAME = ".dlio-flink-checkpoint.json";

  CheckpointMarker {
    manifestCrc32 = manifestCrc32 == null ? List.of() : List.copyOf(manifestCrc32);
  }
}
