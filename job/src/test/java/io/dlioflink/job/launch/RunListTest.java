/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against answers of Flink's REST API as they were seen. */
class RunListTest {
  private static final String EMPTY = "{\"execution-config\": {\"user-config\": {}}}";
  private static final String OURS =
      """
      {"execution-config": {"user-config": {
        "dlio-flink.workload": "quickstart", "dlio-flink.phase": "train", "dlio-flink.next-phases": "",
        "dlio-flink.accelerators": "4", "dlio-flink.dataset": "file:///data",
        "dlio-flink.output": "file:///results", "dlio-flink.log-file": "dlio.log",
        "dlio-flink.epochs": "2", "dlio-flink.steps-per-epoch": "4",
        "dlio-flink.steps-or-files": "32", "dlio-flink.checkpoints-to-write": "0",
        "dlio-flink.checkpoints-to-read": "0"}}}
      """;

  /** What is answered one after the other; the last again and again. */
  private final Map<String, Deque<String>> answers = new HashMap<>();

  private HttpServer server;
  private RunList runs;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          Deque<String> left = answers.get(exchange.getRequestURI().getPath());
          byte[] body = new byte[0];
          if (left != null) {
            body = (left.size() > 1 ? left.remove() : left.peek()).getBytes(StandardCharsets.UTF_8);
          }
          exchange.sendResponseHeaders(
              left == null ? 404 : 200, body.length == 0 ? -1 : body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    runs = new RunList(URI.create("http://127.0.0.1:" + server.getAddress().getPort()));
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private void answer(String path, String... bodies) {
    answers.put(path, new ArrayDeque<>(Arrays.asList(bodies)));
  }

  @Test
  void aJobThatBeginsIsWaitedFor() throws Exception {
    answer("/jobs/1", "{\"state\": \"INITIALIZING\"}", "{\"state\": \"RUNNING\"}");
    answer("/jobs/1/config", OURS);
    runs.require("1");
    assertThat(runs.facts("1").orElseThrow().accelerators()).isEqualTo(4);
  }

  @Test
  void aJobThatBeginsWhileTheClusterIsListedIsInTheList() throws Exception {
    answer(
        "/jobs/overview",
        """
        {"jobs": [
          {"jid": "1", "state": "RUNNING", "start-time": 2},
          {"jid": "2", "state": "RUNNING", "start-time": 1}]}
        """);
    answer("/jobs/1", "{\"state\": \"INITIALIZING\"}", "{\"state\": \"RUNNING\"}");
    answer("/jobs/1/config", OURS);
    answer("/jobs/2", "{\"state\": \"RUNNING\"}");
    answer("/jobs/2/config", EMPTY);
    assertThat(runs.underWay()).singleElement().extracting(RunList.Run::job).isEqualTo("1");
    StringWriter printed = new StringWriter();
    runs.print(new PrintWriter(printed));
    assertThat(printed.toString()).contains("quickstart in /results");
  }

  @Test
  void aJobOfOthersIsNone() {
    answer("/jobs/2", "{\"state\": \"RUNNING\"}");
    answer("/jobs/2/config", EMPTY);
    assertThatExceptionOfType(UsageException.class)
        .isThrownBy(() -> runs.require("2"))
        .withMessageContaining("knows no run with the job '2'");
  }

  @Test
  void aJobThatNobodyKnowsIsNone() {
    assertThatExceptionOfType(UsageException.class)
        .isThrownBy(() -> runs.require("3"))
        .withMessageContaining("knows no run with the job '3'");
  }
}
