/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload.config;

import io.dlioflink.workload.config.ConfigValue.Mapping;
import io.dlioflink.workload.config.ConfigValue.Scalar;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Applies overrides to what the file says, one after the other. */
final class Overrides {

  private static final Pattern PATH = Pattern.compile("[A-Za-z0-9_-]+(?:\\.[A-Za-z0-9_-]+)*");
  private static final String RUN_DIR = "hydra.run.dir";
  private static final String OUTPUT_SUBDIR = "hydra.output_subdir";
  private static final String FORMS =
      "expected ++workload.section.key=value, +workload.section.key=value, section.key=value or"
          + " ~workload.section.key";

  private final Mapping root;
  private final List<Problem> problems;
  private final List<String> applied = new ArrayList<>();
  private Optional<String> outputFolder = Optional.empty();
  private Optional<String> hydraSubdir = Optional.of(LoadedWorkload.HYDRA_SUBDIR);

  Overrides(Mapping root, List<Problem> problems) {
    this.root = root;
    this.problems = problems;
  }

  /** Those that concern the workload, as given; secrets masked. */
  List<String> applied() {
    return applied;
  }

  /** {@code hydra.run.dir}. */
  Optional<String> outputFolder() {
    return outputFolder;
  }

  /** {@code hydra.output_subdir}. */
  Optional<String> hydraSubdir() {
    return hydraSubdir;
  }

  void apply(String override) {
    Origin origin = new Origin.CommandLine(Secrets.maskedOverride(override));
    Form form = Form.of(override);
    String rest = override.substring(form.sign.length());
    int equals = rest.indexOf('=');
    String path = equals < 0 ? rest : rest.substring(0, equals);
    if (path.startsWith("hydra/")) {
      ignored(path, origin);
      return;
    }
    if (!PATH.matcher(path).matches() || (equals < 0) != (form == Form.DELETE)) {
      String detail = form == Form.DELETE && equals >= 0 ? "a value after '~'" : "not an override";
      error(origin, "", detail + "; " + FORMS);
      return;
    }
    if (path.equals("workload")) {
      error(origin, "", "selects a workload file and is not an override; " + FORMS);
      return;
    }
    if (path.equals("hydra") || path.startsWith("hydra.")) {
      if (form == Form.DELETE) {
        ignored(path, origin);
      } else {
        hydra(path, rest.substring(equals + 1), origin);
      }
      return;
    }
    applied.add(Secrets.maskedOverride(override));
    String key = normalized(path);
    if (form == Form.DELETE) {
      delete(key, origin);
      return;
    }
    if (form == Form.CHANGE && !WorkloadKeys.isKnown(key)) {
      error(origin, key, "unknown key" + WorkloadKeys.hint(key));
      return;
    }
    try {
      set(key, OverrideSyntax.parse(rest.substring(equals + 1), origin), form);
    } catch (OverrideSyntax.SyntaxException e) {
      error(origin, key, e.getMessage());
    }
  }

  private static String normalized(String path) {
    String key = path.startsWith("workload.") ? path.substring("workload.".length()) : path;
    String alias = "data_reader";
    return key.equals(alias) || key.startsWith(alias + ".")
        ? "reader" + key.substring(alias.length())
        : key;
  }

  private void hydra(String path, String text, Origin origin) {
    if (!path.equals(RUN_DIR) && !path.equals(OUTPUT_SUBDIR)) {
      ignored(path, origin);
      return;
    }
    try {
      ConfigValue value = OverrideSyntax.parse(text, origin);
      if (value.interpolated()) {
        error(origin, path, "interpolation with ${...} is not supported; write the value");
      } else if (path.equals(RUN_DIR)) {
        outputFolder = Optional.of(ValueTypes.FOLDER.parse(value));
      } else {
        hydraSubdir = ValueTypes.OPTIONAL_FOLDER.parse(value);
      }
    } catch (OverrideSyntax.SyntaxException | BadValueException e) {
      error(origin, path, e.getMessage());
    }
  }

  private void ignored(String path, Origin origin) {
    problems.add(
        Problem.notice(
            origin.toString(),
            path,
            "ignored; of Hydra's own settings only %s and %s have a meaning here"
                .formatted(RUN_DIR, OUTPUT_SUBDIR)));
  }

  private void set(String key, ConfigValue value, Form form) {
    String[] names = key.split("\\.");
    Mapping section = root;
    for (int i = 0; i < names.length - 1; i++) {
      section = sectionOf(section, names[i], value.origin());
    }
    String name = names[names.length - 1];
    ConfigValue present = section.entries().get(name);
    if (present != null && form == Form.ADD) {
      error(
          value.origin(),
          key,
          "set already (%s); use '++' to override it".formatted(present.origin()));
      return;
    }
    put(section, name, value);
  }

  /** Mappings are merged, as in Hydra; anything else replaces what was there. */
  private static void put(Mapping section, String name, ConfigValue value) {
    if (value instanceof Mapping added && section.entries().get(name) instanceof Mapping present) {
      added.entries().forEach((key, each) -> put(present, key, each));
    } else {
      section.entries().put(name, value);
    }
  }

  private static Mapping sectionOf(Mapping parent, String name, Origin origin) {
    if (parent.entries().get(name) instanceof Mapping mapping) {
      return mapping;
    }
    Mapping created = Mapping.empty(origin);
    parent.entries().put(name, created);
    return created;
  }

  private void delete(String key, Origin origin) {
    if (!WorkloadKeys.isKnown(key)) {
      error(origin, key, "unknown key" + WorkloadKeys.hint(key));
      return;
    }
    String[] names = key.split("\\.");
    ConfigValue section = root;
    for (int i = 0; i < names.length - 1 && section instanceof Mapping mapping; i++) {
      section = mapping.entries().getOrDefault(names[i], nothing(origin));
    }
    if (section instanceof Mapping mapping) {
      mapping.entries().remove(names[names.length - 1]);
    }
  }

  private static Scalar nothing(Origin origin) {
    return ScalarSyntax.override("null", origin);
  }

  private void error(Origin origin, String key, String message) {
    problems.add(Problem.error(origin.toString(), key, message));
  }

  private enum Form {
    ADD_OR_CHANGE("++"),
    ADD("+"),
    DELETE("~"),
    CHANGE("");

    private final String sign;

    Form(String sign) {
      this.sign = sign;
    }

    static Form of(String override) {
      for (Form form : values()) {
        if (override.startsWith(form.sign)) {
          return form;
        }
      }
      return CHANGE;
    }
  }
}
