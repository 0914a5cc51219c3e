/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A script in {@code src/test/python}, for checks by a stranger. {@code DLIO_FLINK_PYTHON} names
 * the interpreter, by default {@code python3}.
 */
public final class PythonScript {
  private static final String PYTHON =
      Optional.ofNullable(System.getenv("DLIO_FLINK_PYTHON")).orElse("python3");
  private static final Path FOLDER = Path.of(System.getProperty("basedir", "."), "src/test/python");

  private final Path script;

  /** A script of this name. */
  public PythonScript(String name) {
    this.script = FOLDER.resolve(name);
  }

  /** Skips the test where the interpreter lacks a module; in continuous integration it fails. */
  public void assumeModule(String module) throws InterruptedException {
    boolean found = hasModule(module);
    String message = "no %s in %s (DLIO_FLINK_PYTHON names another)".formatted(module, PYTHON);
    if ("true".equals(System.getenv("CI"))) {
      assertThat(found).as(message).isTrue();
    }
    assumeTrue(found, message);
  }

  private static boolean hasModule(String module) throws InterruptedException {
    String find = "import importlib.util as u, sys; sys.exit(u.find_spec('%s') is None)";
    try {
      return start("-c", find.formatted(module)).waitFor() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  /** Runs it to a good end; returns what it prints. */
  public String run(String... arguments) throws IOException, InterruptedException {
    Process process =
        start(
            Stream.concat(Stream.of(script.toString()), Stream.of(arguments))
                .toArray(String[]::new));
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as("%s", output).isZero();
    return output;
  }

  private static Process start(String... arguments) throws IOException {
    List<String> command = Stream.concat(Stream.of(PYTHON), Stream.of(arguments)).toList();
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }
}
