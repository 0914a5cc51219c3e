/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload.config;

import io.dlioflink.workload.config.ConfigValue.Mapping;
import io.dlioflink.workload.config.ConfigValue.Sequence;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/**
 * The value of an override in Hydra's grammar: {@code [a,b]}, {@code {a:1}}, quoted text, numbers,
 * true, false and null in any case; everything else is text.
 */
final class OverrideSyntax {

  private static final int MAX_DEPTH = 32;

  private final String text;
  private final Origin origin;
  private int position;
  private int depth;

  private OverrideSyntax(String text, Origin origin) {
    this.text = text;
    this.origin = origin;
  }

  /**
   * The value after the equals sign.
   *
   * @throws SyntaxException with a message for people
   */
  static ConfigValue parse(String text, Origin origin) throws SyntaxException {
    OverrideSyntax syntax = new OverrideSyntax(text, origin);
    ConfigValue value = syntax.value("");
    syntax.skipSpace();
    if (syntax.position < text.length()) {
      throw new SyntaxException(
          "there is text after the end of the value, at character " + (syntax.position + 1));
    }
    return value;
  }

  private ConfigValue value(String stops) throws SyntaxException {
    skipSpace();
    if (position == text.length()) {
      return ScalarSyntax.string("", origin);
    }
    return switch (text.charAt(position)) {
      case '[' -> list();
      case '{' -> mapping();
      case '\'', '"' -> ScalarSyntax.string(quoted(), origin);
      default -> ScalarSyntax.override(unquoted(stops), origin);
    };
  }

  private ConfigValue list() throws SyntaxException {
    enter();
    List<ConfigValue> items = new ArrayList<>();
    if (!accept(']')) {
      do {
        items.add(value(",]"));
      } while (accept(','));
      expect(']');
    }
    depth--;
    return new Sequence(items, origin);
  }

  private ConfigValue mapping() throws SyntaxException {
    enter();
    LinkedHashMap<String, ConfigValue> entries = new LinkedHashMap<>();
    if (!accept('}')) {
      do {
        skipSpace();
        boolean quoted = position < text.length() && "'\"".indexOf(text.charAt(position)) >= 0;
        String key = quoted ? quoted() : unquoted(":,}");
        expect(':');
        if (entries.put(key, value(",}")) != null) {
          throw new SyntaxException("'" + key + "' is set twice");
        }
      } while (accept(','));
      expect('}');
    }
    depth--;
    return new Mapping(entries, origin);
  }

  private void enter() throws SyntaxException {
    position++;
    if (++depth > MAX_DEPTH) {
      throw new SyntaxException("the nesting is too deep");
    }
  }

  private String quoted() throws SyntaxException {
    char quote = text.charAt(position++);
    StringBuilder content = new StringBuilder();
    while (position < text.length() && text.charAt(position) != quote) {
      boolean escaped =
          text.charAt(position) == '\\'
              && position + 1 < text.length()
              && (text.charAt(position + 1) == quote || text.charAt(position + 1) == '\\');
      position += escaped ? 1 : 0;
      content.append(text.charAt(position++));
    }
    if (position == text.length()) {
      throw new SyntaxException("the closing " + quote + " is missing");
    }
    position++;
    return content.toString();
  }

  private String unquoted(String stops) throws SyntaxException {
    int start = position;
    while (position < text.length() && stops.indexOf(text.charAt(position)) < 0) {
      if (stops.isEmpty() && text.charAt(position) == ',') {
        throw new SyntaxException(
            "a comma outside of brackets and quotes; write [a,b] for a list or quote the text");
      }
      position++;
    }
    String content = text.substring(start, position).strip();
    if (content.isEmpty() && !stops.isEmpty()) {
      throw new SyntaxException("a value is missing at character " + (start + 1));
    }
    return content;
  }

  private boolean accept(char expected) {
    skipSpace();
    if (position < text.length() && text.charAt(position) == expected) {
      position++;
      return true;
    }
    return false;
  }

  private void expect(char expected) throws SyntaxException {
    if (!accept(expected)) {
      throw new SyntaxException(
          "'%s' is missing at character %d".formatted(expected, position + 1));
    }
  }

  private void skipSpace() {
    while (position < text.length() && Character.isWhitespace(text.charAt(position))) {
      position++;
    }
  }

  /** An override that does not follow the grammar. */
  static final class SyntaxException extends Exception {
    private static final long serialVersionUID = 1L;

    SyntaxException(String message) {
      super(message);
    }
  }
}
