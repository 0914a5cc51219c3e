/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job.cli;

import io.dlioflink.job.launch.UsageException;
import io.dlioflink.job.launch.WorkloadFiles;
import io.dlioflink.workload.config.LoadedWorkload;
import io.dlioflink.workload.config.Secrets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.annotation.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which workload, with which overrides: the options that most commands share. */
final class WorkloadOptions {
  private static final String WORKLOAD = "workload=";
  private static final Pattern QUERY =
      Pattern.compile("\\+{0,2}workload\\.workflow\\.query=['\"]?([\\w.]+)['\"]?");

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Workload file, DLIO's YAML unchanged.")
  private Path config;

  @Option(
      names = {"--config-dir", "-cd"},
      paramLabel = "DIR",
      description = "Folder with workload/NAME.yaml for workload=NAME.")
  private Path configDir;

  @Option(
      names = {"-n", "--accelerators"},
      paramLabel = "N",
      description = "Simulated accelerators, DLIO's MPI ranks (default: ${DEFAULT-VALUE}).")
  private int accelerators = 1;

  @Option(names = "--strict", description = "Unknown keys are errors.")
  private boolean strict;

  @Parameters(
      paramLabel = "OVERRIDE",
      description = {
        "workload=NAME for an embedded workload or one of --config-dir;",
        "++workload.section.key=value and DLIO's other forms, or just section.key=value."
      })
  private List<String> arguments = new ArrayList<>();

  int accelerators() {
    if (accelerators < 1) {
      throw new UsageException(
          "--accelerators: " + accelerators + " is not allowed; expected 1 or more");
    }
    return accelerators;
  }

  LoadedWorkload load() throws IOException {
    return load(true);
  }

  /**
   * Loads the workload.
   *
   * @param trains whether it must have work for all accelerators
   */
  LoadedWorkload load(boolean trains) throws IOException {
    return load(trains, List.of());
  }

  /**
   * Loads the workload.
   *
   * @param trains whether it must have work for all accelerators
   * @param last overrides after those of the command line
   */
  LoadedWorkload load(boolean trains, List<String> last) throws IOException {
    WorkloadFiles files = new WorkloadFiles(Optional.ofNullable(configDir));
    OptionalInt ranks = trains ? OptionalInt.of(accelerators()) : OptionalInt.empty();
    List<String> names =
        arguments.stream()
            .filter(argument -> argument.startsWith(WORKLOAD))
            .map(argument -> argument.substring(WORKLOAD.length()))
            .toList();
    List<String> overrides =
        new ArrayList<>(
            arguments.stream().filter(argument -> !argument.startsWith(WORKLOAD)).toList());
    overrides.addAll(last);
    if (config != null && !names.isEmpty()) {
      throw new UsageException("Give either --config FILE or workload=NAME, not both");
    }
    if (config != null) {
      return files.loadFile(config, overrides, strict, ranks);
    }
    if (names.isEmpty()) {
      throw new UsageException(
          "Which workload? Give workload=NAME (available: %s) or --config FILE"
              .formatted(String.join(", ", files.names())));
    }
    return files.loadNamed(names.get(names.size() - 1), overrides, strict, ranks);
  }

  /** What to take where the command line does not choose; null for no folder. */
  void chooseUnlessGiven(String name, @Nullable Path folder) {
    if (config == null && arguments.stream().noneMatch(argument -> argument.startsWith(WORKLOAD))) {
      arguments.add(WORKLOAD + name);
    }
    configDir = configDir == null ? folder : configDir;
    if (configDir != null && !Files.isDirectory(configDir)) {
      throw new UsageException("--config-dir: there is no folder " + configDir.toAbsolutePath());
    }
  }

  /** The launcher decides how many there are. */
  void requireAccelerators(int processes) {
    if (accelerators != 1 && accelerators != processes) {
      throw new UsageException(
          "--accelerators: %d is not allowed; the launcher started %d processes, one accelerator each"
              .formatted(accelerators, processes));
    }
    accelerators = processes;
  }

  /**
   * The key that DLIO's query program is asked for.
   *
   * @throws UsageException if none is given
   */
  String query() {
    return arguments.stream()
        .map(QUERY::matcher)
        .filter(Matcher::matches)
        .map(matcher -> matcher.group(1))
        .reduce((first, second) -> second)
        .orElseThrow(
            () ->
                new UsageException(
                    "Which key? Give ++workload.workflow.query=section.key, e.g. train.epochs"));
  }

  WorkloadFiles files() {
    return new WorkloadFiles(Optional.ofNullable(configDir));
  }

  boolean strict() {
    return strict;
  }

  /** The same selection, as somebody would type it. */
  String asTyped() {
    List<String> words = new ArrayList<>();
    if (config != null) {
      words.add("--config " + config);
    }
    if (configDir != null) {
      words.add("--config-dir " + configDir);
    }
    if (accelerators != 1) {
      words.add("--accelerators " + accelerators);
    }
    for (String given : arguments) {
      String argument = Secrets.maskedOverride(given);
      words.add(argument.matches("[\\w.,:/=+~@%-]*") ? argument : "'" + argument + "'");
    }
    return String.join(" ", words);
  }
}
