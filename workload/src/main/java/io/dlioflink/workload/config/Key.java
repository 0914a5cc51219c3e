/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload.config;

import io.dlioflink.workload.Workload;
import java.util.Optional;
import java.util.function.Function;

/**
 * One key of workload files: all there is to know about it.
 *
 * @param path as written, without {@code workload.}
 * @param type what values it takes
 * @param defaultValue the value if nobody sets it
 * @param getter the effective value; empty if no value of a workload corresponds to the key
 * @param doc one sentence
 * @param notice what to tell whoever sets it
 * @param <T> the value
 */
record Key<T>(
    String path,
    ValueType<T> type,
    T defaultValue,
    Optional<Function<Workload, T>> getter,
    String doc,
    Optional<String> notice) {

  static <T> Key<T> of(
      String path, ValueType<T> type, T defaultValue, Function<Workload, T> getter, String doc) {
    return new Key<>(path, type, defaultValue, Optional.of(getter), doc, Optional.empty());
  }

  /** A key that is folded into another one. */
  static <T> Key<T> folded(String path, ValueType<T> type, T defaultValue, String doc) {
    return new Key<>(path, type, defaultValue, Optional.empty(), doc, Optional.empty());
  }

  /** A key that workload files have and nothing reads. */
  static Key<String> unread(String path, String notice) {
    return new Key<>(
        path, ValueTypes.ANYTHING, "", Optional.empty(), "Not read.", Optional.of(notice));
  }

  Key<T> withNotice(String text) {
    return new Key<>(path, type, defaultValue, getter, doc, Optional.of(text));
  }

  KeyInfo info() {
    String shownDefault = getter.isPresent() ? type.format(defaultValue) : "null";
    String shownDoc = notice.map(text -> doc + " Notice: " + text + ".").orElse(doc);
    return new KeyInfo(
        path, type.name(), shownDefault, type.allowed(), shownDoc, KeyComparison.find(path));
  }
}
