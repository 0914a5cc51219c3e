/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload.config;

import io.dlioflink.workload.config.ConfigValue.Kind;
import io.dlioflink.workload.config.ConfigValue.Mapping;
import io.dlioflink.workload.config.ConfigValue.Scalar;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The types of keys whose value is a mapping, except time specifications. */
final class MappingTypes {

  /** Options of a storage back end: single values, kept as text. */
  static final ValueType<Map<String, String>> OPTIONS = new Options();

  /** {@code checkpoint.ksm}: present or not; its parameters are checked and not used. */
  static final ValueType<Boolean> KSM = new Ksm();

  private MappingTypes() {}

  private static final class Options implements ValueType<Map<String, String>> {

    @Override
    public String name() {
      return "mapping";
    }

    @Override
    public String allowed() {
      return "a mapping of option names to single values";
    }

    @Override
    public boolean hasEntries() {
      return true;
    }

    @Override
    public Map<String, String> parse(ConfigValue value) throws BadValueException {
      if (value instanceof Scalar scalar && scalar.kind() == Kind.NULL) {
        return Map.of();
      }
      if (!(value instanceof Mapping mapping)) {
        // The value may be a secret in the wrong place.
        throw new BadValueException(value, "expected " + allowed());
      }
      Map<String, String> options = new LinkedHashMap<>();
      for (Map.Entry<String, ConfigValue> entry : mapping.entries().entrySet()) {
        if (!(entry.getValue() instanceof Scalar option)) {
          throw new BadValueException(
              entry.getValue(),
              "option '%s' is %s; expected a single value"
                  .formatted(entry.getKey(), entry.getValue().describe()));
        }
        switch (option.kind()) {
          case NULL -> {
            // Not set.
          }
          case BOOL -> options.put(entry.getKey(), String.valueOf(option.isTrue()));
          case INT, FLOAT, STRING -> options.put(entry.getKey(), option.text());
        }
      }
      return Map.copyOf(options);
    }

    @Override
    public String format(Map<String, String> value) {
      return new TreeMap<>(value)
          .entrySet().stream()
              .map(e -> e.getKey() + ": " + Secrets.maskedOption(e.getKey(), e.getValue()))
              .collect(Collectors.joining(", ", "{", "}"));
    }
  }

  private static final class Ksm implements ValueType<Boolean> {

    private static final List<String> PARAMETERS =
        List.of("madv_mergeable_id", "high_ram_trigger", "low_ram_exit", "await_time");

    @Override
    public String name() {
      return "mapping";
    }

    @Override
    public String allowed() {
      return "a mapping with numbers for any of " + String.join(", ", PARAMETERS);
    }

    @Override
    public boolean hasEntries() {
      return true;
    }

    @Override
    public Boolean parse(ConfigValue value) throws BadValueException {
      if (value instanceof Scalar scalar && scalar.kind() == Kind.NULL) {
        return true;
      }
      if (!(value instanceof Mapping mapping)) {
        throw BadValueException.expected(value, allowed());
      }
      for (Map.Entry<String, ConfigValue> entry : mapping.entries().entrySet()) {
        if (!PARAMETERS.contains(entry.getKey())) {
          throw new BadValueException(
              entry.getValue(),
              "unknown parameter '%s'; expected %s".formatted(entry.getKey(), allowed()));
        }
        if (ValueTypes.numberOf(entry.getValue()).isEmpty()) {
          throw new BadValueException(
              entry.getValue(),
              "%s for '%s' is not allowed; expected a number"
                  .formatted(entry.getValue().describe(), entry.getKey()));
        }
      }
      return true;
    }

    @Override
    public String format(Boolean value) {
      return value ? "{}" : "null";
    }
  }
}
