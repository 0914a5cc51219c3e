/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload.config;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What the file and the overrides say for each key, and the defaults behind it. */
final class Values {

  private final Map<String, ConfigValue> written = new HashMap<>();
  private final Map<String, Object> parsed = new HashMap<>();
  private final Set<String> failed = new HashSet<>();

  <T> void put(Key<T> key, ConfigValue value) throws BadValueException {
    written.put(key.path(), value);
    try {
      parsed.put(key.path(), key.type().parse(value));
    } catch (BadValueException e) {
      failed.add(key.path());
      throw e;
    }
  }

  void fail(Key<?> key, ConfigValue value) {
    written.put(key.path(), value);
    failed.add(key.path());
  }

  /** The value, or the default if there is none or a bad one. */
  @SuppressWarnings("unchecked") // put stores what the type of the same key parsed
  <T> T get(Key<T> key) {
    return (T) parsed.getOrDefault(key.path(), key.defaultValue());
  }

  /** Whether file or overrides set the key. */
  boolean isSet(Key<?> key) {
    return written.containsKey(key.path());
  }

  boolean failed(Key<?> key) {
    return failed.contains(key.path());
  }

  Optional<ConfigValue> written(Key<?> key) {
    return Optional.ofNullable(written.get(key.path()));
  }

  Origin origin(Key<?> key) {
    ConfigValue value = written.get(key.path());
    return value == null ? Origin.ofDefault() : value.origin();
  }
}
