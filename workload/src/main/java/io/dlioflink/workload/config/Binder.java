/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload.config;

import io.dlioflink.workload.TimeSpec;
import io.dlioflink.workload.config.ConfigValue.Kind;
import io.dlioflink.workload.config.ConfigValue.Mapping;
import io.dlioflink.workload.config.ConfigValue.Scalar;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Gives every written value to its key and says what does not fit. */
final class Binder {

  private final List<Problem> problems;
  private final Severity unknownKeys;
  private final Values values = new Values();

  private Binder(List<Problem> problems, Severity unknownKeys) {
    this.problems = problems;
    this.unknownKeys = unknownKeys;
  }

  /**
   * The values of the keys.
   *
   * @param problems receives what is wrong or unknown
   */
  static Values bind(Mapping root, List<Problem> problems, Severity unknownKeys) {
    foldStdev(root, ReaderKeys.PREPROCESS_TIME, ReaderKeys.PREPROCESS_TIME_STDEV);
    foldStdev(root, TrainingKeys.COMPUTATION_TIME, TrainingKeys.COMPUTATION_TIME_STDEV);
    foldStdev(root, TrainingKeys.EVAL_TIME, TrainingKeys.EVAL_TIME_STDEV);
    Binder binder = new Binder(problems, unknownKeys);
    binder.bindSection(root, "");
    return binder.values;
  }

  private void bindSection(Mapping section, String path) {
    for (Map.Entry<String, ConfigValue> entry : section.entries().entrySet()) {
      String keyPath = path.isEmpty() ? entry.getKey() : path + "." + entry.getKey();
      ConfigValue value = entry.getValue();
      Optional<Key<?>> key = WorkloadKeys.find(keyPath);
      if (key.isPresent()) {
        bindKey(key.get(), value);
      } else if (!WorkloadKeys.isSection(keyPath)) {
        problems.add(
            new Problem(
                unknownKeys,
                value.origin().toString(),
                keyPath,
                (value instanceof Mapping ? "unknown section" : "unknown key")
                    + WorkloadKeys.hint(keyPath)));
      } else if (value instanceof Mapping mapping) {
        bindSection(mapping, keyPath);
      } else if (!(value instanceof Scalar scalar && scalar.kind() == Kind.NULL)) {
        problems.add(
            Problem.error(
                value.origin().toString(),
                keyPath,
                value.describe() + " is not allowed; expected a section with keys below it"));
      }
    }
  }

  private void bindKey(Key<?> key, ConfigValue value) {
    if (value.interpolated()) {
      values.fail(key, value);
      problems.add(
          Problem.error(
              value.origin().toString(),
              key.path(),
              "%s: interpolation with ${...} is not supported; write the value"
                  .formatted(shown(key, value))));
      return;
    }
    try {
      values.put(key, value);
    } catch (BadValueException e) {
      problems.add(Problem.error(e.where(), key.path(), e.getMessage()));
    }
  }

  private static String shown(Key<?> key, ConfigValue value) {
    return key.equals(GeneralKeys.STORAGE_OPTIONS)
        ? "'" + Secrets.MASK + "'"
        : Secrets.maskUri(value.describe());
  }

  /** What DLIO does with {@code *_stdev}: it becomes a parameter of the time specification. */
  private static void foldStdev(Mapping root, Key<TimeSpec> time, Key<Optional<Double>> stdev) {
    int dot = time.path().indexOf('.');
    if (!(root.entries().get(time.path().substring(0, dot)) instanceof Mapping section)) {
      return;
    }
    ConfigValue spread = section.entries().get(stdev.path().substring(dot + 1));
    if (spread == null || ValueTypes.numberOf(spread).isEmpty()) {
      return;
    }
    String name = time.path().substring(dot + 1);
    ConfigValue mean = section.entries().get(name);
    LinkedHashMap<String, ConfigValue> parameters = new LinkedHashMap<>();
    if (mean instanceof Mapping mapping) {
      parameters.putAll(mapping.entries());
    } else if (mean instanceof Scalar scalar && scalar.number().isPresent()) {
      parameters.put("mean", mean);
    } else if (mean != null && !(mean instanceof Scalar none && none.kind() == Kind.NULL)) {
      return;
    }
    parameters.put("stdev", spread);
    Origin origin = mean == null ? spread.origin() : mean.origin();
    section.entries().put(name, new Mapping(parameters, origin));
  }
}
