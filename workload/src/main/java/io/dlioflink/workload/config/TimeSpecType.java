/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload.config;

import io.dlioflink.workload.TimeSpec;
import io.dlioflink.workload.config.ConfigValue.Kind;
import io.dlioflink.workload.config.ConfigValue.Mapping;
import io.dlioflink.workload.config.ConfigValue.Scalar;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Seconds, constant or drawn. DLIO takes anything it does not understand for "no wait" or fails at
 * the first step; here both are errors of the workload.
 */
final class TimeSpecType implements ValueType<TimeSpec> {

  static final TimeSpecType TIME_SPEC = new TimeSpecType();

  private static final List<String> TYPES =
      List.of("normal", "uniform", "gamma", "exponential", "poisson");
  private static final List<String> PARAMETERS =
      List.of("type", "mean", "stdev", "min", "max", "shape", "scale", "lam");

  /** Beyond it the sampler would need more than an int. */
  private static final double MAX_LAMBDA = 1e9;

  private TimeSpecType() {}

  @Override
  public String name() {
    return "seconds";
  }

  @Override
  public String allowed() {
    return "a number of seconds or a mapping such as {mean: 0.5, stdev: 0.1} or {type: uniform,"
        + " min: 0.1, max: 0.2}";
  }

  @Override
  public boolean hasEntries() {
    return true;
  }

  @Override
  public TimeSpec parse(ConfigValue value) throws BadValueException {
    Optional<Double> number =
        ValueTypes.numberOf(value).map(BigDecimal::doubleValue).filter(Double::isFinite);
    if (number.isPresent()) {
      return new TimeSpec.Constant(number.get());
    }
    if (value instanceof Scalar scalar && scalar.kind() == Kind.NULL) {
      return TimeSpec.none();
    }
    if (!(value instanceof Mapping mapping)) {
      throw BadValueException.expected(value, allowed() + " (DLIO would not wait at all)");
    }
    if (mapping.entries().isEmpty()) {
      return TimeSpec.none();
    }
    for (Map.Entry<String, ConfigValue> entry : mapping.entries().entrySet()) {
      if (!PARAMETERS.contains(entry.getKey())) {
        throw new BadValueException(
            entry.getValue(),
            "unknown parameter '%s'; expected any of %s"
                .formatted(entry.getKey(), String.join(", ", PARAMETERS)));
      }
    }
    return parse(new Parameters(mapping));
  }

  private static TimeSpec parse(Parameters parameters) throws BadValueException {
    Optional<String> type = parameters.type();
    if (type.isEmpty()) {
      double mean = parameters.any("mean");
      return parameters.has("stdev")
          ? new TimeSpec.Normal(mean, parameters.positive("stdev", Double.MAX_VALUE))
          : new TimeSpec.Constant(mean);
    }
    return switch (type.get()) {
      case "normal" ->
          new TimeSpec.Normal(
              parameters.any("mean"), parameters.positive("stdev", Double.MAX_VALUE));
      case "uniform" -> uniform(parameters);
      case "gamma" ->
          new TimeSpec.Gamma(
              parameters.positive("shape", Double.MAX_VALUE),
              parameters.positive("scale", Double.MAX_VALUE));
      case "exponential" ->
          new TimeSpec.Exponential(parameters.positive("scale", Double.MAX_VALUE));
      case "poisson" -> new TimeSpec.Poisson(parameters.positive("lam", MAX_LAMBDA));
      default ->
          throw new BadValueException(
              parameters.mapping.entries().get("type"),
              "type '%s' is not allowed; expected one of %s (DLIO would not wait at all)%s"
                  .formatted(
                      type.get(),
                      String.join(", ", TYPES),
                      NearMiss.of(type.get(), TYPES)
                          .map(meant -> "; did you mean '" + meant + "'?")
                          .orElse("")));
    };
  }

  private static TimeSpec uniform(Parameters parameters) throws BadValueException {
    double min = parameters.any("min");
    double max = parameters.any("max");
    if (min > max) {
      throw new BadValueException(
          parameters.mapping,
          "min %s is above max %s".formatted(ScalarSyntax.number(min), ScalarSyntax.number(max)));
    }
    return new TimeSpec.Uniform(min, max);
  }

  @Override
  public String format(TimeSpec value) {
    if (value instanceof TimeSpec.Constant constant) {
      return ScalarSyntax.number(constant.meanSeconds());
    }
    if (value instanceof TimeSpec.Normal normal) {
      return mapping("mean", normal.meanSeconds(), "stdev", normal.stdevSeconds());
    }
    if (value instanceof TimeSpec.Uniform uniform) {
      return typed("uniform", mapping("min", uniform.minSeconds(), "max", uniform.maxSeconds()));
    }
    if (value instanceof TimeSpec.Gamma gamma) {
      return typed("gamma", mapping("shape", gamma.shape(), "scale", gamma.scaleSeconds()));
    }
    if (value instanceof TimeSpec.Exponential exponential) {
      return "{type: exponential, scale: %s}"
          .formatted(ScalarSyntax.number(exponential.scaleSeconds()));
    }
    TimeSpec.Poisson poisson = (TimeSpec.Poisson) value;
    return "{type: poisson, lam: %s}".formatted(ScalarSyntax.number(poisson.lambda()));
  }

  private static String mapping(String name1, double value1, String name2, double value2) {
    return "{%s: %s, %s: %s}"
        .formatted(name1, ScalarSyntax.number(value1), name2, ScalarSyntax.number(value2));
  }

  private static String typed(String type, String mapping) {
    return "{type: " + type + ", " + mapping.substring(1);
  }

  /** The parameters of one mapping. */
  private record Parameters(Mapping mapping) {

    boolean has(String name) {
      return mapping.entries().containsKey(name);
    }

    Optional<String> type() throws BadValueException {
      ConfigValue type = mapping.entries().get("type");
      if (type == null || (type instanceof Scalar none && none.kind() == Kind.NULL)) {
        return Optional.empty();
      }
      if (type instanceof Scalar scalar) {
        return Optional.of(scalar.text());
      }
      throw BadValueException.expected(type, "one of " + String.join(", ", TYPES));
    }

    double any(String name) throws BadValueException {
      return number(name, -Double.MAX_VALUE, Double.MAX_VALUE, "a number");
    }

    double positive(String name, double max) throws BadValueException {
      String allowed =
          max == Double.MAX_VALUE
              ? "a number of 0 or more"
              : "a number from 0 to " + ScalarSyntax.number(max);
      return number(name, 0, max, allowed);
    }

    private double number(String name, double min, double max, String allowed)
        throws BadValueException {
      ConfigValue value = mapping.entries().get(name);
      if (value == null) {
        throw new BadValueException(
            mapping,
            type()
                    .map(type -> "type '" + type + "' needs the parameter")
                    .orElse("needs the parameter")
                + " '"
                + name
                + "', which is missing");
      }
      Optional<Double> number = ValueTypes.numberOf(value).map(BigDecimal::doubleValue);
      if (number.isEmpty() || number.get() < min || number.get() > max) {
        throw new BadValueException(
            value,
            "%s for '%s' is not allowed; expected %s".formatted(value.describe(), name, allowed));
      }
      return number.get();
    }
  }
}
