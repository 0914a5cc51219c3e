/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload.config;

import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/** A value as written, before its key gives it a type. */
sealed interface ConfigValue {

  Origin origin();

  /** For messages, e.g. {@code '12'} or {@code a list}. */
  String describe();

  /** Whether a {@code ${...}} is somewhere inside. */
  boolean interpolated();

  /** What a scalar looks like without knowing its key. */
  enum Kind {
    NULL,
    BOOL,
    INT,
    FLOAT,
    STRING
  }

  /**
   * A single value.
   *
   * @param number of INT and FLOAT; empty for infinities and NaN
   */
  record Scalar(Kind kind, String text, Optional<BigDecimal> number, Origin origin)
      implements ConfigValue {

    @Override
    public String describe() {
      return kind == Kind.NULL ? "nothing" : "'" + text + "'";
    }

    @Override
    public boolean interpolated() {
      return text.contains("${");
    }

    /** Only meaningful for BOOL. */
    boolean isTrue() {
      return switch (text.charAt(0)) {
        case 't', 'T', 'y', 'Y' -> true;
        default -> text.equalsIgnoreCase("on");
      };
    }
  }

  /** A list. */
  record Sequence(List<ConfigValue> items, Origin origin) implements ConfigValue {
    public Sequence {
      items = List.copyOf(items);
    }

    @Override
    public String describe() {
      return "a list";
    }

    @Override
    public boolean interpolated() {
      return items.stream().anyMatch(ConfigValue::interpolated);
    }
  }

  /** A mapping in file order; overrides change it. */
  record Mapping(LinkedHashMap<String, ConfigValue> entries, Origin origin) implements ConfigValue {

    static Mapping empty(Origin origin) {
      return new Mapping(new LinkedHashMap<>(), origin);
    }

    @Override
    public String describe() {
      return "a mapping";
    }

    @Override
    public boolean interpolated() {
      return entries.values().stream().anyMatch(ConfigValue::interpolated);
    }
  }
}
