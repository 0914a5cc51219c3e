/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.metrics;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/**
 * What this program was built from.
 *
 * @param version of the program
 * @param gitRevision commit, with {@code -dirty} if files had changed; {@code unknown} if it was
 *     built outside a clone
 * @param libraries versions by name, of the libraries figures may depend on
 */
public record BuildInfo(String version, String gitRevision, Map<String, String> libraries) {
  private static final String UNKNOWN = "unknown";
  private static final String LIBRARY = "library.";

  public BuildInfo {
    libraries = Collections.unmodifiableMap(new TreeMap<>(libraries));
  }

  /** Of the program that is running. */
  public static BuildInfo ofThisProgram() {
    Properties properties = new Properties();
    try (InputStream in = BuildInfo.class.getResourceAsStream("build.properties")) {
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return of(properties);
  }

  static BuildInfo of(Properties properties) {
    Map<String, String> libraries = new TreeMap<>();
    for (String name : properties.stringPropertyNames()) {
      if (name.startsWith(LIBRARY)) {
        libraries.put(name.substring(LIBRARY.length()), filtered(properties, name));
      }
    }
    return new BuildInfo(
        filtered(properties, "version"), filtered(properties, "git.revision"), libraries);
  }

  /** What Maven had no value for stands there as it was written. */
  private static String filtered(Properties properties, String name) {
    String value = properties.getProperty(name, "");
    return value.isBlank() || value.contains("${") ? UNKNOWN : value;
  }
}
