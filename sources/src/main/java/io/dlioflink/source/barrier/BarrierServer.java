/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.source.barrier;

import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import javax.annotation.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the JVMs of a run meet after every step; runs beside the enumerator. Whoever does not know
 * the token within a few seconds is disconnected and disturbs nobody: of strangers there are only
 * so many at a time, and a further one takes the place of the first.
 */
public final class BarrierServer implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(BarrierServer.class);
  private static final Duration HELLO_TIMEOUT = Duration.ofSeconds(5);

  /** A JVM of the run is a stranger for as long as its greeting is under way. */
  private static final int MAX_STRANGERS = 64;

  private static final Duration PAUSE_AFTER_FAILURE = Duration.ofMillis(100);

  private final ServerSocket acceptor;
  private final String token;
  private final int expectedMembers;
  private final Duration helloTimeout;
  private final Set<Socket> strangers = new LinkedHashSet<>();
  private final Set<Member> members = new HashSet<>();
  private int joined;
  private int arrived;
  private long arrivedNanos;
  private long lastGeneration;
  private BarrierTraffic traffic = BarrierTraffic.NONE;
  private @Nullable String broken;

  /**
   * Opens the server.
   *
   * @param address to bind
   * @param ports ports to try
   * @param expectedMembers JVMs of the run
   */
  public BarrierServer(InetAddress address, PortRange ports, int expectedMembers)
      throws IOException {
    this(address, ports, expectedMembers, HELLO_TIMEOUT);
  }

  BarrierServer(InetAddress address, PortRange ports, int expectedMembers, Duration helloTimeout)
      throws IOException {
    this.expectedMembers = expectedMembers;
    this.helloTimeout = helloTimeout;
    byte[] secret = new byte[BarrierProtocol.TOKEN_CHARS / 2];
    new SecureRandom().nextBytes(secret);
    this.token = HexFormat.of().formatHex(secret);
    this.acceptor = bind(address, ports);
    daemon(this::acceptLoop, "step-barrier-server");
  }

  private static ServerSocket bind(InetAddress address, PortRange ports) throws IOException {
    IOException failure = null;
    for (Iterator<Integer> candidates = ports.iterator(); candidates.hasNext(); ) {
      ServerSocket socket = new ServerSocket();
      try {
        socket.bind(new InetSocketAddress(address, candidates.next()));
        return socket;
      } catch (IOException e) {
        socket.close();
        failure = e;
      }
    }
    throw new IOException(
        "No free port for the step barrier at " + address + " in " + ports, failure);
  }

  /** The port in use. */
  public int port() {
    return acceptor.getLocalPort();
  }

  /** What has passed through it so far. */
  public synchronized BarrierTraffic traffic() {
    return traffic;
  }

  /** The secret a JVM must know to join. */
  public String token() {
    return token;
  }

  private void acceptLoop() {
    while (!acceptor.isClosed()) {
      try {
        Socket socket = acceptor.accept();
        admit(socket);
        daemon(() -> serve(socket), "step-barrier-member");
      } catch (IOException e) {
        if (!acceptor.isClosed()) {
          LOG.warn("Step barrier: accept failed", e);
          LockSupport.parkNanos(PAUSE_AFTER_FAILURE.toNanos());
        }
      }
    }
  }

  private void admit(Socket stranger) throws IOException {
    Socket first = null;
    synchronized (strangers) {
      if (strangers.size() == MAX_STRANGERS) {
        first = strangers.iterator().next();
        strangers.remove(first);
      }
      strangers.add(stranger);
    }
    if (first != null) {
      first.close();
    }
  }

  private void noStranger(Socket socket) {
    synchronized (strangers) {
      strangers.remove(socket);
    }
  }

  private void serve(Socket socket) {
    Member member = null;
    try (socket) {
      socket.setTcpNoDelay(true);
      socket.setKeepAlive(true);
      if (!BarrierProtocol.readHello(socket, token, helloTimeout)) {
        LOG.warn("Step barrier: refused a stranger at {}", socket.getRemoteSocketAddress());
        return;
      }
      noStranger(socket);
      DataInputStream in = BarrierProtocol.input(socket);
      member = new Member(socket);
      if (!join(member)) {
        return;
      }
      while (true) {
        byte kind = in.readByte();
        if (kind == BarrierProtocol.LEAVE) {
          leave(member);
          member = null;
          return;
        } else if (kind != BarrierProtocol.ARRIVE) {
          throw new IOException("Unknown frame " + kind);
        }
        arrive(member, in.readLong());
      }
    } catch (IOException e) {
      LOG.debug("Step barrier: connection ended", e);
    } finally {
      noStranger(socket);
      if (member != null) {
        lost(member);
      }
    }
  }

  private synchronized boolean join(Member member) throws IOException {
    if (broken != null || joined == expectedMembers) {
      member.abort(broken != null ? broken : "All task managers have joined already");
      return false;
    }
    joined++;
    members.add(member);
    traffic = traffic.plus(BarrierProtocol.HELLO_BYTES).plus(BarrierProtocol.WELCOME_BYTES);
    member.out.writeByte(BarrierProtocol.WELCOME);
    member.out.flush();
    return true;
  }

  private synchronized void arrive(Member member, long generation) {
    long now = System.nanoTime();
    long sinceLastButOne = now - arrivedNanos;
    arrivedNanos = now;
    arrived++;
    traffic = traffic.plus(BarrierProtocol.ARRIVE_BYTES);
    releaseIfComplete(generation, member, arrived == 1 ? 0 : sinceLastButOne);
    lastGeneration = generation;
  }

  /** Lets all go if all are there; the last one, if one is known, hears by how much it was. */
  private void releaseIfComplete(long generation, @Nullable Member last, long lastByNanos) {
    if (joined == expectedMembers && !members.isEmpty() && arrived == members.size()) {
      arrived = 0;
      traffic = traffic.plus(members.size(), BarrierProtocol.RELEASE_BYTES);
      for (Member member : List.copyOf(members)) {
        long lateness = member == last ? lastByNanos : BarrierProtocol.NOT_LAST;
        try {
          BarrierProtocol.writeRelease(member.out, generation, lateness, traffic);
        } catch (IOException e) {
          LOG.debug("Step barrier: {} cannot be released", member.address, e);
          lost(member);
        }
      }
    }
  }

  private synchronized void leave(Member member) {
    members.remove(member);
    traffic = traffic.plus(BarrierProtocol.LEAVE_BYTES);
    if (arrived > 0) {
      releaseIfComplete(lastGeneration, null, BarrierProtocol.NOT_LAST);
    }
  }

  private synchronized void lost(Member member) {
    if (members.remove(member)) {
      breakAll("The task manager at " + member.address + " is gone in the middle of the run");
    }
  }

  private void breakAll(String message) {
    if (broken == null) {
      broken = message;
    }
    members.forEach(member -> member.abort(message));
  }

  @Override
  public void close() throws IOException {
    acceptor.close();
    synchronized (this) {
      breakAll("The job manager has ended the run");
      for (Member member : members) {
        member.socket.close();
      }
    }
  }

  private static void daemon(Runnable body, String name) {
    Thread thread = new Thread(body, name);
    thread.setDaemon(true);
    thread.start();
  }

  private static final class Member {
    private final Socket socket;
    private final DataOutputStream out;
    private final String address;

    Member(Socket socket) throws IOException {
      this.socket = socket;
      this.out = BarrierProtocol.output(socket);
      this.address = String.valueOf(socket.getRemoteSocketAddress());
    }

    void abort(String message) {
      try {
        BarrierProtocol.writeAbort(out, message);
      } catch (IOException e) {
        LOG.debug("Step barrier: {} did not hear of the abort", address, e);
      }
    }
  }
}
