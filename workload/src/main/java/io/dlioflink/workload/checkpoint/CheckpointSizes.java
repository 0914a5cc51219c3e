/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload.checkpoint;

/**
 * Bytes of one checkpoint over all running ranks.
 *
 * @param dlioModelBytes what DLIO reports as model: what all ranks hold. With ZeRO 2 that is more
 *     than is written, and tensors given by {@code layer_parameters} do not count
 * @param dlioOptimizerBytes what DLIO reports as optimizer; without {@code optimization_groups}
 * @param payloadBytes bytes of all tensors in all files
 * @param files number of files
 */
public record CheckpointSizes(
    long dlioModelBytes, long dlioOptimizerBytes, long payloadBytes, long files) {

  /** What DLIO reports as {@code checkpoint_size}, there in GiB. */
  public long dlioBytes() {
    return dlioModelBytes + dlioOptimizerBytes;
  }
}
