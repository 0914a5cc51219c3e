/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job.cli;

import io.dlioflink.job.launch.UsageException;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/**
 * The options of Hydra 1.3 beside its overrides: those that mean something here, and those that are
 * refused with a reason.
 */
final class HydraOptions {
  private static final String PRIMARY = "config";

  @Option(
      names = {"--cfg", "-c"},
      paramLabel = "job",
      description = "Print the configuration and do nothing.")
  private String cfg;

  @Option(
      names = {"--config-name", "-cn"},
      paramLabel = "NAME",
      description = "Only '" + PRIMARY + "', as DLIO names it.")
  private String configName = PRIMARY;

  @Option(
      names = {"--config-path", "-cp"},
      paramLabel = "DIR",
      description = "As --config-dir.")
  private Path configPath;

  @Option(
      names = {"--run", "-r", "--resolve"},
      description = "Accepted; that is what happens anyway.")
  @SuppressWarnings("UnusedVariable")
  private boolean needless;

  @Option(
      names = {"--multirun", "-m"},
      hidden = true)
  private boolean multirun;

  @Option(
      names = {"--info", "-i"},
      arity = "0..1",
      hidden = true)
  private String info;

  @Option(
      names = {"--package", "-p"},
      hidden = true)
  private String configPackage;

  @Option(
      names = {"--shell-completion", "-sc"},
      hidden = true)
  private boolean shellCompletion;

  @Option(names = "--hydra-help", hidden = true)
  private boolean hydraHelp;

  @Option(names = "--experimental-rerun", hidden = true)
  private String rerun;

  /** Refuses what cannot be done. */
  void check() {
    refuse(multirun, "--multirun", "start one run per combination, e.g. in a loop of the shell");
    refuse(info != null, "--info", "--cfg job prints the configuration");
    refuse(configPackage != null, "--package", "--cfg job prints the whole configuration");
    refuse(shellCompletion, "--shell-completion", "leave it out");
    refuse(hydraHelp, "--hydra-help", "--help tells what there is");
    refuse(rerun != null, "--experimental-rerun", "give the overrides again");
    if (!configName.equals(PRIMARY) && !configName.equals(PRIMARY + ".yaml")) {
      throw new UsageException(
          "--config-name: '%s' is not allowed; expected '%s'. The workload is chosen by workload=NAME"
              .formatted(configName, PRIMARY));
    }
    if (cfg != null && !cfg.equals("job")) {
      throw new UsageException("--cfg: '" + cfg + "' is not allowed; expected job");
    }
  }

  private static void refuse(boolean given, String option, String wayOut) {
    if (given) {
      throw new UsageException(option + " of Hydra is not supported; " + wayOut);
    }
  }

  /** Whether the configuration is to be printed instead of run. */
  boolean printsConfiguration() {
    return cfg != null;
  }

  /** {@code --config-path}, null if not given. */
  Path configPath() {
    return configPath;
  }
}
