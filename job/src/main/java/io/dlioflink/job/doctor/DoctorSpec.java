/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job.doctor;

import io.dlioflink.job.graph.RunSpec;
import io.dlioflink.storage.Location;
import io.dlioflink.storage.StorageOptions;
import io.dlioflink.workload.DatasetPart;
import io.dlioflink.workload.Workload;
import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What the workers are checked for.
 *
 * @param workload the workload
 * @param locations where it reads and writes, by what for
 * @param generatedBytes what is about to be written to the dataset; 0 if nothing is
 * @param accelerators simulated accelerators in all
 */
record DoctorSpec(
    Workload workload, Map<String, Location> locations, long generatedBytes, int accelerators)
    implements Serializable {
  private static final String DATASET = "dataset";

  static DoctorSpec of(RunSpec run) {
    Workload workload = run.workload();
    Map<String, Location> locations = new LinkedHashMap<>();
    locations.put(DATASET, run.dataset());
    if (workload.workflow().checkpoint()) {
      locations.put("checkpoints", run.checkpoints());
    }
    locations.put("output", run.output());
    return new DoctorSpec(
        workload,
        locations,
        workload.workflow().generateData() ? datasetBytes(workload) : 0,
        run.accelerators());
  }

  private static long datasetBytes(Workload workload) {
    double samples = 0;
    for (DatasetPart part : DatasetPart.values()) {
      samples +=
          (double) workload.dataset().numFiles(part) * workload.dataset().numSamplesPerFile();
    }
    return Math.round(samples * workload.dataset().nominalSampleBytes());
  }

  Location dataset() {
    return locations.get(DATASET);
  }

  StorageOptions storageOptions() {
    return new StorageOptions(workload.storage().clientOptions());
  }
}
