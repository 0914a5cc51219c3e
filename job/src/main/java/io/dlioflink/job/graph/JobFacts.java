/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job.graph;

import io.dlioflink.sink.metrics.MetricsSinkSettings.Phase;
import io.dlioflink.storage.Location;
import io.dlioflink.workload.CheckpointConfig;
import io.dlioflink.workload.DatasetLayout;
import io.dlioflink.workload.DatasetPart;
import io.dlioflink.workload.PassSchedule;
import io.dlioflink.workload.StepPlan;
import io.dlioflink.workload.Workload;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a job tells everybody about itself: it travels with the job as its parameters, stands in the
 * configuration tab of the web UI, and is all that somebody needs who comes later to follow the
 * run. Holds no secrets.
 *
 * @param workload name of the workload
 * @param phase what the job does
 * @param next phases of the same run that follow it
 * @param accelerators simulated accelerators
 * @param dataset dataset folder
 * @param output result folder
 * @param logFile name of DLIO's log in it
 * @param epochs to train
 * @param stepsPerEpoch of training
 * @param work steps of all accelerators (training) or files (otherwise) in all
 * @param writes checkpoints to write, where that is the phase
 * @param reads checkpoints to read, where that is the phase
 */
public record JobFacts(
    String workload,
    Phase phase,
    List<Phase> next,
    int accelerators,
    Location dataset,
    Location output,
    String logFile,
    int epochs,
    long stepsPerEpoch,
    long work,
    int writes,
    int reads) {
  private static final String PREFIX = "dlio-flink.";
  private static final String WORKLOAD = PREFIX + "workload";
  private static final String PHASE = PREFIX + "phase";
  private static final String NEXT = PREFIX + "next-phases";
  private static final String ACCELERATORS = PREFIX + "accelerators";
  private static final String DATASET = PREFIX + "dataset";
  private static final String OUTPUT = PREFIX + "output";
  private static final String LOG_FILE = PREFIX + "log-file";
  private static final String EPOCHS = PREFIX + "epochs";
  private static final String STEPS_PER_EPOCH = PREFIX + "steps-per-epoch";
  private static final String WORK = PREFIX + "steps-or-files";
  private static final String WRITES = PREFIX + "checkpoints-to-write";
  private static final String READS = PREFIX + "checkpoints-to-read";

  public JobFacts {
    next = List.copyOf(next);
  }

  /** The facts of the job that runs a phase. */
  public static JobFacts of(RunSpec spec, Phase phase) {
    Workload workload = spec.workload();
    CheckpointConfig checkpoint = workload.checkpoint();
    return new JobFacts(
        spec.name(),
        phase,
        spec.phases().stream().filter(other -> other.compareTo(phase) > 0).toList(),
        spec.accelerators(),
        spec.dataset(),
        spec.output(),
        workload.output().logFile(),
        workload.train().epochs(),
        StepPlan.of(workload, DatasetPart.TRAIN, spec.accelerators()).steps(),
        phase == Phase.TRAIN
            ? PassSchedule.of(workload, spec.accelerators()).stream()
                    .mapToLong(pass -> pass.plan().steps())
                    .sum()
                * spec.accelerators()
            : DatasetLayout.of(workload.dataset()).totalFiles(),
        Math.max(0, checkpoint.numCheckpointsWrite()),
        Math.max(0, checkpoint.numCheckpointsRead()));
  }

  /** As parameters of the job. */
  Map<String, String> toParameters() {
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put(WORKLOAD, workload);
    parameters.put(PHASE, name(phase));
    parameters.put(NEXT, next.stream().map(JobFacts::name).collect(Collectors.joining(",")));
    parameters.put(ACCELERATORS, String.valueOf(accelerators));
    parameters.put(DATASET, dataset.toString());
    parameters.put(OUTPUT, output.toString());
    parameters.put(LOG_FILE, logFile);
    parameters.put(EPOCHS, String.valueOf(epochs));
    parameters.put(STEPS_PER_EPOCH, String.valueOf(stepsPerEpoch));
    parameters.put(WORK, String.valueOf(work));
    parameters.put(WRITES, String.valueOf(writes));
    parameters.put(READS, String.valueOf(reads));
    return parameters;
  }

  /** Reads the parameters of a job; empty if it is none of ours. */
  public static Optional<JobFacts> fromParameters(Map<String, String> parameters) {
    try {
      return Optional.of(
          new JobFacts(
              text(parameters, WORKLOAD),
              phase(text(parameters, PHASE)),
              Arrays.stream(text(parameters, NEXT).split(","))
                  .filter(name -> !name.isEmpty())
                  .map(JobFacts::phase)
                  .toList(),
              number(parameters, ACCELERATORS),
              Location.parse(text(parameters, DATASET)),
              Location.parse(text(parameters, OUTPUT)),
              text(parameters, LOG_FILE),
              number(parameters, EPOCHS),
              Long.parseLong(text(parameters, STEPS_PER_EPOCH)),
              Long.parseLong(text(parameters, WORK)),
              number(parameters, WRITES),
              number(parameters, READS)));
    } catch (IllegalArgumentException e) {
      // A job of somebody else's, or of another version.
      return Optional.empty();
    }
  }

  /** What the job does, in a word: {@code train}. */
  public static String name(Phase phase) {
    return phase.name().toLowerCase(Locale.ROOT);
  }

  private static Phase phase(String name) {
    return Phase.valueOf(name.toUpperCase(Locale.ROOT));
  }

  private static String text(Map<String, String> parameters, String key) {
    String text = parameters.get(key);
    if (text == null) {
      throw new IllegalArgumentException(key + " is missing");
    }
    return text;
  }

  private static int number(Map<String, String> parameters, String key) {
    return Integer.parseInt(text(parameters, key));
  }
}
