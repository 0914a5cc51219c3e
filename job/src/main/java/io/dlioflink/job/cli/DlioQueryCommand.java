/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job.cli;

import io.dlioflink.job.launch.ExitCode;
import io.dlioflink.workload.TimeSpec;
import io.dlioflink.workload.Workload;
import io.dlioflink.workload.config.LoadedWorkload;
import io.dlioflink.workload.config.Setting;
import java.io.PrintWriter;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * {@code dlio_benchmark_query}: prints the value of one key as Python would, {@code None} if there
 * is no such key. Source: DLIO {@code utils/config.py}, {@code GetConfig}.
 */
@Command(
    name = "dlio_benchmark_query",
    description =
        "Prints the value of the key that ++workload.workflow.query=section.key names, as DLIO"
            + " does.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
public final class DlioQueryCommand implements Callable<Integer> {
  private static final String NONE = "None";

  /** Of a time, DLIO answers with its mean, and with its deviation under a name of its own. */
  private static final Map<String, Function<Workload, TimeSpec>> TIMES =
      Map.of(
          "train.computation_time", w -> w.train().computationTime(),
          "evaluation.eval_time", w -> w.evaluation().evalTime(),
          "reader.preprocess_time", w -> w.reader().preprocessTime());

  private static final Map<String, String> OTHER_NAMES =
      Map.of("checkpoint.checkpoint_rank_sync", "checkpoint.rank_sync");

  @Spec private CommandSpec command;
  @Mixin private WorkloadOptions workload;
  @Mixin private HydraOptions hydra;

  private DlioQueryCommand() {}

  /** Runs the command; the exit code is one of {@link ExitCode}. */
  public static int execute(String... args) {
    return DlioFlink.commandLine(new DlioQueryCommand()).execute(args);
  }

  /** The command, for tests. */
  public static picocli.CommandLine commandLine() {
    return DlioFlink.commandLine(new DlioQueryCommand());
  }

  @Override
  public Integer call() throws Exception {
    hydra.check();
    workload.chooseUnlessGiven("default", hydra.configPath());
    String key = workload.query();
    LoadedWorkload loaded = workload.load(false);
    PrintWriter out = command.commandLine().getOut();
    out.println(answer(loaded, OTHER_NAMES.getOrDefault(key, key)));
    out.flush();
    return ExitCode.OK.code();
  }

  private static String answer(LoadedWorkload loaded, String key) {
    boolean deviation = key.endsWith("_stdev") && TIMES.containsKey(withoutStdev(key));
    Function<Workload, TimeSpec> time = TIMES.get(deviation ? withoutStdev(key) : key);
    if (time != null) {
      TimeSpec spec = time.apply(loaded.workload());
      return number(deviation ? stdevSeconds(spec) : spec.meanSeconds());
    }
    Optional<Setting> setting =
        loaded.settings().stream().filter(each -> each.key().equals(key)).findFirst();
    return setting.map(each -> python(each.value())).orElse(NONE);
  }

  private static String withoutStdev(String key) {
    return key.substring(0, key.length() - "_stdev".length());
  }

  private static double stdevSeconds(TimeSpec spec) {
    return spec instanceof TimeSpec.Normal normal ? normal.stdevSeconds() : 0;
  }

  private static String number(double seconds) {
    return seconds == Math.rint(seconds) ? String.valueOf((long) seconds) : String.valueOf(seconds);
  }

  /** What {@code str} makes of the value. */
  private static String python(String yaml) {
    return switch (yaml) {
      case "true" -> "True";
      case "false" -> "False";
      case "null" -> NONE;
      default -> {
        boolean quoted = yaml.length() > 1 && "'\"".indexOf(yaml.charAt(0)) >= 0;
        yield quoted ? yaml.substring(1, yaml.length() - 1) : yaml;
      }
    };
  }
}
