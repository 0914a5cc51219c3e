/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload.config;

import io.dlioflink.workload.Shuffle;
import io.dlioflink.workload.YamlName;
import io.dlioflink.workload.config.ConfigValue.Kind;
import io.dlioflink.workload.config.ConfigValue.Scalar;
import io.dlioflink.workload.config.ConfigValue.Sequence;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The types that keys have, except those of mappings. */
final class ValueTypes {

  static final ValueType<Boolean> BOOL =
      new Simple<>("boolean", "true or false", ValueTypes::parseBool, String::valueOf);
  static final ValueType<String> TEXT =
      new Simple<>("text", "text", ValueTypes::parseText, ScalarSyntax::quoted);
  static final ValueType<Optional<String>> OPTIONAL_TEXT = optional(TEXT);

  /** A path: a trailing slash does not matter. */
  static final ValueType<String> FOLDER =
      new Simple<>("path", "a path or URI", ValueTypes::parseFolder, ScalarSyntax::quoted);

  static final ValueType<Optional<String>> OPTIONAL_FOLDER = optional(FOLDER);

  /** YAML 1.1 reads an unquoted off as false. */
  static final ValueType<Shuffle> SHUFFLE =
      new Simple<>(
          "enum",
          oneOf(Shuffle.values()),
          value ->
              value instanceof Scalar scalar && scalar.kind() == Kind.BOOL && !scalar.isTrue()
                  ? Optional.of(Shuffle.OFF)
                  : parseEnum(Shuffle.values(), value),
          shuffle -> ScalarSyntax.quoted(shuffle.yamlName()));

  /** Accepts anything; for keys that nothing reads. */
  static final ValueType<String> ANYTHING =
      new Simple<>(
          "any",
          "anything",
          value -> Optional.of(value instanceof Scalar s ? s.text() : value.describe()),
          ScalarSyntax::quoted);

  private ValueTypes() {}

  static ValueType<Integer> integer(int min) {
    return integer(min, Integer.MAX_VALUE);
  }

  static ValueType<Integer> integer(int min, int max) {
    String allowed = "an integer" + range(min, max, max == Integer.MAX_VALUE);
    return new Simple<>(
        "integer", allowed, v -> parseLong(v, min, max).map(Long::intValue), String::valueOf);
  }

  static ValueType<Long> longInteger(long min) {
    return longInteger(min, Long.MAX_VALUE);
  }

  static ValueType<Long> longInteger(long min, long max) {
    String allowed = "an integer" + range(min, max, max == Long.MAX_VALUE);
    return new Simple<>("integer", allowed, v -> parseLong(v, min, max), String::valueOf);
  }

  static ValueType<Double> number(double min, double max) {
    String allowed;
    if (Double.isInfinite(min)) {
      allowed = "a number";
    } else if (Double.isInfinite(max)) {
      allowed = "a number of %s or more".formatted(ScalarSyntax.number(min));
    } else {
      allowed =
          "a number from %s to %s".formatted(ScalarSyntax.number(min), ScalarSyntax.number(max));
    }
    return new Simple<>(
        "number",
        allowed,
        value ->
            numberOf(value)
                .map(BigDecimal::doubleValue)
                .filter(v -> v >= min && v <= max && !Double.isInfinite(v)),
        ScalarSyntax::number);
  }

  static <E extends Enum<E> & YamlName> ValueType<E> enumOf(Class<E> type) {
    E[] constants = type.getEnumConstants();
    return new Simple<>(
        "enum",
        oneOf(constants),
        value -> parseEnum(constants, value),
        constant -> ScalarSyntax.quoted(constant.yamlName()));
  }

  /** Text out of a few words. */
  static ValueType<String> word(String... words) {
    List<String> allowed = List.of(words);
    return new Simple<>(
        "enum",
        "one of " + String.join(", ", allowed),
        value -> parseText(value).filter(allowed::contains),
        ScalarSyntax::quoted);
  }

  /** Null means none. */
  static <T> ValueType<Optional<T>> optional(ValueType<T> type) {
    return new OptionalType<>(type);
  }

  /** A list; null means an empty one. */
  static <T> ValueType<List<T>> listOf(ValueType<T> type, String allowed) {
    return new ListType<>(type, allowed, false);
  }

  /** A list, or a single element for a list of one. */
  static <T> ValueType<List<T>> oneOrListOf(ValueType<T> type, String allowed) {
    return new ListType<>(type, allowed, true);
  }

  private static String range(long min, long max, boolean open) {
    if (min == Long.MIN_VALUE && open) {
      return "";
    }
    return open ? " of %d or more".formatted(min) : " from %d to %d".formatted(min, max);
  }

  private static String oneOf(YamlName[] constants) {
    return Arrays.stream(constants)
        .map(YamlName::yamlName)
        .collect(Collectors.joining(", ", "one of ", ""));
  }

  private static Optional<Boolean> parseBool(ConfigValue value) {
    return value instanceof Scalar scalar && scalar.kind() == Kind.BOOL
        ? Optional.of(scalar.isTrue())
        : Optional.empty();
  }

  private static Optional<String> parseText(ConfigValue value) {
    return value instanceof Scalar scalar && scalar.kind() != Kind.NULL
        ? Optional.of(scalar.text())
        : Optional.empty();
  }

  private static Optional<String> parseFolder(ConfigValue value) {
    return parseText(value)
        .filter(text -> !text.isEmpty() && text.indexOf('\0') < 0)
        .map(text -> text.length() > 1 && text.endsWith("/") ? parent(text) : text);
  }

  private static String parent(String text) {
    return text.endsWith("://") ? text : text.substring(0, text.length() - 1);
  }

  private static Optional<Long> parseLong(ConfigValue value, long min, long max) {
    return value instanceof Scalar scalar && scalar.kind() == Kind.INT
        ? scalar
            .number()
            .filter(
                n ->
                    n.compareTo(BigDecimal.valueOf(min)) >= 0
                        && n.compareTo(BigDecimal.valueOf(max)) <= 0)
            .map(BigDecimal::longValueExact)
        : Optional.empty();
  }

  static Optional<BigDecimal> numberOf(ConfigValue value) {
    return value instanceof Scalar scalar ? scalar.number() : Optional.empty();
  }

  private static <E extends YamlName> Optional<E> parseEnum(E[] constants, ConfigValue value) {
    return value instanceof Scalar scalar
        ? Arrays.stream(constants).filter(c -> c.yamlName().equals(scalar.text())).findFirst()
        : Optional.empty();
  }

  /** A type whose only complaint is "not allowed". */
  private record Simple<T>(
      String name,
      String allowed,
      Function<ConfigValue, Optional<T>> parser,
      Function<T, String> formatter)
      implements ValueType<T> {

    @Override
    public T parse(ConfigValue value) throws BadValueException {
      Optional<T> parsed = parser.apply(value);
      if (parsed.isEmpty()) {
        throw BadValueException.expected(value, allowed + NearMiss.hint(value, allowed));
      }
      return parsed.get();
    }

    @Override
    public String format(T value) {
      return formatter.apply(value);
    }
  }

  private record OptionalType<T>(ValueType<T> type) implements ValueType<Optional<T>> {

    @Override
    public String name() {
      return type.name();
    }

    @Override
    public String allowed() {
      return type.allowed() + " or null";
    }

    @Override
    public Optional<T> parse(ConfigValue value) throws BadValueException {
      return value instanceof Scalar scalar && scalar.kind() == Kind.NULL
          ? Optional.empty()
          : Optional.of(type.parse(value));
    }

    @Override
    public String format(Optional<T> value) {
      return value.map(type::format).orElse("null");
    }
  }

  private record ListType<T>(ValueType<T> type, String allowed, boolean singleAllowed)
      implements ValueType<List<T>> {

    @Override
    public String name() {
      return "list of " + type.name();
    }

    @Override
    public List<T> parse(ConfigValue value) throws BadValueException {
      if (value instanceof Scalar scalar && scalar.kind() == Kind.NULL) {
        return List.of();
      }
      if (value instanceof Sequence sequence) {
        List<T> items = new ArrayList<>();
        for (ConfigValue item : sequence.items()) {
          try {
            items.add(type.parse(item));
          } catch (BadValueException e) {
            throw BadValueException.expected(item, allowed);
          }
        }
        return List.copyOf(items);
      }
      if (singleAllowed && value instanceof Scalar) {
        return List.of(type.parse(value));
      }
      throw BadValueException.expected(value, allowed);
    }

    @Override
    public String format(List<T> value) {
      return value.stream().map(type::format).collect(Collectors.joining(", ", "[", "]"));
    }
  }
}
