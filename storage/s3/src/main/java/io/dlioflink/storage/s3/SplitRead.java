/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.s3;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * A read in several ranges at once. The caller's thread takes part, so it goes on even if all other
 * threads are busy. After a failure it waits for the ranges under way, since they write to the
 * caller's buffer; after an interrupt it does not.
 */
final class SplitRead {
  private final Range range;
  private final long position;
  private final ByteBuffer target;
  // The caller's buffer may move while a late thread looks.
  private final ByteBuffer window;
  private final int partBytes;

  // Guarded by this.
  private final int[] read;
  private int next;
  private int underWay;
  private IOException failure;

  /** Reads a range in one piece; fewer bytes only at the end of the object. */
  interface Range {
    int read(long position, ByteBuffer target) throws IOException;
  }

  /** The target has room for one byte at least. */
  SplitRead(Range range, long position, ByteBuffer target, int partBytes) {
    this.range = range;
    this.position = position;
    this.target = target;
    this.window = target.slice();
    this.partBytes = partBytes;
    this.read = new int[(target.remaining() - 1) / partBytes + 1];
  }

  /** Fills the target as far as the object goes; returns the bytes read. */
  int run(Executor threads) throws IOException {
    try {
      for (int i = 1; i < read.length; i++) {
        threads.execute(this::work);
      }
    } catch (RejectedExecutionException e) {
      // The storage is being closed; this thread will see.
    }
    work();
    awaitOthers();
    int bytes = 0;
    for (int part = 0; part < read.length; part++) {
      bytes += read[part];
      if (read[part] < size(part)) {
        break;
      }
    }
    target.position(target.position() + bytes);
    return bytes;
  }

  private int size(int part) {
    return Math.min(partBytes, window.capacity() - part * partBytes);
  }

  private void work() {
    for (int part = begin(); part >= 0; part = begin()) {
      int bytes = 0;
      IOException failed = null;
      try {
        int offset = part * partBytes;
        bytes = range.read(position + offset, window.slice(offset, size(part)));
      } catch (IOException e) {
        failed = e;
      } catch (RuntimeException | Error e) {
        failed = new IOException(e);
      } finally {
        ended(part, bytes, failed);
      }
    }
  }

  private synchronized int begin() {
    if (failure != null || next == read.length) {
      return -1;
    }
    underWay++;
    return next++;
  }

  private synchronized void ended(int part, int bytes, IOException failed) {
    underWay--;
    read[part] = bytes;
    failure = failure == null ? failed : failure;
    notifyAll();
  }

  private synchronized void awaitOthers() throws IOException {
    try {
      while (underWay > 0) {
        wait();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      failure = new InterruptedIOException("Interrupted while ranges were being read");
      Arrays.fill(read, 0);
    }
    if (failure != null) {
      throw failure;
    }
  }
}
