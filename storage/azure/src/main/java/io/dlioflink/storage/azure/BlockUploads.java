/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.azure;

import io.dlioflink.storage.TransferCounts;
import io.dlioflink.storage.azure.AzureSettings.Transfer;
import java.nio.ByteBuffer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;

/**
 * What the writers of a storage share: buffers, and how many blocks may be on their way. Each
 * writer holds one buffer that it fills, so memory is (writers + blocks on their way) x block size.
 */
final class BlockUploads {
  private static final int SMALLEST_BYTES = 64 * 1024;

  private final Transfer transfer;
  private final TransferCounts counts;
  private final Semaphore permits;
  private final BlockingQueue<ByteBuffer> free;

  BlockUploads(Transfer transfer, TransferCounts counts) {
    this.transfer = transfer;
    this.counts = counts;
    this.permits = new Semaphore(transfer.blockConcurrency());
    this.free = new LinkedBlockingQueue<>(2 * transfer.blockConcurrency());
  }

  TransferCounts counts() {
    return counts;
  }

  /** Waits until one more block may be on its way. */
  void begin() throws InterruptedException {
    permits.acquire();
  }

  /** A block has arrived, or failed. */
  void end() {
    permits.release();
  }

  /** An empty buffer, of some size up to that of a block. */
  ByteBuffer take(int expectedBytes) {
    ByteBuffer known = free.poll();
    return known == null ? allocate(expectedBytes) : known.clear();
  }

  /** Whether a buffer holds as much as a block may. */
  boolean isBlock(ByteBuffer buffer) {
    return buffer.capacity() >= transfer.blockBytes();
  }

  /** A larger buffer with what is in this one. */
  ByteBuffer grow(ByteBuffer full, int expectedBytes) {
    long needed = Math.max(2L * full.capacity(), (long) full.capacity() + expectedBytes);
    return allocate(needed).put(full.flip());
  }

  /** Gives a buffer back that nobody reads any more. */
  void release(ByteBuffer buffer) {
    // One too many is left to the garbage collector.
    boolean kept = free.offer(buffer);
    assert kept || free.remainingCapacity() == 0;
  }

  private ByteBuffer allocate(long neededBytes) {
    long rounded = Long.highestOneBit(Math.max(SMALLEST_BYTES, neededBytes) * 2 - 1);
    return ByteBuffer.allocateDirect((int) Math.min(transfer.blockBytes(), rounded));
  }
}
