/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.s3;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The environment, with what a file {@code .env} in the working folder adds to it: its {@code
 * AWS_*} variables, where the environment has none of that name.
 */
final class DotEnv {
  private static final Pattern LINE =
      Pattern.compile("\\s*(?:export\\s+)?(AWS_[A-Z0-9_]+)\\s*=\\s*(.*?)\\s*");

  private DotEnv() {}

  /** The environment of this process and the file in this folder. */
  static Map<String, String> environment(Path folder, Map<String, String> real) {
    Map<String, String> all = new HashMap<>();
    Path file = folder.resolve(".env");
    if (Files.isRegularFile(file)) {
      try {
        Files.readAllLines(file).forEach(line -> add(line, all));
      } catch (IOException e) {
        throw new UncheckedIOException("Cannot read " + file, e);
      }
    }
    all.putAll(real);
    return all;
  }

  private static void add(String line, Map<String, String> all) {
    Matcher matcher = LINE.matcher(line);
    if (matcher.matches()) {
      all.put(matcher.group(1), unquoted(matcher.group(2)));
    }
  }

  private static String unquoted(String value) {
    if (value.length() > 1
        && (value.startsWith("\"") || value.startsWith("'"))
        && value.indexOf(value.charAt(0), 1) > 0) {
      return value.substring(1, value.indexOf(value.charAt(0), 1));
    }
    int comment = value.indexOf(" #");
    return comment < 0 ? value : value.substring(0, comment).stripTrailing();
  }
}
