/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload.config;

/**
 * What values a key takes.
 *
 * @param <T> the value in the workload records; immutable
 */
interface ValueType<T> {

  /** Short, for tables. */
  String name();

  /** Follows "expected" in messages. */
  String allowed();

  /** The value, checked. */
  T parse(ConfigValue value) throws BadValueException;

  /** In YAML's spelling, such that parsing gives an equal value. */
  String format(T value);

  /** Whether the value is a mapping whose entries overrides may address. */
  default boolean hasEntries() {
    return false;
  }
}
