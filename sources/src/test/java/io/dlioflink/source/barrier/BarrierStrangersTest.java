/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.source.barrier;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever finds the port of the step barrier does no harm to the run. */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BarrierStrangersTest {
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

  private static BarrierTicket ticket(int port, String token) {
    return new BarrierTicket(
        "barrier-strangers-test-" + RUNS.incrementAndGet(),
        1,
        new BarrierTicket.Server(List.of("127.0.0.1"), port, token));
  }

  private BarrierTicket ticket() {
    return ticket(server.port(), server.token());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void randomBytesDisturbNobody(long seed) throws Exception {
    open(2);
    Random random = new Random(seed);
    RankThreads.Body lockstep = RankThreads.lockstep(2, 50);
    Future<Void> waiting = ranks.start(ticket(), lockstep);
    for (int connection = 0; connection < 50; connection++) {
      byte[] bytes = new byte[random.nextInt(200)];
      random.nextBytes(bytes);
      boolean beginsRight = random.nextBoolean();
      try (RawMember stranger = new RawMember(server)) {
        if (beginsRight) {
          stranger.out.writeByte(BarrierProtocol.HELLO);
          stranger.out.writeInt(BarrierProtocol.MAGIC);
        }
        stranger.out.write(bytes);
        stranger.out.flush();
      } catch (SocketException e) {
        assertThat(e).hasMessageMatching(".*(reset|Broken pipe).*");
      }
    }

    RankThreads.finish(List.of(waiting, ranks.start(ticket(), lockstep)));
  }

  @Test
  void aGreetingThatDripsIsCutOffHoweverSteadily() throws Exception {
    server =
        new BarrierServer(
            InetAddress.getLoopbackAddress(), PortRange.ANY, 2, Duration.ofMillis(300));
    try (RawMember slow = new RawMember(server)) {
      slow.socket.setSoTimeout(50);
      slow.out.writeByte(BarrierProtocol.HELLO);
      slow.out.writeInt(BarrierProtocol.MAGIC);

      for (int sent = 0; !isCutOff(slow); sent++) {
        assertThat(sent).as("bytes before the end").isLessThan(BarrierProtocol.TOKEN_CHARS - 1);
        try {
          slow.out.writeByte('0');
        } catch (SocketException e) {
          assertThat(e).hasMessageMatching(".*(reset|Broken pipe).*");
        }
      }
    }
  }

  @Test
  void crowdsOfSilentStrangersTakeNoPlaceFromTheRun() throws Exception {
    open(2);
    List<RawMember> silent = new ArrayList<>();
    try {
      for (int stranger = 0; stranger < 300; stranger++) {
        silent.add(new RawMember(server));
      }
      // The last came when the first had to go, which is long before its time is over.
      assertThat(isCutOff(silent.get(0))).isTrue();

      ranks.runAll(List.of(ticket(), ticket()), RankThreads.lockstep(2, 100));
    } finally {
      for (RawMember stranger : silent) {
        stranger.close();
      }
    }
  }

  @Test
  void aServerThatDoesNotAnswerHoldsUpNoOtherRun() throws Exception {
    open(1);
    try (ServerSocket deaf = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Future<Void> held =
          ranks.start(
              ticket(deaf.getLocalPort(), "0".repeat(BarrierProtocol.TOKEN_CHARS)), barrier -> {});
      try (Socket asked = deaf.accept()) {
        assertThat(asked.getInputStream().read()).isEqualTo(BarrierProtocol.HELLO);

        ranks.runAll(List.of(ticket()), RankThreads.lockstep(1, 1));

        assertThat(held.isDone()).isFalse();
      }
    }
  }

  /** The server has unread bytes when it closes, so the end may come as a reset. */
  private static boolean isCutOff(RawMember stranger) throws IOException {
    try {
      return stranger.in.read() == -1;
    } catch (SocketTimeoutException e) {
      return false;
    } catch (SocketException e) {
      return true;
    }
  }
}
