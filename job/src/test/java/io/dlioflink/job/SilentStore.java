/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;

/**
 * An S3 server that lists objects and tells their sizes, but never answers who wants to read or
 * write one. Signatures are not looked at.
 */
final class SilentStore implements AutoCloseable {
  private final NavigableMap<String, Long> lengths = new TreeMap<>();
  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch closed = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpServer server;

  SilentStore() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  /** An object of bucket {@code bucket}. */
  void add(String key, long length) {
    lengths.put(key, length);
  }

  /** What clients need to know. */
  Map<String, String> environment() {
    return Map.of(
        "AWS_ACCESS_KEY_ID", "key",
        "AWS_SECRET_ACCESS_KEY", "secret",
        "AWS_REGION", "us-east-1",
        "AWS_ENDPOINT_URL", "http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** Whether somebody waits for an answer. */
  boolean waitedFor() {
    return asked.getCount() == 0;
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String key = exchange.getRequestURI().getPath().replaceFirst("^/bucket/?", "");
      if (key.isEmpty() && exchange.getRequestMethod().equals("GET")) {
        list(exchange);
      } else if (!exchange.getRequestMethod().equals("PUT") && !lengths.containsKey(key)) {
        exchange.sendResponseHeaders(404, -1);
      } else if (exchange.getRequestMethod().equals("HEAD")) {
        exchange.getResponseHeaders().add("Content-Length", lengths.get(key).toString());
        exchange.sendResponseHeaders(200, -1);
      } else {
        asked.countDown();
        closed.await();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void list(HttpExchange exchange) throws IOException {
    String prefix =
        exchange.getRequestURI().getQuery().replaceFirst(".*?(^|&)prefix=([^&]*).*", "$2");
    String contents =
        lengths.subMap(prefix, prefix + '\uffff').entrySet().stream()
            .map(
                object ->
                    "<Contents><Key>%s</Key><Size>%d</Size></Contents>"
                        .formatted(object.getKey(), object.getValue()))
            .collect(Collectors.joining());
    byte[] body =
        "<?xml version=\"1.0\"?><ListBucketResult><IsTruncated>false</IsTruncated>%s</ListBucketResult>"
            .formatted(contents)
            .getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/xml");
    exchange.sendResponseHeaders(200, body.length);
    exchange.getResponseBody().write(body);
  }

  @Override
  public void close() {
    closed.countDown();
    server.stop(0);
    threads.shutdownNow();
  }
}
