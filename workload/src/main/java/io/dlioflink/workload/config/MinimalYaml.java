/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload.config;

import io.dlioflink.workload.Workload;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Writes workloads as YAML: what differs from the defaults, or everything. */
final class MinimalYaml {

  private static final String INDENT = "  ";

  /** Keys that mean something by being there, even with their default. */
  private static final List<String> SAID_BY_PRESENCE =
      List.of(GeneralKeys.STORAGE_OPTIONS.path(), "checkpoint.ksm", "reader.data_loader");

  private final StringBuilder text = new StringBuilder();

  private MinimalYaml() {}

  static String of(Workload workload) {
    return text(tree(workload, false));
  }

  /**
   * Every key, defaults included, below the key {@code workload}; passwords of URIs masked.
   *
   * @param additions values by their paths that no key of ours has
   */
  static String complete(Workload workload, Map<String, String> additions) {
    Map<String, Object> sections = tree(workload, true);
    additions.forEach((path, value) -> put(sections, path, value));
    return text(Map.of("workload", sections));
  }

  private static Map<String, Object> tree(Workload workload, boolean defaults) {
    Map<String, Object> root = new LinkedHashMap<>();
    for (Key<?> key : WorkloadKeys.TABLE) {
      add(key, workload, defaults, root);
    }
    return root;
  }

  private static String text(Map<String, Object> root) {
    MinimalYaml yaml = new MinimalYaml();
    yaml.append(root, "");
    return yaml.text.isEmpty() ? "{}\n" : yaml.text.toString();
  }

  private static <T> void add(
      Key<T> key, Workload workload, boolean defaults, Map<String, Object> root) {
    if (key.getter().isEmpty()) {
      return;
    }
    T value = key.getter().get().apply(workload);
    boolean written = defaults && SAID_BY_PRESENCE.stream().noneMatch(key.path()::startsWith);
    if (!written && value.equals(key.defaultValue())) {
      return;
    }
    if (key.equals(GeneralKeys.STORAGE_OPTIONS)) {
      put(root, key.path(), new Options(new TreeMap<>(workload.storage().options())));
    } else {
      String formatted = key.type().format(value);
      put(root, key.path(), Secrets.maskUri(formatted));
    }
  }

  @SuppressWarnings("unchecked") // sections are made here only
  private static void put(Map<String, Object> root, String path, Object value) {
    Map<String, Object> section = root;
    String[] names = path.split("\\.");
    for (int i = 0; i < names.length - 1; i++) {
      section =
          (Map<String, Object>) section.computeIfAbsent(names[i], name -> new LinkedHashMap<>());
    }
    section.put(names[names.length - 1], value);
  }

  private void append(Map<?, ?> section, String indent) {
    section.forEach(
        (name, value) -> {
          if (value instanceof Options options) {
            appendOptions(options, indent + name + ":", indent + INDENT);
          } else if (value instanceof Map<?, ?> subsection) {
            text.append(indent).append(name).append(":\n");
            append(subsection, indent + INDENT);
          } else {
            text.append(indent).append(name).append(": ").append(value).append('\n');
          }
        });
  }

  private void appendOptions(Options options, String title, String indent) {
    text.append(title).append('\n');
    options.values.forEach(
        (name, value) -> {
          if (Secrets.isSecret(name) || !Secrets.maskUri(value).equals(value)) {
            text.append(indent).append("# ").append(name).append(": left out, a secret\n");
          } else {
            text.append(indent).append(ScalarSyntax.quoted(name)).append(": ");
            text.append(ScalarSyntax.quoted(value)).append('\n');
          }
        });
  }

  /** Storage options, sorted. */
  private record Options(Map<String, String> values) {}
}
