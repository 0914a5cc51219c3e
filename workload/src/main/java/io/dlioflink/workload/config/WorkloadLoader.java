/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload.config;

import io.dlioflink.workload.Workload;
import io.dlioflink.workload.config.ConfigValue.Kind;
import io.dlioflink.workload.config.ConfigValue.Mapping;
import io.dlioflink.workload.config.ConfigValue.Scalar;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Loads DLIO workload files: defaults, then the file, then the overrides.
 *
 * <pre>{@code
 * LoadedWorkload loaded =
 *     WorkloadLoader.load(
 *         new WorkloadRequest(
 *             "unet3d_h100", "unet3d_h100.yaml", text,
 *             List.of("++workload.train.epochs=2"), false, OptionalInt.of(2)));
 * }</pre>
 *
 * <p>Features that are not implemented yet are no concern of this class: it only says whether a
 * workload makes sense.
 */
public final class WorkloadLoader {

  private WorkloadLoader() {}

  /**
   * Loads a workload.
   *
   * @throws WorkloadException with every error found, if there is any
   */
  public static LoadedWorkload load(WorkloadRequest request) {
    List<Problem> problems = new ArrayList<>();
    Mapping root =
        unwrapped(YamlTree.parse(request.sourceName(), request.yamlText(), problems), problems);
    resolveReaderAlias(root, problems);
    Overrides overrides = new Overrides(root, problems);
    request.overrides().forEach(overrides::apply);
    FrameworkBlocks.fold(root, problems, Runtime.getRuntime().availableProcessors());
    Values values =
        Binder.bind(root, problems, request.strict() ? Severity.ERROR : Severity.NOTICE);
    Workload workload = workload(values);
    CrossChecks.run(values, workload, request.accelerators(), problems);
    Notices.run(values, workload, problems);
    problems.sort(Comparator.comparingInt(problem -> line(problem, request.sourceName())));
    List<Problem> errors = withSeverity(problems, Severity.ERROR);
    if (!errors.isEmpty()) {
      throw new WorkloadException(errors);
    }
    return new LoadedWorkload(
        request.name(),
        workload,
        settings(values, workload),
        withSeverity(problems, Severity.NOTICE),
        overrides.applied(),
        overrides.outputFolder(),
        overrides.hydraSubdir());
  }

  /**
   * A workload file with only the values that differ from the defaults. It loads to an equal
   * workload, except that secret storage options are left out (a comment names them).
   */
  public static String minimalYaml(LoadedWorkload loaded) {
    return MinimalYaml.of(loaded.workload());
  }

  /** DLIO's saved {@code config.yaml} has everything below {@code workload}. */
  private static Mapping unwrapped(Mapping root, List<Problem> problems) {
    boolean saved =
        root.entries().containsKey("workload")
            && Set.of("workload", "hydra").containsAll(root.entries().keySet());
    if (!saved) {
      return root;
    }
    ConfigValue workload = root.entries().get("workload");
    if (workload instanceof Mapping mapping) {
      return mapping;
    }
    problems.add(
        Problem.error(
            workload.origin().toString(),
            "workload",
            workload.describe() + " is not allowed; expected a mapping of sections"));
    return Mapping.empty(workload.origin());
  }

  /** DLIO also knows the section as {@code data_reader}, which wins over {@code reader}. */
  private static void resolveReaderAlias(Mapping root, List<Problem> problems) {
    ConfigValue alias = root.entries().remove("data_reader");
    if (alias == null) {
      return;
    }
    ConfigValue hidden = root.entries().put("reader", alias);
    if (hidden != null && !(hidden instanceof Scalar none && none.kind() == Kind.NULL)) {
      problems.add(
          Problem.notice(
              hidden.origin().toString(),
              "reader",
              "ignored, because the section data_reader (%s) wins".formatted(alias.origin())));
    }
  }

  private static Workload workload(Values values) {
    return new Workload(
        values.get(GeneralKeys.FRAMEWORK),
        ModelKeys.model(values),
        GeneralKeys.workflow(values),
        GeneralKeys.storage(values),
        DatasetKeys.dataset(values),
        ReaderKeys.reader(values),
        TrainingKeys.train(values),
        TrainingKeys.evaluation(values),
        CheckpointKeys.checkpoint(values),
        GeneralKeys.output(values),
        GeneralKeys.profiling(values),
        values.get(GeneralKeys.AU));
  }

  /** The line of a problem of the file; problems of overrides come after it. */
  private static int line(Problem problem, String sourceName) {
    String start = sourceName + ":";
    return problem.where().startsWith(start)
        ? Integer.parseInt(problem.where().substring(start.length()))
        : Integer.MAX_VALUE;
  }

  private static List<Problem> withSeverity(List<Problem> problems, Severity severity) {
    return problems.stream().filter(problem -> problem.severity() == severity).toList();
  }

  private static List<Setting> settings(Values values, Workload workload) {
    List<Setting> settings = new ArrayList<>();
    for (Key<?> key : WorkloadKeys.TABLE) {
      if (key.equals(GeneralKeys.STORAGE_OPTIONS) && !workload.storage().options().isEmpty()) {
        addOptions(values, workload, settings);
      } else if (key.getter().isPresent()) {
        settings.add(setting(key, values, workload));
      }
    }
    return settings;
  }

  private static <T> Setting setting(Key<T> key, Values values, Workload workload) {
    String value = key.type().format(key.getter().orElseThrow().apply(workload));
    return new Setting(key.path(), Secrets.maskUri(value), values.origin(key));
  }

  private static void addOptions(Values values, Workload workload, List<Setting> settings) {
    Key<?> key = GeneralKeys.STORAGE_OPTIONS;
    Map<String, ConfigValue> written = ((Mapping) values.written(key).orElseThrow()).entries();
    new TreeMap<>(workload.storage().options())
        .forEach(
            (option, value) ->
                settings.add(
                    new Setting(
                        key.path() + "." + option,
                        Secrets.maskedOption(option, value),
                        written.get(option).origin())));
  }
}
