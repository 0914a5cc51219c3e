/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job.launch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;

/** What Flink's REST API says, as JSON. */
final class RestApi {
  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final int OK = 200;
  private static final int NOT_FOUND = 404;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
  private final URI rest;

  RestApi(URI rest) {
    this.rest = rest;
  }

  /** Asks for something that is there. */
  JsonNode get(String path) throws IOException, InterruptedException {
    return find(path).orElseThrow(() -> new IOException(path + " answered " + NOT_FOUND));
  }

  /** Asks for something that may not be there. */
  Optional<JsonNode> find(String path) throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(rest.resolve(path)).timeout(TIMEOUT).build();
    HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
    if (response.statusCode() == NOT_FOUND) {
      return Optional.empty();
    }
    if (response.statusCode() != OK) {
      throw new IOException(path + " answered " + response.statusCode());
    }
    return Optional.of(JSON.readTree(response.body()));
  }
}
