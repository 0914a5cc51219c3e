/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.source.barrier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Several JVMs: run ids of their own stand for JVMs of their own. */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BarrierServerTest {
  private static final AtomicInteger RUNS = new AtomicInteger();

  private final RankThreads ranks = new RankThreads();
  private BarrierServer server;

  @AfterEach
  void stop() throws IOException {
    ranks.close();
    if (server != null) {
      server.close();
    }
  }

  private void open(int jvms) throws IOException {
    server = new BarrierServer(InetAddress.getLoopbackAddress(), PortRange.ANY, jvms);
  }

  private BarrierTicket ticket(int localParties) {
    return ticket(localParties, server.token(), "127.0.0.1");
  }

  private BarrierTicket ticket(int localParties, String token, String... hosts) {
    return new BarrierTicket(
        "barrier-server-test-" + RUNS.incrementAndGet(),
        localParties,
        new BarrierTicket.Server(List.of(hosts), server.port(), token));
  }

  @Test
  void threeJvmsStayInStepForThousandsOfGenerations() throws Exception {
    open(3);
    List<BarrierTicket> tickets = new ArrayList<>();
    for (int jvm = 1; jvm <= 3; jvm++) {
      tickets.addAll(Collections.nCopies(jvm, ticket(jvm)));
    }

    ranks.runAll(tickets, RankThreads.lockstep(6, 4000));
  }

  @Test
  void aJvmThatLeavesInPeaceIsNotWaitedFor() throws Exception {
    open(3);
    List<Future<Void>> all = new ArrayList<>();
    for (int jvm = 0; jvm < 3; jvm++) {
      BarrierTicket ticket = ticket(2);
      for (int rank = 0; rank < 2; rank++) {
        int steps = jvm * 200 + rank * 50;
        all.add(
            ranks.start(
                ticket,
                barrier -> {
                  for (int step = 0; step < steps; step++) {
                    barrier.await();
                  }
                  barrier.leave();
                }));
      }
    }

    RankThreads.finish(all);
  }

  /** Four ranks in two JVMs: 2 frames to join, 2 to meet, 1 to leave for each JVM. */
  @Test
  void messagesAreThoseOfTheJvmsWhateverTheNumberOfRanks() throws Exception {
    open(2);
    List<BarrierTicket> tickets = new ArrayList<>();
    for (int jvm = 0; jvm < 2; jvm++) {
      tickets.addAll(Collections.nCopies(2, ticket(2)));
    }
    List<Meetings> met = Collections.synchronizedList(new ArrayList<>());

    ranks.runAll(
        tickets,
        barrier -> {
          for (int step = 0; step < 100; step++) {
            barrier.await();
          }
          met.add(barrier.meetings());
          barrier.leave();
        });

    assertThat(met).extracting(Meetings::count).containsOnly(100L);
    assertThat(met)
        .extracting(Meetings::server)
        .containsOnly(new BarrierTraffic(2 * 2 + 100 * 4, 2 * 38 + 100 * 2 * (9 + 33)));
    // Ranks that are released meet again at once: of a hundred times somebody is last each time.
    assertThat(met.stream().mapToLong(Meetings::last).sum()).isEqualTo(100);
    await()
        .untilAsserted(() -> assertThat(server.traffic().frames()).isEqualTo(2 * 2 + 100 * 4 + 2));
  }

  @Test
  void whoeverIsLastHasHeldUpTheOthers() throws Exception {
    open(2);
    List<Meetings> other = Collections.synchronizedList(new ArrayList<>());
    Future<Void> waiting =
        ranks.start(
            ticket(1),
            barrier -> {
              barrier.await();
              other.add(barrier.meetings());
              barrier.leave();
            });
    try (StepBarrier late = StepBarrier.join(ticket(1))) {
      await().until(() -> server.traffic().frames() == 2 * 2 + 1);

      late.await();

      assertThat(late.meetings().last()).isEqualTo(1);
      assertThat(late.meetings().heldUpNanos()).isPositive();
      late.leave();
    }
    RankThreads.finish(List.of(waiting));
    assertThat(other.get(0).last()).isZero();
    assertThat(other.get(0).heldUpNanos()).isZero();
  }

  @Test
  void aLostMemberAbortsAllOthersByName() throws Exception {
    open(3);
    List<Future<Void>> waiting = new ArrayList<>();
    for (int jvm = 0; jvm < 2; jvm++) {
      waiting.add(ranks.start(ticket(1), StepBarrier::await));
    }
    String address;
    try (RawMember lost = RawMember.joined(server)) {
      address = lost.address();
    }

    assertThat(waiting)
        .allSatisfy(
            rank ->
                assertBroken(
                    rank, "The task manager at " + address + " is gone in the middle of the run"));
  }

  @Test
  void aMemberThatTalksNonsenseCountsAsLost() throws Exception {
    open(2);
    Future<Void> waiting = ranks.start(ticket(1), StepBarrier::await);
    try (RawMember confused = RawMember.joined(server)) {
      confused.out.write(99);

      assertBroken(
          waiting,
          "The task manager at " + confused.address() + " is gone in the middle of the run");
    }
  }

  @Test
  void aRankThatFailsBreaksTheOtherJvms() throws Exception {
    open(2);
    Future<Void> waiting = ranks.start(ticket(1), StepBarrier::await);

    ranks.runAll(List.of(ticket(1)), barrier -> {});

    assertThatThrownBy(() -> waiting.get(RankThreads.SAFETY_NET_SECONDS, TimeUnit.SECONDS))
        .cause()
        .isInstanceOf(BrokenStepBarrierException.class)
        .hasMessageMatching("The task manager at /127.0.0.1:\\d+ is gone in the middle of the run");
  }

  @Test
  void aStrangerWithAnotherTokenIsTurnedAwayAndDisturbsNobody() throws Exception {
    open(2);
    BarrierTicket first = ticket(1);
    BarrierTicket second = ticket(1);
    BarrierTicket stranger = ticket(1, "0".repeat(BarrierProtocol.TOKEN_CHARS), "127.0.0.1");

    assertThatThrownBy(() -> StepBarrier.join(stranger))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "The step barrier server of the job manager is not reachable at port %d of any of [127.0.0.1]; open that port or set --barrier-address and --barrier-ports"
                .formatted(server.port()));
    ranks.runAll(List.of(first, second), RankThreads.lockstep(2, 100));
  }

  @Test
  void garbageIsCutOffAndDisturbsNobody() throws Exception {
    open(2);
    try (RawMember stranger = new RawMember(server)) {
      stranger.out.write(
          "GET / HTTP/1.1\r\nHost: barrier\r\n\r\n".getBytes(StandardCharsets.US_ASCII));

      assertCutOff(stranger);
    }
    ranks.runAll(List.of(ticket(1), ticket(1)), RankThreads.lockstep(2, 100));
  }

  @Test
  void halfAHelloIsCutOffAfterTheTimeout() throws Exception {
    server =
        new BarrierServer(
            InetAddress.getLoopbackAddress(), PortRange.ANY, 2, Duration.ofMillis(200));
    try (RawMember silent = new RawMember(server)) {
      silent.out.writeByte(BarrierProtocol.HELLO);
      silent.out.writeShort(BarrierProtocol.MAGIC >>> 16);
      silent.out.flush();

      assertThat(silent.in.read()).isEqualTo(-1);
    }
    ranks.runAll(List.of(ticket(1), ticket(1)), RankThreads.lockstep(2, 100));
  }

  @Test
  void aMemberTooManyIsRefusedWithTheReason() throws Exception {
    open(1);
    try (RawMember first = RawMember.joined(server)) {
      assertThat(first.socket.isConnected()).isTrue();

      assertThatThrownBy(() -> StepBarrier.join(ticket(1)))
          .isInstanceOf(BrokenStepBarrierException.class)
          .hasMessage("All task managers have joined already");
    }
  }

  @Test
  void whoJoinsAfterABreakHearsWhatBrokeIt() throws Exception {
    open(3);
    Future<Void> waiting = ranks.start(ticket(1), StepBarrier::await);
    String address;
    try (RawMember lost = RawMember.joined(server)) {
      address = lost.address();
    }
    String message = "The task manager at " + address + " is gone in the middle of the run";
    assertBroken(waiting, message);

    assertThatThrownBy(() -> StepBarrier.join(ticket(1)))
        .isInstanceOf(BrokenStepBarrierException.class)
        .hasMessage(message);
  }

  @Test
  void membersHearThatTheServerCloses() throws Exception {
    open(2);
    try (RawMember member = RawMember.joined(server)) {
      server.close();

      assertThat(member.in.readByte()).isEqualTo(BarrierProtocol.ABORT);
      assertThat(member.in.readUTF()).isEqualTo("The job manager has ended the run");
      assertThat(member.in.read()).isEqualTo(-1);
    }
  }

  @Test
  void aClosedServerBreaksAWaitingRank() throws Exception {
    open(2);
    Future<Void> waiting = ranks.start(ticket(1), StepBarrier::await);
    try (RawMember other = RawMember.joined(server)) {
      assertThat(other.socket.isConnected()).isTrue();
      server.close();
    }

    assertThatThrownBy(() -> waiting.get(RankThreads.SAFETY_NET_SECONDS, TimeUnit.SECONDS))
        .cause()
        .isInstanceOf(IOException.class);
  }

  @Test
  void aRankThatClosesTwiceLeavesTheConnectionToTheOthers() throws Exception {
    open(2);
    BarrierTicket shared = ticket(2);
    StepBarrier closesTwice = StepBarrier.join(shared);
    try (StepBarrier other = StepBarrier.join(shared)) {
      closesTwice.leave();
      closesTwice.close();
      closesTwice.close();
      Future<Void> otherJvm =
          ranks.start(
              ticket(1),
              barrier -> {
                barrier.await();
                barrier.leave();
              });

      other.await();

      other.leave();
      RankThreads.finish(List.of(otherJvm));
    }
  }

  @Test
  void theAddressesAreTriedInOrder() throws Exception {
    open(1);

    ranks.runAll(
        List.of(ticket(1, server.token(), "127.0.0.2", "127.0.0.1")), RankThreads.lockstep(1, 10));
  }

  @Test
  void aTakenPortRangeIsNamed() throws Exception {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    try (ServerSocket taken = new ServerSocket(0, 1, loopback)) {
      PortRange ports = new PortRange(taken.getLocalPort(), taken.getLocalPort());

      assertThatThrownBy(() -> new BarrierServer(loopback, ports, 1).close())
          .isInstanceOf(IOException.class)
          .hasMessage("No free port for the step barrier at %s in %s".formatted(loopback, ports));
    }
  }

  @Test
  void aTicketNeverPrintsItsToken() throws Exception {
    open(1);

    assertThat(ticket(1).toString()).doesNotContain(server.token());
  }

  private static void assertBroken(Future<Void> rank, String message) {
    assertThatThrownBy(() -> rank.get(RankThreads.SAFETY_NET_SECONDS, TimeUnit.SECONDS))
        .cause()
        .isInstanceOf(BrokenStepBarrierException.class)
        .hasMessage(message);
  }

  /** The server has unread bytes when it closes, so the end may come as a reset. */
  private static void assertCutOff(RawMember stranger) {
    int answer;
    try {
      answer = stranger.in.read();
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("reset");
      return;
    }
    assertThat(answer).isEqualTo(-1);
  }
}
