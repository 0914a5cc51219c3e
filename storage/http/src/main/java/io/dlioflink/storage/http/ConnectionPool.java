/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.http;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The connections to one endpoint; the one used last is used first. */
final class ConnectionPool {
  /** An idle connection older than this is looked at before it is used. */
  private static final long UNASKED_NANOS = 1_000_000_000;

  private final HttpEndpoint endpoint;
  private final String name;
  private final HttpOptions options;
  private final Watchdog watchdog;
  private final Set<HttpConnection> open = new HashSet<>();
  private final ArrayDeque<HttpConnection> idle = new ArrayDeque<>();
  private volatile boolean heedsExpectations = true;
  private boolean closed;

  ConnectionPool(HttpEndpoint endpoint, HttpOptions options, Watchdog watchdog) {
    this.endpoint = endpoint;
    this.name = endpoint.name();
    this.options = options;
    this.watchdog = watchdog;
  }

  HttpEndpoint endpoint() {
    return endpoint;
  }

  String name() {
    return name;
  }

  /** Whether it makes sense to wait for the server's word before a body is sent. */
  boolean heedsExpectations() {
    return heedsExpectations;
  }

  /** Says that it makes none. */
  void ignoresExpectations() {
    heedsExpectations = false;
  }

  /** An idle connection that is open as far as can be known; null without one. */
  HttpConnection take() {
    while (true) {
      HttpConnection connection;
      synchronized (this) {
        connection = idle.pollLast();
      }
      if (connection == null) {
        return null;
      }
      long now = Deadline.now();
      if (connection.isFresh(now, options) && connection.isAlive(now, UNASKED_NANOS)) {
        return connection;
      }
      connection.close();
    }
  }

  /** Notes a connection that was made. */
  synchronized void opened(HttpConnection connection) throws HttpException {
    if (closed) {
      connection.close();
      throw new HttpException(HttpException.Failure.CLOSED, "The client is closed");
    }
    open.add(connection);
  }

  /** Takes back a connection that can be used again. */
  void give(HttpConnection connection) {
    synchronized (this) {
      if (!closed && idle.size() < options.maxIdleConnections()) {
        idle.addLast(connection);
        return;
      }
    }
    connection.close();
  }

  /** Forgets a connection that was closed. */
  void closed(HttpConnection connection) {
    watchdog.forget(connection.deadline());
    synchronized (this) {
      open.remove(connection);
    }
  }

  /** Closes what has been idle for too long. */
  void reap() {
    List<HttpConnection> old = new ArrayList<>();
    synchronized (this) {
      long now = Deadline.now();
      idle.removeIf(connection -> !connection.isFresh(now, options) && old.add(connection));
    }
    old.forEach(HttpConnection::close);
  }

  synchronized int openCount() {
    return open.size();
  }

  synchronized int idleCount() {
    return idle.size();
  }

  synchronized boolean isClosed() {
    return closed;
  }

  /** Closes all connections, those in use as well. */
  void close() {
    List<HttpConnection> all;
    synchronized (this) {
      closed = true;
      idle.clear();
      all = List.copyOf(open);
    }
    all.forEach(HttpConnection::close);
  }
}
