/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.source.barrier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Ranks of one JVM. */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StepBarrierTest {
  private static final String BROKEN = "A rank of this task manager ended before its last step";

  private static final AtomicInteger RUNS = new AtomicInteger();

  private final RankThreads ranks = new RankThreads();

  @AfterEach
  void stop() {
    ranks.close();
  }

  private static BarrierTicket ticket(int parties) {
    return new BarrierTicket("step-barrier-test-" + RUNS.incrementAndGet(), parties, null);
  }

  @Test
  void noRankIsEverAGenerationAhead() throws Exception {
    BarrierTicket ticket = ticket(8);

    ranks.runAll(Collections.nCopies(8, ticket), RankThreads.lockstep(8, 3000));
  }

  @Test
  void aSingleRankNeverWaits() throws Exception {
    BarrierTicket ticket = ticket(1);

    ranks.runAll(List.of(ticket), RankThreads.lockstep(1, 1000));
  }

  @Test
  void ofTheRanksOfAJvmOneIsLastEachTimeAndNoServerHears() throws Exception {
    BarrierTicket ticket = ticket(3);
    List<Meetings> met = Collections.synchronizedList(new ArrayList<>());

    ranks.runAll(
        Collections.nCopies(3, ticket),
        barrier -> {
          for (int step = 0; step < 500; step++) {
            barrier.await();
          }
          met.add(barrier.meetings());
          barrier.leave();
        });

    assertThat(met).extracting(Meetings::count).containsExactly(500L, 500L, 500L);
    assertThat(met.stream().mapToLong(Meetings::last).sum()).isEqualTo(500);
    assertThat(met).extracting(Meetings::server).containsOnly(BarrierTraffic.NONE);
  }

  @Test
  void aRankAloneHoldsNobodyUp() throws Exception {
    List<Meetings> met = new ArrayList<>();

    ranks.runAll(
        List.of(ticket(1)),
        barrier -> {
          barrier.await();
          met.add(barrier.meetings());
          barrier.leave();
        });

    assertThat(met).containsExactly(new Meetings(1, 0, 0, BarrierTraffic.NONE));
  }

  @Test
  void ranksThatLeaveEarlyAreNotWaitedFor() throws Exception {
    BarrierTicket ticket = ticket(5);
    AtomicInteger met = new AtomicInteger();
    List<Future<Void>> all = new ArrayList<>();
    for (int rank = 0; rank < 5; rank++) {
      int steps = rank * 100;
      all.add(
          ranks.start(
              ticket,
              barrier -> {
                for (int step = 0; step < steps; step++) {
                  barrier.await();
                  met.incrementAndGet();
                }
                barrier.leave();
              }));
    }

    RankThreads.finish(all);

    assertThat(met).hasValue(100 + 200 + 300 + 400);
  }

  @Test
  void leavingTwiceCountsOnce() throws Exception {
    BarrierTicket ticket = ticket(3);
    Future<Void> leaver =
        ranks.start(
            ticket,
            barrier -> {
              barrier.leave();
              barrier.leave();
            });

    ranks.runAll(Collections.nCopies(2, ticket), RankThreads.lockstep(2, 500));
    RankThreads.finish(List.of(leaver));
  }

  @Test
  void aRankThatClosesWithoutLeavingBreaksTheOthers() {
    BarrierTicket ticket = ticket(3);
    List<Future<Void>> waiting = new ArrayList<>();
    for (int rank = 0; rank < 2; rank++) {
      waiting.add(ranks.start(ticket, StepBarrier::await));
    }

    Future<Void> ended = ranks.start(ticket, barrier -> {});

    assertThatCode(() -> RankThreads.finish(List.of(ended))).doesNotThrowAnyException();
    assertThat(waiting).allSatisfy(StepBarrierTest::assertBroken);
  }

  @Test
  void aBrokenBarrierStaysBroken() throws Exception {
    BarrierTicket ticket = ticket(2);
    try (StepBarrier other = StepBarrier.join(ticket)) {
      StepBarrier.join(ticket).close();

      assertThatThrownBy(other::await)
          .isInstanceOf(BrokenStepBarrierException.class)
          .hasMessage(BROKEN);
      assertThatThrownBy(other::await)
          .isInstanceOf(BrokenStepBarrierException.class)
          .hasMessage(BROKEN);
      assertThatCode(other::leave).doesNotThrowAnyException();
    }
  }

  @Test
  void aRankThatComesAfterAFailureIsToldSo() throws Exception {
    BarrierTicket ticket = ticket(2);
    StepBarrier.join(ticket).close();

    try (StepBarrier late = StepBarrier.join(ticket)) {
      assertThatThrownBy(late::await)
          .isInstanceOf(BrokenStepBarrierException.class)
          .hasMessage(BROKEN);
    }
  }

  @Test
  void aRankThatComesAfterAllOthersLeftGoesOnAlone() throws Exception {
    BarrierTicket ticket = ticket(2);
    ranks.runAll(List.of(ticket), StepBarrier::leave);

    ranks.runAll(List.of(ticket), RankThreads.lockstep(1, 10));
  }

  @Test
  void anInterruptEndsTheWait() throws Exception {
    BarrierTicket ticket = ticket(3);
    AtomicReference<Thread> thread = new AtomicReference<>();
    Future<Void> other = ranks.start(ticket, StepBarrier::await);
    Future<Void> interrupted =
        ranks.start(
            ticket,
            barrier -> {
              thread.set(Thread.currentThread());
              barrier.await();
            });

    await()
        .untilAsserted(
            () ->
                assertThat(thread.get())
                    .isNotNull()
                    .extracting(Thread::getState)
                    .isEqualTo(Thread.State.WAITING));
    thread.get().interrupt();

    assertThatThrownBy(() -> interrupted.get(RankThreads.SAFETY_NET_SECONDS, TimeUnit.SECONDS))
        .hasCauseInstanceOf(InterruptedException.class);
    assertBroken(other);
  }

  @Test
  void runsOfOneJvmDoNotDisturbEachOther() throws Exception {
    BarrierTicket first = ticket(2);
    BarrierTicket second = ticket(2);
    List<Future<Void>> broken = new ArrayList<>();
    broken.add(ranks.start(first, StepBarrier::await));
    ranks.runAll(List.of(first), barrier -> {});

    ranks.runAll(Collections.nCopies(2, second), RankThreads.lockstep(2, 500));

    assertThat(broken).allSatisfy(StepBarrierTest::assertBroken);
  }

  @Test
  void aRunIdIsFreeAgainAfterItsRun() throws Exception {
    BarrierTicket ticket = ticket(2);

    for (int run = 0; run < 50; run++) {
      ranks.runAll(Collections.nCopies(2, ticket), RankThreads.lockstep(2, 20));
    }
  }

  @Test
  void closingTwiceIsClosingOnce() throws Exception {
    BarrierTicket ticket = ticket(2);
    Future<Void> closesTwice =
        ranks.start(
            ticket,
            barrier -> {
              barrier.await();
              barrier.leave();
              barrier.close();
            });
    Future<Void> goesOn =
        ranks.start(
            ticket,
            barrier -> {
              for (int step = 0; step < 100; step++) {
                barrier.await();
              }
              barrier.leave();
            });

    RankThreads.finish(List.of(closesTwice, goesOn));
  }

  private static void assertBroken(Future<Void> rank) {
    assertThatThrownBy(() -> rank.get(RankThreads.SAFETY_NET_SECONDS, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOf(BrokenStepBarrierException.class)
        .hasMessage(BROKEN);
  }
}
