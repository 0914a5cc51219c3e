/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example of docs/reader-plugin.md, compiled and run as it is told there. */
class ReaderPluginITCase {
  private static final Path EXAMPLE =
      Path.of(System.getProperty("basedir", "."), "../docs/examples/FirstBytesReader.java");

  @TempDir private Path folder;

  @Test
  void aReaderFromAJarTakesThePlaceOfTheFormats() throws Exception {
    CommandLineRun run =
        CommandLineRun.of(
            "run",
            "workload=quickstart",
            "--port=0",
            "--accelerators=2",
            "--jar=" + jar(),
            "--output=" + folder.resolve("out"),
            "++workload.dataset.data_folder=" + folder.resolve("data"),
            "++workload.reader.reader_classname=example.FirstBytesReader",
            "++workload.train.epochs=1",
            "++workload.train.computation_time=0.001");

    assertThat(run.exitCode()).as(run.err()).isZero();
    JsonNode pass =
        new ObjectMapper().readTree(folder.resolve("out/report.json").toFile()).at("/passes/0");
    assertThat(pass.path("samples").asLong()).isEqualTo(64);
    assertThat(pass.path("sample_bytes").asLong()).isEqualTo(64 * 4096);
    assertThat(pass.path("storage_bytes").asLong()).isEqualTo(64 * 4096);
    assertThat(pass.has("expected_sample_bytes")).isFalse();
  }

  private Path jar() throws IOException {
    Path classes = Files.createDirectory(folder.resolve("classes"));
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    int problems =
        compiler.run(
            null,
            null,
            null,
            "-cp",
            System.getProperty("java.class.path"),
            "-d",
            classes.toString(),
            EXAMPLE.toString());
    assertThat(problems).isZero();
    Path jar = folder.resolve("reader.jar");
    try (OutputStream file = Files.newOutputStream(jar);
        JarOutputStream entries = new JarOutputStream(file);
        Stream<Path> found = Files.walk(classes)) {
      List<Path> files = found.filter(Files::isRegularFile).toList();
      for (Path path : files) {
        entries.putNextEntry(new JarEntry(classes.relativize(path).toString()));
        Files.copy(path, entries);
      }
    }
    return jar;
  }
}
