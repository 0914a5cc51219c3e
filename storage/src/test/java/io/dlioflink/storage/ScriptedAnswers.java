/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** An HTTP server on loopback that answers as a test says, one answer per request. */
public final class ScriptedAnswers implements Closeable {
  private static final int TRICKLE_MILLIS = 20;

  private final Map<String, String> headers;
  private final Queue<HttpHandler> answers = new ArrayDeque<>();
  private final List<String> requests = Collections.synchronizedList(new ArrayList<>());
  private final CountDownLatch firstRequest = new CountDownLatch(1);
  private final CountDownLatch testEnds = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpServer server;

  /**
   * Starts it at a free port.
   *
   * @param headers of all answers
   */
  public ScriptedAnswers(Map<String, String> headers) {
    this.headers = headers;
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  private void answer(HttpExchange exchange) throws IOException {
    HttpHandler next;
    synchronized (answers) {
      next = answers.remove();
    }
    int bytes = exchange.getRequestBody().readAllBytes().length;
    String range = exchange.getRequestHeaders().getFirst("Content-Range");
    requests.add(
        "%s %s %d"
            .formatted(exchange.getRequestMethod(), range == null ? "" : range, bytes)
            .replace("  ", " "));
    headers.forEach(exchange.getResponseHeaders()::set);
    firstRequest.countDown();
    try (exchange) {
      next.handle(exchange);
    }
  }

  /** Adds an answer behind those that are left. */
  public void add(HttpHandler answer) {
    synchronized (answers) {
      answers.add(answer);
    }
  }

  /** Forgets the answers that are left. */
  public void clear() {
    synchronized (answers) {
      answers.clear();
    }
  }

  /** Method, range of the content and bytes of each request. */
  public List<String> requests() {
    return requests;
  }

  /** {@code http://127.0.0.1:port}. */
  public String address() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** Waits for a request. */
  public void awaitRequest() throws InterruptedException {
    firstRequest.await();
  }

  /** Says nothing until the test has ended. */
  public HttpHandler silence() {
    return exchange -> endsWithin(Long.MAX_VALUE);
  }

  /**
   * Part of a content, to its end.
   *
   * @param sentBytes how many of its bytes are really sent
   * @param told headers
   */
  public static HttpHandler range(
      byte[] content, int from, int sentBytes, Map<String, String> told) {
    return exchange -> {
      begin(exchange, content, from, told).write(content, from, sentBytes);
      exchange.getResponseBody().flush();
    };
  }

  /** The same, byte by byte with pauses. */
  public HttpHandler trickle(byte[] content, Map<String, String> told) {
    return exchange -> {
      OutputStream body = begin(exchange, content, 0, told);
      for (byte b : content) {
        body.write(b);
        body.flush();
        if (endsWithin(TRICKLE_MILLIS)) {
          return;
        }
      }
    };
  }

  private static OutputStream begin(
      HttpExchange exchange, byte[] content, int from, Map<String, String> told)
      throws IOException {
    told.forEach(exchange.getResponseHeaders()::set);
    exchange
        .getResponseHeaders()
        .set("Content-Range", "bytes %d-%d/%d".formatted(from, content.length - 1, content.length));
    exchange.sendResponseHeaders(206, content.length - from);
    return exchange.getResponseBody();
  }

  private boolean endsWithin(long millis) {
    try {
      return testEnds.await(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  /** Stops to listen. */
  public void stop() {
    server.stop(0);
  }

  @Override
  public void close() {
    testEnds.countDown();
    server.stop(0);
    threads.shutdownNow();
  }
}
