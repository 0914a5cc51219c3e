/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.source.barrier;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Ranks in threads of their own; time-outs are safety nets only. */
final class RankThreads implements AutoCloseable {
  static final long SAFETY_NET_SECONDS = 60;

  private final ExecutorService pool = Executors.newCachedThreadPool();

  /** What a rank does between joining and closing. */
  @FunctionalInterface
  interface Body {
    void run(StepBarrier barrier) throws Exception;
  }

  Future<Void> start(BarrierTicket ticket, Body body) {
    return pool.submit(
        () -> {
          try (StepBarrier barrier = StepBarrier.join(ticket)) {
            body.run(barrier);
          }
          return null;
        });
  }

  static void finish(List<Future<Void>> ranks) throws Exception {
    for (Future<Void> rank : ranks) {
      rank.get(SAFETY_NET_SECONDS, TimeUnit.SECONDS);
    }
  }

  /** Runs one body per ticket to its end. */
  void runAll(List<BarrierTicket> tickets, Body body) throws Exception {
    List<Future<Void>> ranks = new ArrayList<>();
    for (BarrierTicket ticket : tickets) {
      ranks.add(start(ticket, body));
    }
    finish(ranks);
  }

  /** Meets the others so many times, and checks each time that all of them have arrived. */
  static Body lockstep(int ranks, int generations) {
    AtomicLong arrivals = new AtomicLong();
    return barrier -> {
      for (int generation = 1; generation <= generations; generation++) {
        arrivals.incrementAndGet();
        barrier.await();
        long seen = arrivals.get();
        // All have arrived here; of the next generation, all but this rank may have.
        if (seen < (long) ranks * generation || seen > (long) ranks * generation + ranks - 1) {
          throw new AssertionError(
              "%d arrivals of %d ranks after generation %d".formatted(seen, ranks, generation));
        }
      }
      barrier.leave();
    };
  }

  @Override
  public void close() {
    pool.shutdownNow();
  }
}
