/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload.config;

import io.dlioflink.workload.DatasetConfig;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The files Hydra leaves of a run of DLIO, as its postprocessor and MLPerf Storage's report
 * generator read them. Secrets are left out.
 */
public final class HydraFiles {
  private static final String PREFIX = "++workload.";

  /** DLIO's postprocessor takes what follows the equals sign as it stands, quotes and all. */
  private static final Pattern UNQUOTED =
      Pattern.compile("(\\+\\+workload\\.)?[A-Za-z0-9_.]+=[A-Za-z0-9_./+-]*");

  private HydraFiles() {}

  /**
   * The texts of {@code config.yaml}, {@code overrides.yaml} and {@code hydra.yaml}, by file name.
   *
   * @param runFolder where the results go
   * @param subfolder of it that these files go to
   */
  public static Map<String, String> of(LoadedWorkload loaded, String runFolder, String subfolder) {
    String folder = Secrets.maskUri(runFolder);
    Map<String, String> files = new LinkedHashMap<>();
    files.put("config.yaml", config(loaded, folder));
    files.put("overrides.yaml", overrides(loaded));
    files.put("hydra.yaml", hydra(folder, subfolder));
    return files;
  }

  /**
   * DLIO's postprocessor looks for the record length under its former name, and for the results in
   * the output folder that is named here.
   */
  private static String config(LoadedWorkload loaded, String runFolder) {
    DatasetConfig dataset = loaded.workload().dataset();
    double length = dataset.nominalSampleBytes();
    String text =
        length == Math.rint(length) ? String.valueOf(Math.round(length)) : String.valueOf(length);
    return MinimalYaml.complete(
        loaded.workload(),
        Map.of("dataset.record_length", text, "output.folder", ScalarSyntax.quoted(runFolder)));
  }

  /**
   * MLPerf Storage's checker takes each item for {@code key=value} and those with DLIO's prefix for
   * overrides. What cannot be said so stands in a comment.
   */
  private static String overrides(LoadedWorkload loaded) {
    StringBuilder text = new StringBuilder();
    item(text, "workload=" + loaded.name());
    for (String override : loaded.overrides()) {
      String normal = normal(override);
      if (normal.startsWith("~") || normal.indexOf('=') != normal.lastIndexOf('=')) {
        text.append("# ").append(override.replaceAll("\\R", " ")).append('\n');
      } else {
        item(text, normal);
      }
    }
    return text.toString();
  }

  private static void item(StringBuilder text, String value) {
    boolean plain = UNQUOTED.matcher(value).matches();
    text.append("- ").append(plain ? value : ScalarSyntax.quoted(value)).append('\n');
  }

  private static String normal(String override) {
    if (override.startsWith("~")) {
      return override;
    }
    String bare = override.replaceFirst("^\\+{1,2}", "");
    return PREFIX + (bare.startsWith("workload.") ? bare.substring("workload.".length()) : bare);
  }

  private static String hydra(String runFolder, String subfolder) {
    List<String> lines =
        List.of(
            "hydra:",
            "  run:",
            "    dir: " + ScalarSyntax.quoted(runFolder),
            "  output_subdir: " + ScalarSyntax.quoted(subfolder),
            "  job:",
            "    name: dlio_benchmark",
            "  runtime:",
            "    output_dir: " + ScalarSyntax.quoted(runFolder));
    return String.join("\n", lines) + "\n";
  }
}
