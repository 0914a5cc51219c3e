/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload.config;

import io.dlioflink.workload.config.ConfigValue.Kind;
import io.dlioflink.workload.config.ConfigValue.Scalar;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.nodes.NodeId;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.resolver.Resolver;

/** What unquoted text means: in a YAML 1.1 file and in a Hydra override. */
final class ScalarSyntax {

  private static final Pattern DECIMAL_INT = Pattern.compile("[-+]?[0-9][0-9_]*");
  private static final Pattern DECIMAL_FLOAT =
      Pattern.compile(
          "[-+]?(?:[0-9][0-9_]*\\.[0-9_]*|\\.[0-9][0-9_]*|[0-9][0-9_]*)(?:[eE][-+]?[0-9]+)?");
  private static final Pattern NOT_FINITE =
      Pattern.compile("[-+]?\\.?(?:inf|nan)", Pattern.CASE_INSENSITIVE);
  private static final Pattern PLAIN_TEXT = Pattern.compile("[A-Za-z_./][A-Za-z0-9_./@+:-]*(?<!:)");

  /** No number needs more; parsing endless ones takes endless time. */
  private static final int MAX_NUMBER_LENGTH = 100;

  private ScalarSyntax() {}

  /** A scalar of a file by the tag SnakeYAML resolved. */
  static Scalar yaml(Tag tag, String text, Origin origin) {
    if (tag.equals(Tag.NULL)) {
      return new Scalar(Kind.NULL, text, Optional.empty(), origin);
    }
    if (tag.equals(Tag.BOOL)) {
      return new Scalar(Kind.BOOL, text, Optional.empty(), origin);
    }
    if (text.length() > MAX_NUMBER_LENGTH) {
      return string(text, origin);
    }
    // Base 60 (12:30) counts as text: nobody means a number by it.
    if (tag.equals(Tag.INT) && text.indexOf(':') < 0) {
      return new Scalar(Kind.INT, text, Optional.of(new BigDecimal(yamlInt(text))), origin);
    }
    if (!tag.equals(Tag.STR) && NOT_FINITE.matcher(text).matches()) {
      return new Scalar(Kind.FLOAT, text, Optional.empty(), origin);
    }
    // SnakeYAML leaves some forms like 1e-3 to the loader's taste; DLIO's reads them as numbers.
    if (!tag.equals(Tag.TIMESTAMP) && DECIMAL_FLOAT.matcher(text).matches()) {
      return decimal(Kind.FLOAT, text, origin);
    }
    return string(text, origin);
  }

  /** An unquoted scalar of an override: only true and false are booleans. */
  static Scalar override(String text, Origin origin) {
    switch (text.toLowerCase(Locale.ROOT)) {
      case "null" -> {
        return new Scalar(Kind.NULL, text, Optional.empty(), origin);
      }
      case "true", "false" -> {
        return new Scalar(Kind.BOOL, text, Optional.empty(), origin);
      }
      default -> {
        // Falls to the numbers and strings below.
      }
    }
    if (text.length() > MAX_NUMBER_LENGTH) {
      return string(text, origin);
    }
    if (DECIMAL_INT.matcher(text).matches()) {
      return decimal(Kind.INT, text, origin);
    }
    if (DECIMAL_FLOAT.matcher(text).matches()) {
      return decimal(Kind.FLOAT, text, origin);
    }
    if (NOT_FINITE.matcher(text).matches() && !text.contains(".")) {
      return new Scalar(Kind.FLOAT, text, Optional.empty(), origin);
    }
    return string(text, origin);
  }

  /** Text. */
  static Scalar string(String text, Origin origin) {
    return new Scalar(Kind.STRING, text, Optional.empty(), origin);
  }

  /** The shortest spelling that a YAML file reads back as this text. */
  static String quoted(String text) {
    if (PLAIN_TEXT.matcher(text).matches()
        && new Resolver().resolve(NodeId.scalar, text, true).equals(Tag.STR)) {
      return text;
    }
    if (text.chars().noneMatch(c -> c < ' ' || c == 0x7f || c == 0x85 || c == 0xfeff)) {
      return "'" + text.replace("'", "''") + "'";
    }
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        quoted.append('\\').append(c);
      } else if (c < ' ' || c == 0x7f || c == 0x85 || c == 0xfeff) {
        quoted.append("\\u%04x".formatted((int) c));
      } else {
        quoted.append(c);
      }
    }
    return quoted.append('"').toString();
  }

  /** A number that a YAML file reads back unchanged. */
  static String number(double value) {
    return value == 0 ? "0" : BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
  }

  private static Scalar decimal(Kind kind, String text, Origin origin) {
    try {
      return new Scalar(kind, text, Optional.of(new BigDecimal(text.replace("_", ""))), origin);
    } catch (NumberFormatException exponentTooLarge) {
      return new Scalar(kind, text, Optional.empty(), origin);
    }
  }

  private static BigInteger yamlInt(String text) {
    String digits = text.replace("_", "");
    boolean negative = digits.startsWith("-");
    if (negative || digits.startsWith("+")) {
      digits = digits.substring(1);
    }
    BigInteger value;
    if (digits.startsWith("0b")) {
      value = new BigInteger(digits.substring(2), 2);
    } else if (digits.startsWith("0x")) {
      value = new BigInteger(digits.substring(2), 16);
    } else if (digits.length() > 1 && digits.startsWith("0") && digits.matches("[0-7]+")) {
      value = new BigInteger(digits, 8);
    } else {
      value = new BigInteger(digits);
    }
    return negative ? value.negate() : value;
  }
}
