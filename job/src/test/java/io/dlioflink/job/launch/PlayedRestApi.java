/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job.launch;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Answers of Flink's REST API as they were seen; what was not prepared is not there (404). */
final class PlayedRestApi implements AutoCloseable {
  /** An answer for what is not there yet. */
  static final String MISSING = "";

  /** After a path: whatever is asked for there. */
  static final String ANY_QUERY = "?...";

  /** What is answered one after the other; the last again and again. */
  private final Map<String, Deque<String>> answers = new ConcurrentHashMap<>();

  private final HttpServer server;

  PlayedRestApi() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          URI asked = exchange.getRequestURI();
          Deque<String> left = answers.get(asked.toString());
          if (left == null && asked.getQuery() != null) {
            left = answers.get(asked.getPath() + ANY_QUERY);
          }
          String answer = MISSING;
          if (left != null) {
            answer = left.size() > 1 ? left.remove() : left.peek();
          }
          byte[] body = answer.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(
              body.length == 0 ? 404 : 200, body.length == 0 ? -1 : body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
  }

  URI address() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  RestApi api() {
    return new RestApi(address());
  }

  void answer(String path, String... bodies) {
    answers.put(path, new ArrayDeque<>(Arrays.asList(bodies)));
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
