/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.http;

import io.dlioflink.storage.RequestTelemetry;
import io.dlioflink.storage.http.HttpException.Failure;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.SocketChannel;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes connections. */
final class Connector {
  private static final Logger LOG = LoggerFactory.getLogger(Connector.class);

  private final HttpOptions options;
  private final Optional<SSLContext> tls;
  private final Watchdog watchdog;
  private final RequestTelemetry telemetry;
  private final AtomicInteger rotation = new AtomicInteger();

  /**
   * Makes none yet.
   *
   * @param tls whom to trust; the JDK's own, which take a while to load, only when needed
   */
  Connector(
      HttpOptions options,
      Optional<SSLContext> tls,
      Watchdog watchdog,
      RequestTelemetry telemetry) {
    this.options = options;
    this.tls = tls;
    this.watchdog = watchdog;
    this.telemetry = telemetry;
  }

  /** Tries all addresses of the endpoint, beginning with another one each time. */
  HttpConnection connect(ConnectionPool pool, long requestEnd) throws IOException {
    InetAddress[] addresses = resolve(pool.endpoint());
    int first = Math.floorMod(rotation.getAndIncrement(), addresses.length);
    IOException failure = null;
    for (int i = 0; i < addresses.length; i++) {
      InetAddress address = addresses[(first + i) % addresses.length];
      try {
        return connect(pool, address, requestEnd);
      } catch (ClosedByInterruptException e) {
        throw e;
      } catch (IOException e) {
        if (e instanceof HttpException http && http.failure() == Failure.UNTRUSTED) {
          throw e;
        }
        if (failure != null) {
          e.addSuppressed(failure);
        }
        failure = e;
      }
    }
    throw failure;
  }

  /** Resolving cannot be interrupted, so another thread does it. */
  private InetAddress[] resolve(HttpEndpoint endpoint) throws IOException {
    FutureTask<InetAddress[]> lookup =
        new FutureTask<>(() -> InetAddress.getAllByName(endpoint.host()));
    Thread thread = new Thread(lookup, "http-resolve");
    thread.setDaemon(true);
    thread.start();
    try {
      return lookup.get(options.timeouts().connect().toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ClosedByInterruptException();
    } catch (TimeoutException e) {
      throw new HttpException(
          Failure.TIMED_OUT, "Time-out to resolve the name of the host: " + endpoint.host(), e);
    } catch (ExecutionException e) {
      throw new HttpException(Failure.UNRESOLVED, "Unknown host: " + endpoint.host(), e.getCause());
    }
  }

  private HttpConnection connect(ConnectionPool pool, InetAddress address, long requestEnd)
      throws IOException {
    SocketChannel channel = SocketChannel.open();
    Deadline deadline = new Deadline(() -> closeNow(channel));
    boolean done = false;
    try {
      watchdog.watch(deadline);
      HttpConnection connection = open(pool, channel, deadline, address, requestEnd);
      done = true;
      return connection;
    } catch (IOException e) {
      throw sorted(e, deadline, pool);
    } finally {
      if (!done) {
        watchdog.forget(deadline);
        channel.close();
      }
    }
  }

  private HttpConnection open(
      ConnectionPool pool,
      SocketChannel channel,
      Deadline deadline,
      InetAddress address,
      long requestEnd)
      throws IOException {
    HttpTimeouts timeouts = options.timeouts();
    long start = Deadline.now();
    deadline.begin(requestEnd, timeouts.request());
    deadline.set(Deadline.Stage.CONNECT, start, timeouts.connect().toNanos());
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
    channel.connect(new InetSocketAddress(address, pool.endpoint().port()));
    Transport transport = Transport.plain(channel);
    if (pool.endpoint().tls()) {
      deadline.set(Deadline.Stage.TLS, Deadline.now(), timeouts.tls().toNanos());
      TlsTransport encrypted = new TlsTransport(channel, pool.endpoint(), trusted());
      encrypted.handshake();
      transport = encrypted;
    }
    deadline.clear();
    telemetry.connected(pool.name(), Deadline.now() - start);
    HttpConnection connection = new HttpConnection(channel, transport, deadline, options, pool);
    pool.opened(connection);
    return connection;
  }

  private SSLContext trusted() throws IOException {
    try {
      return tls.isPresent() ? tls.get() : SSLContext.getDefault();
    } catch (NoSuchAlgorithmException e) {
      throw new IOException("The JDK offers no TLS", e);
    }
  }

  private static IOException sorted(IOException e, Deadline deadline, ConnectionPool pool) {
    if (e instanceof ClosedByInterruptException) {
      return e;
    }
    if (deadline.isExpired()) {
      return deadline.expired();
    }
    if (e instanceof HttpException) {
      return e;
    }
    if (e instanceof SSLException) {
      return new HttpException(
          Failure.UNTRUSTED,
          "The TLS handshake with %s failed (%s)".formatted(pool.name(), e.getMessage()),
          e);
    }
    return new HttpException(
        Failure.UNREACHABLE, "Cannot connect to %s (%s)".formatted(pool.name(), e.getMessage()), e);
  }

  private static void closeNow(SocketChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      LOG.debug("A connection did not close well", e);
    }
  }
}
