/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload.config;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The one table of the keys of workload files. Parsing, messages, the list of effective values and
 * the documentation all derive from it.
 *
 * <p>Source of keys and defaults: DLIO {@code utils/config.py}.
 */
public final class WorkloadKeys {

  static final List<Key<?>> TABLE =
      Stream.of(
              GeneralKeys.ALL,
              ModelKeys.ALL,
              DatasetKeys.ALL,
              ReaderKeys.ALL,
              TrainingKeys.ALL,
              CheckpointKeys.ALL,
              FrameworkKeys.ALL)
          .<Key<?>>flatMap(Collection::stream)
          .toList();

  private static final Map<String, Key<?>> BY_PATH =
      TABLE.stream()
          .collect(
              Collectors.toMap(
                  Key::path,
                  key -> key,
                  (a, b) -> {
                    throw new IllegalStateException("Key defined twice: " + a.path());
                  },
                  LinkedHashMap::new));

  private static final Set<String> SECTIONS =
      BY_PATH.keySet().stream()
          .flatMap(WorkloadKeys::sectionsOf)
          .collect(Collectors.toCollection(TreeSet::new));

  private WorkloadKeys() {}

  /** Every key, in the order of the documentation. */
  public static List<KeyInfo> all() {
    return TABLE.stream().map(Key::info).toList();
  }

  static Optional<Key<?>> find(String path) {
    return Optional.ofNullable(BY_PATH.get(path));
  }

  static boolean isSection(String path) {
    return SECTIONS.contains(path);
  }

  /** Whether the path is a key, a section, or an entry of a key that takes a mapping. */
  static boolean isKnown(String path) {
    if (isSection(path) || BY_PATH.containsKey(path)) {
      return true;
    }
    return sectionsOf(path)
        .anyMatch(above -> find(above).filter(key -> key.type().hasEntries()).isPresent());
  }

  /** {@code ; did you mean 'x'?} for an unknown key, or nothing. */
  static String hint(String unknown) {
    return closest(unknown).map(path -> "; did you mean '" + path + "'?").orElse("");
  }

  private static Optional<String> closest(String unknown) {
    String name = unknown.substring(unknown.lastIndexOf('.') + 1);
    List<String> sameName =
        BY_PATH.keySet().stream()
            .filter(path -> path.equals(name) || path.endsWith("." + name))
            .filter(path -> !FrameworkKeys.isInBlock(path))
            .toList();
    if (sameName.size() == 1) {
      return Optional.of(sameName.get(0));
    }
    String section = unknown.substring(0, unknown.length() - name.length());
    List<String> siblings =
        Stream.concat(BY_PATH.keySet().stream(), SECTIONS.stream())
            .filter(path -> path.startsWith(section))
            .filter(path -> path.indexOf('.', section.length()) < 0)
            .map(path -> path.substring(section.length()))
            .toList();
    return NearMiss.of(name, siblings)
        .map(sibling -> section + sibling)
        .or(() -> NearMiss.of(unknown, BY_PATH.keySet()));
  }

  private static Stream<String> sectionsOf(String path) {
    return Stream.iterate(
            path.lastIndexOf('.'), dot -> dot > 0, dot -> path.lastIndexOf('.', dot - 1))
        .map(dot -> path.substring(0, dot));
  }
}
