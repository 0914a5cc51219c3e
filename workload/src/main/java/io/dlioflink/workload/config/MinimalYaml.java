/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload.config;

import io.dlioflink.workload.Workload;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** Writes what differs from the defaults. */
final class MinimalYaml {

  private static final String INDENT = "  ";

  private final StringBuilder text = new StringBuilder();

  private MinimalYaml() {}

  static String of(Workload workload) {
    Map<String, Object> root = new LinkedHashMap<>();
    for (Key<?> key : WorkloadKeys.TABLE) {
      add(key, workload, root);
    }
    MinimalYaml yaml = new MinimalYaml();
    yaml.append(root, "");
    return yaml.text.isEmpty() ? "{}\n" : yaml.text.toString();
  }

  private static <T> void add(Key<T> key, Workload workload, Map<String, Object> root) {
    if (key.getter().isEmpty()) {
      return;
    }
    T value = key.getter().get().apply(workload);
    if (value.equals(key.defaultValue())) {
      return;
    }
    if (key.equals(GeneralKeys.STORAGE_OPTIONS)) {
      put(root, key.path(), new Options(new TreeMap<>(workload.storage().options())));
    } else {
      put(root, key.path(), key.type().format(value));
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
          if (Secrets.isSecret(name) || !Secrets.maskUserInfo(value).equals(value)) {
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
