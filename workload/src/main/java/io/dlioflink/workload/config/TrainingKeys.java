/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload.config;

import static io.dlioflink.workload.config.TimeSpecType.TIME_SPEC;
import static io.dlioflink.workload.config.ValueTypes.BOOL;
import static io.dlioflink.workload.config.ValueTypes.integer;
import static io.dlioflink.workload.config.ValueTypes.longInteger;
import static io.dlioflink.workload.config.ValueTypes.number;
import static io.dlioflink.workload.config.ValueTypes.optional;

import io.dlioflink.workload.EvaluationConfig;
import io.dlioflink.workload.TimeSpec;
import io.dlioflink.workload.TrainConfig;
import io.dlioflink.workload.random.NumpyRandom;
import java.util.List;
import java.util.Optional;

/** Sections train and evaluation. */
final class TrainingKeys {

  static final Key<Integer> EPOCHS =
      Key.of("train.epochs", integer(1), 1, w -> w.train().epochs(), "Passes over the data.");
  static final Key<TimeSpec> COMPUTATION_TIME =
      Key.of(
          "train.computation_time",
          TIME_SPEC,
          TimeSpec.none(),
          w -> w.train().computationTime(),
          "Seconds an accelerator computes in each step.");
  static final Key<Optional<Double>> COMPUTATION_TIME_STDEV = stdevOf(COMPUTATION_TIME);
  static final Key<Long> TOTAL_TRAINING_STEPS =
      Key.of(
          "train.total_training_steps",
          longInteger(-1),
          -1L,
          w -> w.train().totalTrainingSteps(),
          "Most steps of each epoch; 0 and -1 mean no limit.");
  static final Key<Long> SEED =
      Key.of(
          "train.seed",
          longInteger(0, NumpyRandom.MAX_SEED),
          123L,
          w -> w.train().seed(),
          "Seed of the shuffles.");
  static final Key<Boolean> SEED_CHANGE_EPOCH =
      Key.of(
          "train.seed_change_epoch",
          BOOL,
          true,
          w -> w.train().seedChangeEpoch(),
          "Add the number of the epoch to the seed.");

  static final Key<TimeSpec> EVAL_TIME =
      Key.of(
          "evaluation.eval_time",
          TIME_SPEC,
          TimeSpec.none(),
          w -> w.evaluation().evalTime(),
          "Seconds an accelerator computes in each evaluation step.");
  static final Key<Optional<Double>> EVAL_TIME_STDEV = stdevOf(EVAL_TIME);
  static final Key<Integer> EVAL_AFTER_EPOCH =
      Key.of(
          "evaluation.eval_after_epoch",
          integer(1),
          1,
          w -> w.evaluation().evalAfterEpoch(),
          "First epoch with an evaluation.");
  static final Key<Integer> EPOCHS_BETWEEN_EVALS =
      Key.of(
          "evaluation.epochs_between_evals",
          integer(1),
          1,
          w -> w.evaluation().epochsBetweenEvals(),
          "Epochs from one evaluation to the next.");

  /** In the order of the documentation. */
  static final List<Key<?>> ALL =
      List.of(
          EPOCHS,
          COMPUTATION_TIME,
          COMPUTATION_TIME_STDEV,
          TOTAL_TRAINING_STEPS,
          SEED,
          SEED_CHANGE_EPOCH,
          EVAL_TIME,
          EVAL_TIME_STDEV,
          EVAL_AFTER_EPOCH,
          EPOCHS_BETWEEN_EVALS);

  private TrainingKeys() {}

  /** The key that DLIO folds into a time specification. */
  static Key<Optional<Double>> stdevOf(Key<TimeSpec> time) {
    return Key.folded(
        time.path() + "_stdev",
        optional(number(0, Double.POSITIVE_INFINITY)),
        Optional.empty(),
        "Sets stdev of " + time.path() + ".");
  }

  static TrainConfig train(Values values) {
    return new TrainConfig(
        values.get(EPOCHS),
        values.get(COMPUTATION_TIME),
        values.get(TOTAL_TRAINING_STEPS),
        values.get(SEED),
        values.get(SEED_CHANGE_EPOCH));
  }

  static EvaluationConfig evaluation(Values values) {
    return new EvaluationConfig(
        values.get(EVAL_TIME), values.get(EVAL_AFTER_EPOCH), values.get(EPOCHS_BETWEEN_EVALS));
  }
}
