/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.checkpoint;

import io.dlioflink.workload.checkpoint.CheckpointFile;
import java.io.IOException;
import java.util.List;

/** How a framework stores a state: one or more files, written front to back. */
interface StateFormat {

  /** Names of the files of a state, in the order they are written. */
  List<String> fileNames(CheckpointFile state);

  /**
   * Writes one of the files.
   *
   * @param number of the file, counted from 0 in {@link #fileNames}
   * @param key of the content of the state
   */
  void encode(CheckpointFile state, int number, long key, StateOutput output) throws IOException;

  /** What stands at an offset of a file, for messages. */
  String placeOf(CheckpointFile state, int number, long offset);
}
