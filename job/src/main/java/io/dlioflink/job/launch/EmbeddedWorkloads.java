/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job.launch;

import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/** The workloads of {@code configs/workload}, which the build puts on the class path. */
final class EmbeddedWorkloads {
  private static final String FOLDER = "workload/";
  private static final String SUFFIX = ".yaml";

  private EmbeddedWorkloads() {}

  /** The text of a workload file; empty if there is none of this name. */
  static Optional<byte[]> find(String name) throws IOException {
    // A name is no path: nothing outside the folder can be named.
    if (!name.matches("\\w[\\w-]*")) {
      return Optional.empty();
    }
    URL file = EmbeddedWorkloads.class.getResource("/" + FOLDER + name + SUFFIX);
    if (file == null) {
      return Optional.empty();
    }
    try (InputStream in = file.openStream()) {
      return Optional.of(in.readAllBytes());
    }
  }

  /** All names. */
  static SortedSet<String> names() throws IOException {
    SortedSet<String> names = new TreeSet<>();
    URL folder = EmbeddedWorkloads.class.getResource("/" + FOLDER + "quickstart" + SUFFIX);
    if (folder == null) {
      throw new IOException("This build lacks the embedded workloads");
    }
    URLConnection connection = folder.openConnection();
    if (connection instanceof JarURLConnection jar) {
      jar.setUseCaches(false);
      try (JarFile file = jar.getJarFile()) {
        file.stream()
            .map(entry -> entry.getName())
            .filter(entry -> entry.startsWith(FOLDER))
            .forEach(entry -> add(entry.substring(FOLDER.length()), names));
      }
    } else {
      try (Stream<Path> files = Files.list(Path.of(uri(folder)).resolveSibling(""))) {
        files.forEach(file -> add(file.getFileName().toString(), names));
      }
    }
    return names;
  }

  private static void add(String fileName, SortedSet<String> names) {
    if (fileName.endsWith(SUFFIX)) {
      names.add(fileName.substring(0, fileName.length() - SUFFIX.length()));
    }
  }

  private static URI uri(URL url) throws IOException {
    try {
      return url.toURI();
    } catch (URISyntaxException e) {
      throw new IOException("Not a place in a file system: " + url, e);
    }
  }
}
