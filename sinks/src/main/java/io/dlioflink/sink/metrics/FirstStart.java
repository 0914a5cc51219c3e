/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.metrics;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import org.apache.flink.api.common.JobID;

/**
 * Tells the first start of a job from a later one, by a file in the result folder that whoever
 * submitted the job deletes when he has seen its end. A new job manager, which high availability
 * brings, starts a job without state from its beginning, and Flink counts that as its first
 * attempt; even one whose results are written, if nobody took note of its end.
 */
final class FirstStart {
  static final String FILE = "under-way.json";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String FIELD = "job";

  private FirstStart() {}

  /** Whether the job starts for the first time; from now on it has been started. */
  static boolean claim(OutputFolder output, JobID job) throws IOException {
    if (output.exists(FILE)) {
      try (InputStream in = output.openInput(FILE)) {
        if (JSON.readTree(in).path(FIELD).asText().equals(job.toString())) {
          return false;
        }
      }
    }
    output.writeJson(
        FILE,
        json -> {
          json.writeStartObject();
          json.writeStringField(FIELD, job.toString());
          json.writeEndObject();
        });
    return true;
  }
}
