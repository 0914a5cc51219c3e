/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;

/**
 * Runs a script of {@code src/test/python}; visibly skipped for a user without Python and NumPy.
 */
final class PythonCheck {
  private PythonCheck() {}

  static void run(String script, String... args) throws IOException, InterruptedException {
    String python = Optional.ofNullable(System.getenv("DLIO_FLINK_PYTHON")).orElse("python3");
    Assumptions.assumeTrue(
        hasNumpy(python),
        "skipped: " + python + " with NumPy was not found; set DLIO_FLINK_PYTHON");
    List<String> command = new ArrayList<>(List.of(python));
    command.add(Path.of("src/test/python", script).toString());
    command.addAll(Arrays.asList(args));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
  }

  private static boolean hasNumpy(String python) throws InterruptedException {
    try {
      return new ProcessBuilder(python, "-c", "import numpy")
              .redirectErrorStream(true)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false;
    }
  }
}
