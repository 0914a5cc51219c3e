/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.s3;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** An HTTP server that answers what a test says, one answer after the other. */
final class ScriptedServer implements Closeable {
  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();
  private volatile Answer last = new Answer(500, Map.of(), "", 0);

  /**
   * An answer.
   *
   * @param announcedBytes length that is announced; the connection breaks if the body is shorter
   */
  record Answer(int status, Map<String, String> headers, String body, int announcedBytes) {

    static Answer error(int status, String code, String message) {
      String body =
          "<?xml version=\"1.0\"?><Error><Code>%s</Code><Message>%s</Message></Error>"
              .formatted(code, message);
      return new Answer(status, Map.of("x-amz-request-id", "req-1"), body, body.length());
    }

    static Answer object(String body) {
      return new Answer(
          206,
          Map.of(
              "ETag",
              "\"e\"",
              "Content-Range",
              "bytes 0-%d/%d".formatted(body.length() - 1, body.length())),
          body,
          body.length());
    }

    Answer withHeader(String name, String value) {
      Map<String, String> all = new HashMap<>(headers);
      all.put(name, value);
      return new Answer(status, all, body, announcedBytes);
    }

    Answer announcing(int bytes) {
      return new Answer(status, headers, body, bytes);
    }
  }

  ScriptedServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  /** Answers with these; the last one goes on. */
  void script(Answer... next) {
    answers.clear();
    for (Answer answer : next) {
      answers.add(answer);
      last = answer;
    }
  }

  private void answer(HttpExchange exchange) throws IOException {
    exchange.getRequestBody().readAllBytes();
    Answer next = answers.poll();
    Answer answer = next == null ? last : next;
    answer.headers().forEach(exchange.getResponseHeaders()::add);
    byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
    boolean empty = answer.announcedBytes() == 0 || exchange.getRequestMethod().equals("HEAD");
    exchange.sendResponseHeaders(answer.status(), empty ? -1 : answer.announcedBytes());
    if (!empty) {
      exchange.getResponseBody().write(body);
    }
    exchange.close();
  }

  int port() {
    return server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
