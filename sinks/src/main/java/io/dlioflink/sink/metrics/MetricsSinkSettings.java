/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.metrics;

import io.dlioflink.storage.Location;
import io.dlioflink.workload.Workload;
import java.io.Serializable;
import java.util.regex.Pattern;

/**
 * What the sink of a phase needs to know.
 *
 * @param phase which phase
 * @param name workload name
 * @param workload the workload
 * @param ranks subtasks that report
 * @param dataset dataset folder
 * @param output result folder
 * @param context how the run came about
 * @param recording what is recorded beside the figures
 * @param resumable whether the phase goes on after a failure where it was
 */
public record MetricsSinkSettings(
    Phase phase,
    String name,
    Workload workload,
    int ranks,
    Location dataset,
    Location output,
    RunContext context,
    Recording recording,
    boolean resumable)
    implements Serializable {

  /** Names of what a run keeps in its result folder until it has ended. */
  public static final Pattern FILES_UNDER_WAY =
      Pattern.compile(Pattern.quote(FirstStart.FILE) + "|" + Resumptions.FILES);

  /** What is being measured. */
  public enum Phase {
    /** Data generation. */
    GENERATE("generation.json", "generation\\.json"),
    /** Reading a dataset back. */
    VERIFY("verification.json", "verification\\.json|bad_files\\.tsv"),
    /** Training. */
    TRAIN(
        "report.json",
        "summary\\.(json|csv)|report\\.json|iostat\\.json|\\d+_output\\.json|(\\d+_)?per_epoch_stats\\.json"),
    /** Writing and reading checkpoints, nothing else. */
    CHECKPOINT(
        "report.json",
        "summary\\.(json|csv)|report\\.json|iostat\\.json|\\d+_output\\.json|(\\d+_)?per_epoch_stats\\.json");

    private final String report;
    private final Pattern resultFiles;

    Phase(String report, String resultFiles) {
      this.report = report;
      this.resultFiles = Pattern.compile(resultFiles);
    }

    /** Name of the result file with the verdict. */
    public String report() {
      return report;
    }

    /**
     * Whether its figures are those of one undisturbed run; files can be written or checked twice.
     */
    public boolean measures() {
      return this == TRAIN || this == CHECKPOINT;
    }

    /** Names of the result files of this phase. */
    public Pattern resultFiles() {
      return resultFiles;
    }
  }
}
