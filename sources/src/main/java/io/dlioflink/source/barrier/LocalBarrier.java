/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.source.barrier;

import io.dlioflink.source.barrier.BarrierTicket.Server;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import javax.annotation.Nullable;

/**
 * Counts the ranks of one JVM. Shared through a static map keyed by run: Flink loads this class
 * once per job and task manager, and once for all task managers of a mini-cluster, which is just
 * the set of ranks that can meet without a network.
 */
final class LocalBarrier {
  static final String JVM_ID = UUID.randomUUID().toString();

  private static final Map<String, LocalBarrier> SHARED = new HashMap<>();

  private final ReentrantLock lock = new ReentrantLock();
  private volatile @Nullable BarrierConnection connection;
  private boolean reached;
  private @Nullable IOException unreachable;
  private int users;
  private int yetToJoin;
  private int parties;
  private int arrived;
  private long arrivedNanos;
  private @Nullable Member last;
  private long lastByNanos;
  private BarrierTraffic traffic = BarrierTraffic.NONE;
  private List<Thread> waiting = new ArrayList<>();
  private volatile long generation;
  private volatile @Nullable BrokenStepBarrierException broken;

  /** What a rank keeps of its meetings; written under the lock before its rank is let go. */
  static final class Member {
    private long count;
    private long last;
    private long heldUpNanos;
    private BarrierTraffic traffic = BarrierTraffic.NONE;

    Meetings meetings() {
      return new Meetings(count, last, heldUpNanos, traffic);
    }
  }

  private LocalBarrier(int parties) {
    this.parties = parties;
    this.yetToJoin = parties;
  }

  static LocalBarrier acquire(BarrierTicket ticket) throws IOException {
    LocalBarrier barrier;
    synchronized (SHARED) {
      barrier =
          SHARED.computeIfAbsent(ticket.runId(), run -> new LocalBarrier(ticket.localParties()));
      barrier.users++;
      barrier.yetToJoin--;
    }
    try {
      barrier.reach(ticket.server());
      return barrier;
    } catch (IOException e) {
      release(ticket.runId(), barrier);
      throw e;
    }
  }

  /** The first rank connects for all of its JVM, while those of other runs go on. */
  private synchronized void reach(@Nullable Server server) throws IOException {
    if (unreachable != null) {
      throw new IOException(unreachable.getMessage(), unreachable);
    }
    if (!reached && server != null) {
      try {
        connection = BarrierConnection.open(server, this);
      } catch (BrokenStepBarrierException e) {
        throw e;
      } catch (IOException e) {
        unreachable = e;
        throw e;
      }
    }
    reached = true;
  }

  static void release(String runId, LocalBarrier barrier) {
    synchronized (SHARED) {
      // A rank that comes when the others are gone already must find out, not wait for them.
      if (--barrier.users == 0 && barrier.yetToJoin <= 0) {
        SHARED.remove(runId, barrier);
        if (barrier.connection != null) {
          barrier.connection.close();
        }
      }
    }
  }

  /**
   * Waits for all. Whoever is released needs no lock to go on: with a condition the waiters would
   * take it one after the other, and the last of many would start its step late.
   */
  void await(Member member) throws IOException, InterruptedException {
    long mine = arrive(member);
    while (mine == generation) {
      throwIfBroken();
      LockSupport.park(this);
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
    }
    // Written before the generation, which is volatile.
    member.count++;
    member.traffic = traffic;
  }

  private long arrive(Member member) throws IOException, InterruptedException {
    lock.lockInterruptibly();
    try {
      throwIfBroken();
      long mine = generation;
      long now = System.nanoTime();
      last = member;
      lastByNanos = arrived == 0 ? Long.MAX_VALUE : now - arrivedNanos;
      arrivedNanos = now;
      arrived++;
      waiting.add(Thread.currentThread());
      completeIfAllArrived();
      return mine;
    } finally {
      lock.unlock();
    }
  }

  void leave() throws IOException {
    lock.lock();
    try {
      parties--;
      if (broken != null) {
        return;
      }
      if (parties > 0) {
        // Whoever arrived last, it was not waited for.
        last = null;
        completeIfAllArrived();
      } else if (connection != null) {
        connection.leave();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Breaks the barrier for every rank of this JVM; without effect if it is broken already. */
  void fail(String message, @Nullable Throwable cause) {
    lock.lock();
    try {
      if (broken == null && parties > 0) {
        broken = new BrokenStepBarrierException(message, cause);
        wakeAll();
        if (connection != null) {
          connection.close();
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * All JVMs have arrived at a generation.
   *
   * @param jvmLastByNanos by how much this JVM was the last one; {@link BarrierProtocol#NOT_LAST}
   * @param soFar what has passed through the server
   */
  void releaseFromServer(long releasedGeneration, long jvmLastByNanos, BarrierTraffic soFar) {
    lock.lock();
    try {
      if (releasedGeneration == generation) {
        traffic = soFar;
        if (jvmLastByNanos == BarrierProtocol.NOT_LAST) {
          last = null;
        } else {
          lastByNanos = Math.min(lastByNanos, jvmLastByNanos);
        }
        nextGeneration();
      }
    } finally {
      lock.unlock();
    }
  }

  private void completeIfAllArrived() throws IOException {
    if (arrived < parties) {
      return;
    }
    if (connection == null) {
      nextGeneration();
    } else if (arrived == parties) {
      connection.arrive(generation);
    }
  }

  // Only under the lock.
  @SuppressWarnings("NonAtomicVolatileUpdate")
  private void nextGeneration() {
    // A rank alone holds nobody up.
    if (last != null && lastByNanos != Long.MAX_VALUE) {
      last.last++;
      last.heldUpNanos += lastByNanos;
    }
    last = null;
    arrived = 0;
    generation++;
    wakeAll();
  }

  private void wakeAll() {
    List<Thread> woken = waiting;
    waiting = new ArrayList<>(woken.size());
    woken.forEach(LockSupport::unpark);
  }

  private void throwIfBroken() throws BrokenStepBarrierException {
    BrokenStepBarrierException why = broken;
    if (why != null) {
      throw new BrokenStepBarrierException(why.getMessage(), why);
    }
  }
}
