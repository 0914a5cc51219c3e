/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.source.barrier;

import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The connection of one JVM to the {@link BarrierServer}; a daemon thread listens on it. */
final class BarrierConnection implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(BarrierConnection.class);
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);

  private final Socket socket;
  private final DataInputStream in;
  private final DataOutputStream out;
  private volatile boolean peaceful;

  private BarrierConnection(Socket socket) throws IOException {
    this.socket = socket;
    this.in = BarrierProtocol.input(socket);
    this.out = BarrierProtocol.output(socket);
  }

  /**
   * Tries the addresses of the server in order; the token tells whether it is the right one.
   *
   * @throws BrokenStepBarrierException if the server says that the run is over
   */
  static BarrierConnection open(BarrierTicket.Server server, LocalBarrier barrier)
      throws IOException {
    IOException failure = null;
    for (String host : server.hosts()) {
      try {
        BarrierConnection connection = connect(host, server);
        Thread listener = new Thread(() -> connection.listen(barrier), "step-barrier-listener");
        listener.setDaemon(true);
        listener.start();
        return connection;
      } catch (BrokenStepBarrierException e) {
        // The right server, and it refused.
        throw e;
      } catch (IOException e) {
        IOException attempt = new IOException("Step barrier at " + host + ":" + server.port(), e);
        if (failure != null) {
          attempt.addSuppressed(failure);
        }
        failure = attempt;
      }
    }
    throw new IOException(
        "The step barrier server of the job manager is not reachable at port %d of any of %s; open that port or set --barrier-address and --barrier-ports"
            .formatted(server.port(), server.hosts()),
        failure);
  }

  private static BarrierConnection connect(String host, BarrierTicket.Server server)
      throws IOException {
    Socket socket = new Socket();
    try {
      socket.setTcpNoDelay(true);
      socket.setKeepAlive(true);
      socket.connect(new InetSocketAddress(host, server.port()), (int) CONNECT_TIMEOUT.toMillis());
      socket.setSoTimeout((int) CONNECT_TIMEOUT.toMillis());
      BarrierConnection connection = new BarrierConnection(socket);
      BarrierProtocol.writeHello(connection.out, server.token());
      switch (connection.in.readByte()) {
        case BarrierProtocol.WELCOME -> {}
        case BarrierProtocol.ABORT ->
            throw new BrokenStepBarrierException(connection.in.readUTF(), null);
        default -> throw new IOException("Not a step barrier server");
      }
      socket.setSoTimeout(0);
      return connection;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  synchronized void arrive(long generation) throws IOException {
    BarrierProtocol.writeArrive(out, generation);
  }

  synchronized void leave() throws IOException {
    peaceful = true;
    out.writeByte(BarrierProtocol.LEAVE);
    out.flush();
  }

  private void listen(LocalBarrier barrier) {
    try {
      while (true) {
        byte kind = in.readByte();
        switch (kind) {
          case BarrierProtocol.RELEASE ->
              barrier.releaseFromServer(
                  in.readLong(), in.readLong(), new BarrierTraffic(in.readLong(), in.readLong()));
          case BarrierProtocol.ABORT -> {
            barrier.fail(in.readUTF(), null);
            return;
          }
          default -> throw new IOException("Unknown frame " + kind);
        }
      }
    } catch (IOException e) {
      if (!peaceful) {
        barrier.fail("The job manager's step barrier is gone", e);
      }
    } finally {
      close();
    }
  }

  @Override
  public void close() {
    peaceful = true;
    try {
      socket.close();
    } catch (IOException e) {
      LOG.debug("Closing the step barrier connection", e);
    }
  }
}
