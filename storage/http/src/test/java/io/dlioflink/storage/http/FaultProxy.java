/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.http;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import javax.net.ServerSocketFactory;

/**
 * An HTTP/1.1 server on loopback that answers as its {@link Origin} does, except where a test asks
 * for a {@link Fault}. Holds whole messages in memory. With a server as its origin it is a proxy
 * that leaves requests unchanged, so that signatures of the Host header hold if the client is given
 * this proxy as its endpoint.
 */
public final class FaultProxy implements Closeable {
  private static final int BACKLOG = 200;

  private static final class Rule {
    final Predicate<WireMessage> applies;
    final Fault fault;
    int times;

    Rule(Predicate<WireMessage> applies, Fault fault, int times) {
      this.applies = applies;
      this.fault = fault;
      this.times = times;
    }
  }

  private final Origin origin;
  private final ServerSocketFactory sockets;
  private final String scheme;
  private final int port;
  private final Set<FaultyConnection> connections = ConcurrentHashMap.newKeySet();
  private final List<Rule> rules = new ArrayList<>();
  private final List<WireMessage> requests = new ArrayList<>();
  private int accepted;
  private boolean refusesBodies;
  private boolean ignoresExpectations;
  private ServerSocket server;

  private FaultProxy(Origin origin, ServerSocketFactory sockets, String scheme) throws IOException {
    this.origin = origin;
    this.sockets = sockets;
    this.scheme = scheme;
    listen(0);
    port = server.getLocalPort();
  }

  /** A server on a free port. */
  public static FaultProxy of(Origin origin) throws IOException {
    return new FaultProxy(origin, ServerSocketFactory.getDefault(), "http");
  }

  /** A server on a free port that speaks TLS. */
  public static FaultProxy withTls(Origin origin, ServerSocketFactory sockets) throws IOException {
    return new FaultProxy(origin, sockets, "https");
  }

  private synchronized void listen(int wantedPort) throws IOException {
    server = sockets.createServerSocket();
    server.setReuseAddress(true);
    server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), wantedPort), BACKLOG);
    ServerSocket listening = server;
    start("fault-proxy-accept", () -> accept(listening));
  }

  private void accept(ServerSocket listening) {
    while (!listening.isClosed()) {
      try {
        Socket socket = listening.accept();
        socket.setTcpNoDelay(true);
        synchronized (this) {
          accepted++;
        }
        FaultyConnection connection = new FaultyConnection(this, socket);
        connections.add(connection);
        start("fault-proxy", () -> serve(connection));
      } catch (IOException e) {
        if (!listening.isClosed()) {
          throw new UncheckedIOException(e);
        }
      }
    }
  }

  private void serve(FaultyConnection connection) {
    try {
      connection.serve();
    } catch (IOException e) {
      // The client's matter: its test says what it has to make of this.
    } finally {
      end(connection);
    }
  }

  private void end(FaultyConnection connection) {
    connections.remove(connection);
    try {
      connection.end();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void start(String name, Runnable task) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    thread.start();
  }

  /** {@code http://127.0.0.1:port}, or https. */
  public URI uri() {
    return URI.create(scheme + "://127.0.0.1:" + port);
  }

  /** The port it listens on. */
  public int port() {
    return port;
  }

  /** Does something with the next requests, after what was asked for before. */
  public void next(int times, Fault fault) {
    next(times, request -> true, fault);
  }

  /** Does something with the next requests of a kind. */
  public synchronized void next(int times, Predicate<WireMessage> applies, Fault fault) {
    rules.add(new Rule(applies, fault, times));
  }

  synchronized Fault faultFor(WireMessage head) {
    for (Rule rule : rules) {
      if (rule.times > 0 && rule.applies.test(head)) {
        rule.times--;
        return rule.fault;
      }
    }
    return null;
  }

  synchronized void received(WireMessage request) {
    requests.add(request);
  }

  /** The requests received, in order. */
  public synchronized List<WireMessage> requests() {
    return List.copyOf(requests);
  }

  Origin origin() {
    return origin;
  }

  /** Answers from now on without reading bodies, and closes the connection then. */
  public synchronized void refuseBodies() {
    refusesBodies = true;
  }

  synchronized boolean refusesBodies() {
    return refusesBodies;
  }

  /** Knows nothing of expectations from now on, as an old server. */
  public synchronized void ignoreExpectations() {
    ignoresExpectations = true;
  }

  synchronized boolean heedsExpectations() {
    return !refusesBodies && !ignoresExpectations;
  }

  /** Connections made to it so far. */
  public synchronized int acceptedConnections() {
    return accepted;
  }

  /** Connections open now, as far as this side knows. */
  public int openConnections() {
    return connections.size();
  }

  /** Ends all connections, as a server does with idle ones. */
  public void dropConnections() {
    connections.forEach(this::end);
  }

  /** The server is gone: connections end, new ones are refused. */
  public synchronized void goAway() throws IOException {
    server.close();
    dropConnections();
  }

  /** The server is there again, at the same port. */
  public void comeBack() throws IOException {
    listen(port);
  }

  @Override
  public void close() throws IOException {
    goAway();
  }
}
