/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload.config;

/** A value that its key does not allow; carries where and why, the binder adds the key. */
final class BadValueException extends Exception {

  private static final long serialVersionUID = 1L;

  private final String where;

  BadValueException(ConfigValue value, String message) {
    super(message);
    where = value.origin().toString();
  }

  static BadValueException expected(ConfigValue value, String allowed) {
    boolean missing =
        value instanceof ConfigValue.Scalar scalar && scalar.kind() == ConfigValue.Kind.NULL;
    return new BadValueException(
        value,
        missing
            ? "has no value; expected " + allowed
            : value.describe() + " is not allowed; expected " + allowed);
  }

  String where() {
    return where;
  }
}
