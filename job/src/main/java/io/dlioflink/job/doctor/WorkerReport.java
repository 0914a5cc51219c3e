/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job.doctor;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * What was found on one worker; travels to whoever asked.
 *
 * @param host its host
 * @param process id of its process
 * @param findings in the order of the checks
 */
public record WorkerReport(String host, long process, List<Finding> findings) {
  private static final ObjectMapper JSON = new ObjectMapper();

  public WorkerReport {
    findings = List.copyOf(findings);
  }

  /** Whether a run would fail there. */
  boolean failed() {
    return findings.stream().anyMatch(finding -> finding.status() == Finding.Status.FAILED);
  }

  String toJson() {
    try {
      return JSON.writeValueAsString(this);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static WorkerReport fromJson(String json) throws IOException {
    return JSON.readValue(json, WorkerReport.class);
  }
}
