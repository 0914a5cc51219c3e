/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job.hosts;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What {@code bin/ranks.sh} makes of the environments of launchers. */
class RankDetectionTest {
  private static final String PRINT =
      "set -euo pipefail; cd ../bin; source launcher.sh; source ranks.sh; detect_ranks;"
          + " echo \"$launcher|$rank/$ranks_total|$local_rank/$local_size|$job\"";

  private static final Map<String, String> OPEN_MPI =
      Map.of(
          "OMPI_COMM_WORLD_RANK",
          "5",
          "OMPI_COMM_WORLD_SIZE",
          "8",
          "OMPI_COMM_WORLD_LOCAL_RANK",
          "1",
          "OMPI_COMM_WORLD_LOCAL_SIZE",
          "4",
          "PMIX_NAMESPACE",
          "214040577",
          "OMPI_MCA_orte_precondition_transports",
          "f5d591cabd249760-0639dc6f92aad8ae");

  private static final Map<String, String> SLURM_STEP =
      Map.of(
          "SLURM_PROCID",
          "5",
          "SLURM_LOCALID",
          "1",
          "SLURM_NODEID",
          "2",
          "SLURM_STEP_ID",
          "0",
          "SLURM_STEP_NUM_TASKS",
          "7",
          "SLURM_STEP_TASKS_PER_NODE",
          "2(x2),3",
          "SLURM_JOB_ID",
          "4711");

  private static String detect(Map<String, String> environment)
      throws IOException, InterruptedException {
    ProcessBuilder bash = new ProcessBuilder("bash", "-c", PRINT, "dlio_benchmark");
    bash.redirectErrorStream(true);
    bash.environment().keySet().removeIf(name -> name.matches("(OMPI|PMI|PMIX|PALS|SLURM|MPI)_.*"));
    bash.environment().putAll(environment);
    Process process = bash.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return output.strip();
  }

  private static Map<String, String> with(
      Map<String, String> environment, String name, String value) {
    Map<String, String> changed = new HashMap<>(environment);
    changed.put(name, value);
    return changed;
  }

  @Test
  void withoutALauncherThereIsOneRank() throws Exception {
    assertThat(detect(Map.of())).isEqualTo("|0/1|0/1|");
  }

  @Test
  void openMpiNamesRanksAndTheRun() throws Exception {
    assertThat(detect(OPEN_MPI))
        .isEqualTo("Open MPI|5/8|1/4|214040577-f5d591cabd249760-0639dc6f92aad8ae");
  }

  @Test
  void openMpiInsideASlurmStepIsOpenMpi() throws Exception {
    Map<String, String> both = new HashMap<>(SLURM_STEP);
    both.putAll(OPEN_MPI);
    assertThat(detect(both)).startsWith("Open MPI|5/8|1/4|");
  }

  @Test
  void aVariableThatIsMissingIsNamed() throws Exception {
    assertThat(detect(with(OPEN_MPI, "OMPI_COMM_WORLD_LOCAL_SIZE", "")))
        .isEqualTo(
            "dlio_benchmark: Open MPI started this process, but OMPI_COMM_WORLD_LOCAL_SIZE is '';"
                + " expected a number");
  }

  @Test
  void hydraNamesRanksInTheVariablesOfPmi() throws Exception {
    Map<String, String> mpich =
        Map.of("PMI_RANK", "2", "PMI_SIZE", "4", "MPI_LOCALRANKID", "0", "MPI_LOCALNRANKS", "2");
    assertThat(detect(mpich)).startsWith("MPICH|2/4|0/2|");
  }

  @Test
  void palsNamesRanksAndTheRun() throws Exception {
    Map<String, String> pals =
        Map.of(
            "PALS_RANKID",
            "3",
            "PMI_RANK",
            "3",
            "PMI_SIZE",
            "8",
            "PALS_LOCAL_RANKID",
            "3",
            "PALS_LOCAL_SIZE",
            "4",
            "PALS_APID",
            "8a4b");
    assertThat(detect(pals)).isEqualTo("PALS|3/8|3/4|8a4b");
  }

  @Test
  void slurmNamesRanksOfAStepAndTasksPerNode() throws Exception {
    assertThat(detect(SLURM_STEP)).isEqualTo("Slurm|5/7|1/3|4711.0.0");
    assertThat(detect(with(SLURM_STEP, "SLURM_NODEID", "1"))).isEqualTo("Slurm|5/7|1/2|4711.0.0");
  }

  @Test
  void aBatchScriptOfSlurmIsNoStep() throws Exception {
    assertThat(detect(Map.of("SLURM_PROCID", "0", "SLURM_NTASKS", "8", "SLURM_LOCALID", "0")))
        .isEqualTo("|0/1|0/1|");
  }
}
