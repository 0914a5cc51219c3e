/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job.hosts;

import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.annotation.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The leader's side of the connections to the other hosts: lets them in, tells them the job
 * manager, notices when one is lost, and tells them how the run ended. Thread-safe.
 */
public final class Leader implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(Leader.class);

  /** A run that is over before all hosts have come waits for them this long. */
  private static final Duration STRAGGLERS = Duration.ofSeconds(30);

  /** An interrupted run has this long to come to its end and to tell all hosts. */
  private static final Duration FAREWELL = STRAGGLERS.plusSeconds(20);

  private final Ranks ranks;
  private final ServerSocket server;
  private final String token;
  private final Thread hook = new Thread(this::leave, "leave-hosts");
  private final CountDownLatch closed = new CountDownLatch(1);
  private final List<Host> hosts = new ArrayList<>();
  private Consumer<String> reaction = reason -> {};
  private @Nullable String lost;
  private int arrived;
  private boolean ended;

  private record Host(String name, int ranks, Socket socket, DataOutputStream out) {}

  private Leader(Ranks ranks, ServerSocket server) {
    this.ranks = ranks;
    this.server = server;
    byte[] random = new byte[HostProtocol.TOKEN_BYTES / 2];
    new SecureRandom().nextBytes(random);
    this.token = HexFormat.of().formatHex(random);
    this.arrived = ranks.here();
  }

  /** Opens a port and invites the other hosts. */
  public static Leader open(Ranks ranks) throws IOException {
    Leader leader = new Leader(ranks, new ServerSocket(0));
    try {
      Runtime.getRuntime().addShutdownHook(leader.hook);
      new Invitation(
              leader.server.getLocalPort(),
              leader.token,
              Invitation.addressesOfThisHost(Ranks.hostsAreSimulated()))
          .write(ranks.invitation());
    } catch (IOException e) {
      leader.close();
      throw new IOException(
          "The other hosts could not be invited with a file in "
              + ranks.folder()
              + "; set DLIO_FLINK_RENDEZVOUS to a folder that all hosts share and you can write to",
          e);
    }
    daemon(leader::accept, "host-door");
    return leader;
  }

  private static void daemon(Runnable work, String name) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    while (true) {
      try {
        Socket socket = server.accept();
        daemon(() -> serve(socket), "host-connection");
      } catch (IOException e) {
        LOG.debug("No more hosts are let in", e);
        return;
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      HostProtocol.prepare(socket);
      socket.setSoTimeout((int) HostProtocol.HANDSHAKE.toMillis());
      DataInputStream in = new DataInputStream(socket.getInputStream());
      byte[] said = in.readNBytes(HostProtocol.TOKEN_BYTES);
      if (!MessageDigest.isEqual(said, token.getBytes(StandardCharsets.US_ASCII))) {
        LOG.warn("{} did not know the token", socket.getRemoteSocketAddress());
        return;
      }
      Host host =
          new Host(
              in.readUTF(), in.readInt(), socket, new DataOutputStream(socket.getOutputStream()));
      socket.setSoTimeout(0);
      host.out.writeByte(HostProtocol.WELCOME);
      admit(host);
      watch(host, in);
    } catch (IOException e) {
      LOG.warn("The connection to {} failed", socket.getRemoteSocketAddress(), e);
    }
  }

  private synchronized void admit(Host host) {
    hosts.add(host);
    arrived += host.ranks;
    if (arrived >= ranks.total()) {
      withdrawInvitation();
    }
    notifyAll();
  }

  private void watch(Host host, DataInputStream in) {
    try {
      in.read();
    } catch (IOException e) {
      LOG.debug("The connection to {} broke", host.name, e);
    }
    Consumer<String> told;
    synchronized (this) {
      if (ended || lost != null) {
        return;
      }
      lost = "The process on " + host.name + " ended during the run";
      told = reaction;
      notifyAll();
    }
    told.accept(lost);
  }

  /** Has somebody told, in a sentence for people, when a host is lost; on any thread. */
  void onLoss(Consumer<String> newReaction) {
    String earlier;
    synchronized (this) {
      reaction = newReaction;
      earlier = lost;
    }
    if (earlier != null) {
      newReaction.accept(earlier);
    }
  }

  /**
   * Waits until all ranks of the launcher have their host connected.
   *
   * @return the address of this host that the others reach
   */
  synchronized String awaitAll() throws IOException, InterruptedException {
    if (!awaitArrivals(HostProtocol.ARRIVAL)) {
      throw new IOException(
          "Of %d ranks, %d did not come within %d s; do all hosts share %s? If not, set DLIO_FLINK_RENDEZVOUS to a folder that they share"
              .formatted(
                  ranks.total(),
                  ranks.total() - arrived,
                  HostProtocol.ARRIVAL.toSeconds(),
                  ranks.folder()));
    }
    throwIfLost();
    return hosts.get(0).socket.getLocalAddress().getHostAddress();
  }

  synchronized void throwIfLost() throws IOException {
    if (lost != null) {
      throw new IOException(lost);
    }
  }

  private synchronized boolean awaitArrivals(Duration patience) throws InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    while (arrived < ranks.total() && lost == null) {
      long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      if (left <= 0) {
        return false;
      }
      wait(left);
    }
    return true;
  }

  /** Tells all hosts where the job manager is. */
  synchronized void announce(String address, int port) throws IOException {
    for (Host host : hosts) {
      host.out.writeByte(HostProtocol.JOIN);
      host.out.writeUTF(address);
      host.out.writeInt(port);
      host.out.flush();
    }
  }

  /** Tells all hosts, also those that come late, that the run is over. */
  public synchronized void end(int exitCode) throws InterruptedException {
    awaitArrivals(STRAGGLERS);
    ended = true;
    for (Host host : hosts) {
      try {
        host.out.writeByte(HostProtocol.END);
        host.out.writeInt(exitCode);
        host.out.flush();
      } catch (IOException e) {
        LOG.warn("{} was not told the end of the run", host.name, e);
      }
    }
  }

  /** Ctrl-C: no trace remains, and the hosts are still told how the run ended. */
  private void leave() {
    withdrawInvitation();
    try {
      closed.await(FAREWELL.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void withdrawInvitation() {
    try {
      Files.deleteIfExists(ranks.invitation());
    } catch (IOException e) {
      LOG.warn("{} could not be deleted", ranks.invitation(), e);
    }
  }

  @Override
  public void close() {
    closed.countDown();
    withdrawInvitation();
    try {
      server.close();
    } catch (IOException e) {
      LOG.debug("Closing the door for hosts", e);
    }
  }
}
