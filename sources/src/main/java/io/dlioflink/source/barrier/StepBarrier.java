/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.source.barrier;

import java.io.Closeable;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The barrier all ranks of a run meet at after every step, as DLIO's ranks meet at an MPI barrier.
 * Ranks of one JVM count themselves locally; the last one to arrive speaks for the JVM on a single
 * TCP connection. One object per rank; not thread-safe, but {@link #close} may come from any
 * thread.
 */
public final class StepBarrier implements Closeable {
  private final String runId;
  private final LocalBarrier local;
  private final LocalBarrier.Member member = new LocalBarrier.Member();
  private final AtomicBoolean closed = new AtomicBoolean();
  private volatile boolean left;

  private StepBarrier(String runId, LocalBarrier local) {
    this.runId = runId;
    this.local = local;
  }

  /** Identity of the set of ranks that meet without a network: this JVM, as seen by this job. */
  public static String jvmId() {
    return LocalBarrier.JVM_ID;
  }

  /**
   * Joins the barrier of a run.
   *
   * @throws IOException if the server of the run cannot be reached
   */
  public static StepBarrier join(BarrierTicket ticket) throws IOException {
    return new StepBarrier(ticket.runId(), LocalBarrier.acquire(ticket));
  }

  /**
   * Waits until all ranks have arrived.
   *
   * @throws BrokenStepBarrierException if a rank is gone that had not left
   */
  public void await() throws IOException, InterruptedException {
    local.await(member);
  }

  /** How this rank met the others so far; to be asked by the thread that waits. */
  public Meetings meetings() {
    return member.meetings();
  }

  /** This rank makes no further step; the others go on without it. */
  public void leave() throws IOException {
    if (!left) {
      left = true;
      local.leave();
    }
  }

  /** Leaves the JVM's barrier; a rank that did not {@link #leave} breaks it for all others. */
  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    if (!left) {
      local.fail("A rank of this task manager ended before its last step", null);
    }
    LocalBarrier.release(runId, local);
  }
}
