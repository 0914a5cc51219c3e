/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job.launch;

import io.dlioflink.job.graph.RunSpec;
import io.dlioflink.sink.metrics.OutputFolder;
import io.dlioflink.storage.StorageOptions;
import io.dlioflink.workload.config.HydraFiles;
import io.dlioflink.workload.config.LoadedWorkload;
import java.io.IOException;
import java.util.Map;

/** Puts what ran beside its results, in the files and words of Hydra. */
public final class ConfigFiles {
  private ConfigFiles() {}

  /**
   * Writes {@code config.yaml}, {@code overrides.yaml} and {@code hydra.yaml}.
   *
   * @param subfolder of the result folder, e.g. {@code .hydra}
   */
  public static void write(LoadedWorkload loaded, RunSpec spec, String subfolder)
      throws IOException {
    StorageOptions storage = spec.storageOptions();
    Map<String, String> files = HydraFiles.of(loaded, spec.output().toString(), subfolder);
    try (OutputFolder output = new OutputFolder(spec.output(), storage)) {
      for (Map.Entry<String, String> file : files.entrySet()) {
        output.writeText(subfolder + "/" + file.getKey(), file.getValue());
      }
    }
  }
}
