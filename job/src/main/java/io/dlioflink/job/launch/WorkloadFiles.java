/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job.launch;

import io.dlioflink.workload.config.LoadedWorkload;
import io.dlioflink.workload.config.WorkloadLoader;
import io.dlioflink.workload.config.WorkloadRequest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Finds workload files: a named file, {@code DIR/workload/NAME.yaml} of a configuration folder, or
 * one of the embedded ones.
 *
 * @param configDir configuration folder, if given
 */
public record WorkloadFiles(Optional<Path> configDir) {
  private static final String SUFFIX = ".yaml";

  /**
   * Loads a workload file.
   *
   * @throws io.dlioflink.workload.config.WorkloadException if it cannot run
   * @throws UsageException if there is no such file
   */
  public LoadedWorkload loadFile(
      Path file, List<String> overrides, boolean strict, OptionalInt accelerators)
      throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new UsageException("There is no workload file " + file);
    }
    String fileName = file.getFileName().toString();
    String name =
        fileName.endsWith(SUFFIX)
            ? fileName.substring(0, fileName.length() - SUFFIX.length())
            : fileName;
    return load(name, file.toString(), readLimited(file), overrides, strict, accelerators);
  }

  /** Loads a workload by name. */
  public LoadedWorkload loadNamed(
      String name, List<String> overrides, boolean strict, OptionalInt accelerators)
      throws IOException {
    if (configDir.isPresent()) {
      Path file = configDir.get().resolve("workload").resolve(name + SUFFIX);
      if (Files.isRegularFile(file)) {
        return loadFile(file, overrides, strict, accelerators);
      }
    }
    Optional<LoadedWorkload> embedded = loadEmbedded(name, overrides, strict, accelerators);
    if (embedded.isEmpty()) {
      throw new UsageException(
          "There is no workload '%s' (available: %s); use --config FILE or --config-dir DIR for others"
              .formatted(name, String.join(", ", names())));
    }
    return embedded.get();
  }

  /** Loads one of {@code configs/workload}; empty if there is none of this name. */
  public static Optional<LoadedWorkload> loadEmbedded(
      String name, List<String> overrides, boolean strict, OptionalInt accelerators)
      throws IOException {
    return EmbeddedWorkloads.find(name)
        .map(bytes -> load(name, name + SUFFIX, bytes, overrides, strict, accelerators));
  }

  /** All names that {@link #loadNamed} knows. */
  public Set<String> names() throws IOException {
    Set<String> names = EmbeddedWorkloads.names();
    Optional<Path> folder = configDir.map(dir -> dir.resolve("workload"));
    if (folder.isPresent() && Files.isDirectory(folder.get())) {
      try (Stream<Path> files = Files.list(folder.get())) {
        files
            .map(file -> file.getFileName().toString())
            .filter(file -> file.endsWith(SUFFIX))
            .forEach(file -> names.add(file.substring(0, file.length() - SUFFIX.length())));
      }
    }
    return names;
  }

  /** One byte more than allowed is enough to know that a file is too large. */
  private static byte[] readLimited(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return in.readNBytes(WorkloadRequest.MAX_FILE_BYTES + 1);
    }
  }

  private static LoadedWorkload load(
      String name,
      String source,
      byte[] bytes,
      List<String> overrides,
      boolean strict,
      OptionalInt accelerators) {
    String text = WorkloadRequest.decodeUtf8(bytes, source);
    return WorkloadLoader.load(
        new WorkloadRequest(name, source, text, overrides, strict, accelerators));
  }
}
