/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job.hosts;

import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A host that does not lead: a Flink task manager for its ranks, for as long as the run lasts. */
public final class Follower implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(Follower.class);
  private static final long LOOK_AGAIN_NANOS = 50_000_000;

  private final Ranks ranks;
  private final Socket socket;
  private final DataInputStream in;

  private Follower(Ranks ranks, Socket socket) throws IOException {
    this.ranks = ranks;
    this.socket = socket;
    this.in = new DataInputStream(socket.getInputStream());
  }

  /**
   * Waits for the invitation of the leader and follows it.
   *
   * @throws IOException if the leader did not come or cannot be reached
   */
  public static Follower join(Ranks ranks) throws IOException {
    long deadline = System.nanoTime() + HostProtocol.ARRIVAL.toNanos();
    IOException last = null;
    while (System.nanoTime() < deadline) {
      try {
        // Listing makes a network file system look again.
        Optional<Invitation> invitation =
            ranks.folder().toFile().list() == null
                ? Optional.empty()
                : Invitation.read(ranks.invitation());
        if (invitation.isPresent()) {
          return follow(ranks, invitation.get());
        }
      } catch (IOException e) {
        // Perhaps what an earlier run of the same name left behind, or not the leader's.
        LOG.debug("The invitation could not be followed", e);
        last = e;
      }
      LockSupport.parkNanos(LOOK_AGAIN_NANOS);
    }
    throw new IOException(
        "No leader was found by the file %s within %d s; do all hosts share this folder? If not, set DLIO_FLINK_RENDEZVOUS to one that they share%s"
            .formatted(
                ranks.invitation(),
                HostProtocol.ARRIVAL.toSeconds(),
                last == null ? "" : ". " + last.getMessage()),
        last);
  }

  private static Follower follow(Ranks ranks, Invitation invitation) throws IOException {
    IOException failure =
        new IOException(
            "The leader is not reachable at any of %s, port %d"
                .formatted(invitation.addresses(), invitation.port()));
    String name = nameOfThisHost();
    for (String address : invitation.addresses()) {
      try {
        return connect(ranks, name, address, invitation);
      } catch (IOException e) {
        failure.addSuppressed(e);
      }
    }
    throw failure;
  }

  private static String nameOfThisHost() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      LOG.debug("The name of this host has no address", e);
      return System.getenv().getOrDefault("HOSTNAME", "a host without a name");
    }
  }

  private static Follower connect(Ranks ranks, String name, String address, Invitation invitation)
      throws IOException {
    Socket socket = new Socket();
    try {
      int patience = (int) HostProtocol.HANDSHAKE.toMillis();
      HostProtocol.prepare(socket);
      socket.connect(new InetSocketAddress(address, invitation.port()), patience);
      socket.setSoTimeout(patience);
      DataOutputStream out = new DataOutputStream(socket.getOutputStream());
      out.write(invitation.token().getBytes(StandardCharsets.US_ASCII));
      out.writeUTF(name);
      out.writeInt(ranks.here());
      out.flush();
      Follower follower = new Follower(ranks, socket);
      if (follower.in.readByte() != HostProtocol.WELCOME) {
        throw new IOException("Not the leader of this run at " + address);
      }
      socket.setSoTimeout(0);
      return follower;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  /**
   * Serves the run to its end.
   *
   * @return the exit code of the run
   * @throws IOException if the leader is gone
   */
  public int serve() throws IOException {
    HostTaskManager taskManager = new HostTaskManager();
    try {
      return serve(taskManager);
    } finally {
      stop(taskManager);
    }
  }

  private int serve(HostTaskManager taskManager) throws IOException {
    while (true) {
      switch (in.readByte()) {
        case HostProtocol.JOIN ->
            taskManager.start(
                in.readUTF(),
                in.readInt(),
                socket.getLocalAddress().getHostAddress(),
                ranks.here());
        case HostProtocol.END -> {
          return in.readInt();
        }
        default -> throw new IOException("The leader says what this version does not know");
      }
    }
  }

  /** The run is over and has its exit code: how its task manager ends does not change it. */
  private static void stop(HostTaskManager taskManager) {
    try {
      taskManager.close();
    } catch (IOException | RuntimeException e) {
      LOG.warn("The task manager of this host did not end as it should", e);
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
