/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.s3;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Passes connections on to a server on loopback, until it is told to go away. */
final class Relay implements Closeable {
  private final int target;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private ServerSocket listening;

  Relay(int targetPort) throws IOException {
    this.target = targetPort;
    listen(0);
  }

  private void listen(int port) throws IOException {
    ServerSocket socket = new ServerSocket(port, 50, InetAddress.getLoopbackAddress());
    listening = socket;
    start(() -> accept(socket));
  }

  int port() {
    return listening.getLocalPort();
  }

  /** Refuses connections and resets those that are open. */
  void goAway() throws IOException {
    listening.close();
    open.forEach(Relay::reset);
    open.clear();
  }

  private static void reset(Socket socket) {
    try (socket) {
      socket.setSoLinger(true, 0);
    } catch (IOException e) {
      // Closed by one side just now.
    }
  }

  /** Listens again at the same port. */
  void comeBack() throws IOException {
    listen(listening.getLocalPort());
  }

  private void accept(ServerSocket socket) {
    try {
      while (true) {
        Socket from = socket.accept();
        Socket to = new Socket(InetAddress.getLoopbackAddress(), target);
        open.add(from);
        open.add(to);
        start(() -> copy(from, to));
        start(() -> copy(to, from));
      }
    } catch (IOException e) {
      // Told to go away.
    }
  }

  private void copy(Socket from, Socket to) {
    try (from;
        to;
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream()) {
      in.transferTo(out);
    } catch (IOException e) {
      // Either side has closed.
    }
    open.remove(from);
    open.remove(to);
  }

  private static void start(Runnable work) {
    Thread thread = new Thread(work, "relay");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    goAway();
  }
}
