/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.http;

import io.dlioflink.storage.RequestTelemetry;
import io.dlioflink.storage.http.HttpException.Failure;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLContext;

/**
 * Requests over HTTP/1.1, in the caller's thread and with few system calls: one to send, one or two
 * to receive something small. Knows no redirects, no retries, no cookies. Safe for use by several
 * threads; an interrupt ends a request at once with a {@link ClosedByInterruptException}.
 */
public final class HttpClient implements Closeable {
  private final HttpOptions options;
  private final RequestTelemetry telemetry;
  private final Map<HttpEndpoint, ConnectionPool> pools = new ConcurrentHashMap<>();
  private final Watchdog watchdog;
  private final Connector connector;
  private volatile boolean closed;

  /**
   * A client without connections.
   *
   * @param telemetry is told of all that happens, except retries
   * @throws IOException if the CA bundle cannot be used
   */
  public HttpClient(HttpOptions options, RequestTelemetry telemetry) throws IOException {
    this.options = options;
    this.telemetry = telemetry;
    Optional<SSLContext> tls =
        options.caBundle().isPresent()
            ? Optional.of(TrustedAuthorities.context(options.caBundle().get()))
            : Optional.empty();
    watchdog = new Watchdog(options.timeouts().shortest(), this::reap);
    connector = new Connector(options, tls, watchdog, telemetry);
  }

  /**
   * Sends a request and waits for its answer, whatever its status. A reused connection that turns
   * out to be closed before it answers is replaced, once.
   *
   * @param target takes the body if the status is 2xx, from its position; direct if it shall not be
   *     copied; null to have the body as text
   * @throws HttpException if there is no whole answer; the target's position is where it was, its
   *     bytes are undefined
   */
  public HttpResponse exchange(HttpEndpoint endpoint, HttpRequest request, ByteBuffer target)
      throws IOException {
    ConnectionPool pool = pool(endpoint);
    if (closed) {
      throw new HttpException(Failure.CLOSED, "The client is closed");
    }
    long requestEnd = Deadline.now() + options.timeouts().request().toNanos();
    HttpConnection pooled = pool.take();
    if (pooled != null) {
      HttpResponse response = exchange(pool, pooled, request, target, requestEnd);
      if (response != null) {
        return response;
      }
    }
    return exchange(pool, connect(pool, requestEnd), request, target, requestEnd);
  }

  private ConnectionPool pool(HttpEndpoint endpoint) {
    ConnectionPool pool = pools.get(endpoint);
    return pool == null
        ? pools.computeIfAbsent(endpoint, e -> new ConnectionPool(e, options, watchdog))
        : pool;
  }

  /**
   * Whether a server is worth a {@link HttpRequest#expectContinue}: false after it has ignored or
   * refused one.
   */
  public boolean heedsExpectations(HttpEndpoint endpoint) {
    return pool(endpoint).heedsExpectations();
  }

  private HttpConnection connect(ConnectionPool pool, long requestEnd) throws IOException {
    try {
      return connector.connect(pool, requestEnd);
    } catch (ClosedByInterruptException e) {
      throw e;
    } catch (IOException e) {
      telemetry.failed(pool.name());
      throw e;
    }
  }

  /** The answer, or null if the connection proved to be closed and another one may be tried. */
  private HttpResponse exchange(
      ConnectionPool pool,
      HttpConnection connection,
      HttpRequest request,
      ByteBuffer target,
      long requestEnd)
      throws IOException {
    int position = target == null ? 0 : target.position();
    int limit = target == null ? 0 : target.limit();
    HttpExchange exchange = new HttpExchange(connection, request, options, telemetry, pool.name());
    boolean keeps = false;
    boolean done = false;
    try {
      connection.begin(requestEnd);
      HttpResponse response = exchange.run(target);
      if (exchange.isReusable()) {
        connection.end();
        keeps = true;
      }
      done = true;
      return response;
    } catch (IOException e) {
      IOException failure = sorted(e, connection, exchange, pool);
      if (connection.isUsed() && request.isIdempotent() && isLost(failure)) {
        return null;
      }
      if (!exchange.isAnswered() && !(failure instanceof ClosedByInterruptException)) {
        telemetry.failed(pool.name());
      }
      throw failure;
    } finally {
      telemetry.moved(pool.name(), connection.sentBytes(), connection.receivedBytes());
      if (!done && target != null) {
        target.limit(limit).position(position);
      }
      if (keeps) {
        pool.give(connection);
      } else {
        connection.close();
      }
    }
  }

  private static boolean isLost(IOException failure) {
    return failure instanceof HttpException http && http.failure() == Failure.LOST;
  }

  private static IOException sorted(
      IOException e, HttpConnection connection, HttpExchange exchange, ConnectionPool pool) {
    if (e instanceof ClosedByInterruptException) {
      return e;
    }
    if (pool.isClosed()) {
      return new HttpException(Failure.CLOSED, "The client was closed during a request", e);
    }
    if (connection.isExpired()) {
      return at(pool, connection.expired(), exchange, e);
    }
    if (e instanceof HttpException http) {
      return at(pool, http, exchange, e);
    }
    if (e instanceof MalformedAnswer) {
      return new HttpException(
          Failure.MALFORMED, "%s: Not HTTP/1.1: %s".formatted(pool.name(), e.getMessage()), e);
    }
    return new HttpException(
        exchange.isAnswered() ? Failure.TRUNCATED : Failure.LOST,
        "%s: The connection was lost %s (%s)"
            .formatted(
                pool.name(),
                exchange.isAnswered() ? "amid the answer" : "before the answer",
                e.getMessage()),
        e);
  }

  private static HttpException at(
      ConnectionPool pool, HttpException failure, HttpExchange exchange, IOException cause) {
    return new HttpException(
        failure.failure(),
        exchange.status(),
        "%s: %s".formatted(pool.name(), failure.getMessage()),
        cause);
  }

  private void reap() {
    pools.values().forEach(ConnectionPool::reap);
  }

  /** Connections open now, idle ones included. */
  public int openConnections() {
    return pools.values().stream().mapToInt(ConnectionPool::openCount).sum();
  }

  /** Connections open and unused now. */
  public int idleConnections() {
    return pools.values().stream().mapToInt(ConnectionPool::idleCount).sum();
  }

  /** Closes all connections; requests under way fail. */
  @Override
  public void close() {
    closed = true;
    pools.values().forEach(ConnectionPool::close);
    watchdog.close();
  }
}
