/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job.launch;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the live metrics of a job over Flink's REST API, the same way for a local and a remote
 * cluster. Not thread-safe.
 */
final class LiveFigures {
  private final RestApi api;
  private final String jobId;

  LiveFigures(RestApi api, String jobId) {
    this.api = api;
    this.jobId = jobId;
  }

  /**
   * Sum and average over subtasks of the metrics with these last names, as far as they are known
   * yet.
   */
  Map<String, Value> read(List<String> names) throws IOException, InterruptedException {
    Map<String, Value> values = new HashMap<>();
    for (JsonNode vertex : api.get("/jobs/" + jobId).path("vertices")) {
      String metrics =
          "/jobs/" + jobId + "/vertices/" + vertex.path("id").asText() + "/subtasks/metrics";
      List<String> wanted = metricIds(metrics, names);
      if (wanted.isEmpty()) {
        continue;
      }
      String query = URLEncoder.encode(String.join(",", wanted), StandardCharsets.UTF_8);
      for (JsonNode metric : api.get(metrics + "?get=" + query + "&agg=sum,avg,min")) {
        String id = metric.path("id").asText();
        values.put(
            id.substring(id.lastIndexOf('.') + 1),
            new Value(
                metric.path("sum").asDouble(),
                metric.path("avg").asDouble(),
                metric.path("min").asDouble()));
      }
    }
    return values;
  }

  /** Over the subtasks. */
  record Value(double sum, double average, double min) {}

  private List<String> metricIds(String metrics, List<String> names)
      throws IOException, InterruptedException {
    List<String> found = new ArrayList<>();
    for (JsonNode metric : api.get(metrics)) {
      String id = metric.path("id").asText();
      // Operator metrics are "<operator>.<name>"; those of the task have no such prefix.
      int dot = id.lastIndexOf('.');
      if (dot > 0 && names.contains(id.substring(dot + 1))) {
        found.add(id);
      }
    }
    return found;
  }
}
