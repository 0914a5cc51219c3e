/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload.mlperf;

import io.dlioflink.workload.config.Origin;
import io.dlioflink.workload.config.Setting;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Which parameters may differ from the published workload. Source: sections 10.1, 10.2 and 2.2.5 of
 * the rules and {@code check_allowed_params} of {@code mlpstorage/rules.py}: any other override is
 * none, whatever its value.
 */
final class ParameterRules {
  private static final Set<String> CLOSED =
      Set.of(
          "dataset.num_files_train",
          "dataset.num_subfolders_train",
          "dataset.data_folder",
          "reader.read_threads",
          "reader.computation_threads",
          "reader.transfer_size",
          "reader.prefetch_size",
          "reader.odirect",
          "checkpoint.checkpoint_folder",
          "storage.storage_type",
          "storage.storage_root");

  private static final Set<String> OPEN =
      Set.of("framework", "dataset.format", "dataset.num_samples_per_file", "reader.data_loader");

  /** What the harness sets itself for a checkpoint workload; other rules look at the values. */
  private static final Set<String> CHECKPOINT_HARNESS =
      Set.of(
          "checkpoint.mode",
          "checkpoint.num_checkpoints_write",
          "checkpoint.num_checkpoints_read",
          "model.parallelism.data");

  private final boolean checkpoints;
  private final Map<String, Setting> published;
  private final Map<String, Setting> effective;

  private ParameterRules(MlperfRequest request, MlperfSubject subject, boolean checkpoints) {
    this.checkpoints = checkpoints;
    this.published = byKey(request.settings());
    this.effective = byKey(subject.settings());
  }

  static List<Finding> check(MlperfRequest request, MlperfSubject subject, boolean checkpoints) {
    ParameterRules rules = new ParameterRules(request, subject, checkpoints);
    Set<String> keys = new TreeSet<>();
    subject.overrides().stream().map(ParameterRules::keyOf).forEach(keys::add);
    Set<String> overridden = Set.copyOf(keys);
    subject.settings().stream()
        .filter(setting -> rules.differs(setting) && !isOfNoMatter(setting.key()))
        .map(Setting::key)
        .filter(key -> overridden.stream().noneMatch(above -> key.startsWith(above + ".")))
        .forEach(keys::add);
    List<Finding> findings = new ArrayList<>();
    for (String key : keys) {
      if (!key.startsWith("workflow.") && !(checkpoints && CHECKPOINT_HARNESS.contains(key))) {
        findings.add(rules.finding(key));
      }
    }
    return findings;
  }

  private Finding finding(String key) {
    if (CLOSED.contains(key)) {
      return new Finding(Standing.CLOSED, key, "any value", found(key));
    }
    if (OPEN.contains(key) && !checkpoints) {
      return new Finding(Standing.OPEN, key, "in CLOSED " + publishedValue(key), found(key));
    }
    return new Finding(Standing.INVALID, key, publishedValue(key) + ", not set", found(key));
  }

  private String publishedValue(String key) {
    Setting setting = published.get(key);
    return setting == null ? "no such parameter" : setting.value();
  }

  private String found(String key) {
    Setting setting = effective.get(key);
    if (setting == null) {
      return "an override of it";
    }
    return setting.origin() instanceof Origin.Default
        ? setting.value() + " (default)"
        : "%s (%s)".formatted(setting.value(), setting.origin());
  }

  private boolean differs(Setting setting) {
    Setting same = published.get(setting.key());
    return same == null || !same.value().equals(setting.value());
  }

  /** What a file may say otherwise without changing what is measured. */
  private static boolean isOfNoMatter(String key) {
    return key.startsWith("workflow.")
        || key.startsWith("profiling.")
        || key.startsWith("storage.storage_options")
        || key.startsWith("storage.s3.")
        || key.equals("storage.endpoints")
        || key.equals("storage.load_balance_strategy")
        || key.equals("output.folder")
        || key.equals("output.log_file");
  }

  /** The key of an override in any of Hydra's forms. */
  private static String keyOf(String override) {
    int equals = override.indexOf('=');
    String key = (equals < 0 ? override : override.substring(0, equals)).replaceFirst("^[+~]+", "");
    key = key.startsWith("workload.") ? key.substring("workload.".length()) : key;
    return key.startsWith("data_reader.") ? key.substring("data_".length()) : key;
  }

  private static Map<String, Setting> byKey(List<Setting> settings) {
    return settings.stream()
        .collect(Collectors.toMap(Setting::key, Function.identity(), (a, b) -> b));
  }
}
