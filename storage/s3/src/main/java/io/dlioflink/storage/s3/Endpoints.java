/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.s3;

import io.dlioflink.storage.s3.S3Settings.LoadBalance;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Chooses the endpoint of each request. One that fails {@value #FAILURES_TO_LEAVE} times in a row
 * is taken out for a while; then a single request tries it, and it comes back or stays out twice as
 * long. If all are out, the one that has been out longest is used. Safe for several threads.
 */
final class Endpoints {
  /** Failures in a row that take an endpoint out. */
  static final int FAILURES_TO_LEAVE = 3;

  static final Duration FIRST_BREAK = Duration.ofSeconds(1);
  static final Duration LONGEST_BREAK = Duration.ofSeconds(30);

  private static final Logger LOG = LoggerFactory.getLogger(Endpoints.class);

  private final Server[] servers;
  private final LoadBalance strategy;
  private final LongSupplier nanoClock;
  // Ranks that start together do not all begin with the same one.
  private final AtomicInteger next =
      new AtomicInteger(ThreadLocalRandom.current().nextInt(Integer.MAX_VALUE));

  Endpoints(List<Endpoint> endpoints, LoadBalance strategy, LongSupplier nanoClock) {
    this.servers = endpoints.stream().map(Server::new).toArray(Server[]::new);
    this.strategy = strategy;
    this.nanoClock = nanoClock;
  }

  /** An endpoint, and what became of it. */
  private static final class Server {
    final Endpoint endpoint;
    final AtomicInteger underWay = new AtomicInteger();
    final AtomicInteger failures = new AtomicInteger();
    // Guarded by this object, but for reads of out.
    volatile boolean out;
    boolean tried;
    long backAtNanos;
    long breakNanos;

    Server(Endpoint endpoint) {
      this.endpoint = endpoint;
    }
  }

  /** The use of an endpoint for one attempt; must be closed. */
  final class Use implements AutoCloseable {
    private final Server server;
    private boolean told;

    private Use(Server server) {
      this.server = server;
      server.underWay.incrementAndGet();
    }

    Endpoint endpoint() {
      return server.endpoint;
    }

    /** The server did what it should, be it a refusal. */
    void worked() {
      told = true;
      if (server.failures.get() != 0 || server.out) {
        comeBack(server);
      }
    }

    /** The server did not answer, or has a fault of its own. */
    void failed() {
      told = true;
      if (server.failures.incrementAndGet() >= FAILURES_TO_LEAVE) {
        takeOut(server);
      }
    }

    @Override
    public void close() {
      server.underWay.decrementAndGet();
      if (!told && server.out) {
        // Interrupted: another request has to try.
        synchronized (server) {
          server.tried = false;
        }
      }
    }
  }

  /** The endpoint for the next attempt. */
  Use take() {
    return new Use(servers.length == 1 ? servers[0] : choose());
  }

  private Server choose() {
    int start = Math.floorMod(next.getAndIncrement(), servers.length);
    Server best = null;
    for (int i = 0; i < servers.length; i++) {
      Server server = servers[(start + i) % servers.length];
      if (server.out) {
        if (mayTry(server)) {
          return server;
        }
      } else if (best == null || server.underWay.get() < best.underWay.get()) {
        best = server;
        if (strategy == LoadBalance.ROUND_ROBIN) {
          break;
        }
      }
    }
    return best == null ? longestOut() : best;
  }

  private Server longestOut() {
    Server best = servers[0];
    for (Server server : servers) {
      synchronized (server) {
        best = server.backAtNanos - best.backAtNanos < 0 ? server : best;
      }
    }
    return best;
  }

  private boolean mayTry(Server server) {
    synchronized (server) {
      if (!server.out || server.tried || nanoClock.getAsLong() - server.backAtNanos < 0) {
        return false;
      }
      server.tried = true;
      return true;
    }
  }

  private void takeOut(Server server) {
    synchronized (server) {
      if (server.out && !server.tried) {
        return;
      }
      server.breakNanos =
          server.out
              ? Math.min(2 * server.breakNanos, LONGEST_BREAK.toNanos())
              : FIRST_BREAK.toNanos();
      server.backAtNanos = nanoClock.getAsLong() + server.breakNanos;
      server.tried = false;
      server.out = true;
      if (servers.length > 1) {
        LOG.warn(
            "Endpoint {} failed {} times in a row and gets no requests for {} s",
            server.endpoint.name(),
            server.failures.get(),
            Duration.ofNanos(server.breakNanos).toSeconds());
      }
    }
  }

  private void comeBack(Server server) {
    synchronized (server) {
      if (server.out && servers.length > 1) {
        LOG.info("Endpoint {} answers again", server.endpoint.name());
      }
      server.failures.set(0);
      server.out = false;
      server.tried = false;
    }
  }
}
