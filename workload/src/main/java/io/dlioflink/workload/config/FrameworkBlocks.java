/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload.config;

import io.dlioflink.workload.Framework;
import io.dlioflink.workload.Shuffle;
import io.dlioflink.workload.config.ConfigValue.Kind;
import io.dlioflink.workload.config.ConfigValue.Mapping;
import io.dlioflink.workload.config.ConfigValue.Scalar;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Turns the block of the framework in use into settings of reader and training, each with the place
 * it was written at. The blocks of other frameworks do not count. What is written for the same
 * setting twice must agree, except that the command line wins over the file and that -1 gives way.
 * The order of the blocks does not matter.
 */
final class FrameworkBlocks {
  private final Mapping root;
  private final List<Problem> problems;
  private final int processors;

  /** What the user wrote for a setting that comes from a block. */
  private final Map<String, String> writtenAs = new HashMap<>();

  private final Set<String> autotuned = new HashSet<>();

  private FrameworkBlocks(Mapping root, List<Problem> problems, int processors) {
    this.root = root;
    this.problems = problems;
    this.processors = processors;
  }

  /**
   * Folds the blocks into the sections.
   *
   * @param processors what -1, autotune, stands for
   */
  static void fold(Mapping root, List<Problem> problems, int processors) {
    FrameworkBlocks blocks = new FrameworkBlocks(root, problems, processors);
    String inUse =
        blocks.scalar("framework").map(Scalar::text).orElse(Framework.TENSORFLOW.yamlName());
    List<String> paths = new ArrayList<>();
    for (Map.Entry<String, String> each : FrameworkKeys.BLOCKS.entrySet()) {
      String path = each.getKey();
      if (!(find(root, path) instanceof Mapping block)) {
        continue;
      }
      if (each.getValue().equals(inUse)) {
        blocks.loader(block, inUse);
        paths.add(path);
      } else {
        problems.add(
            Problem.notice(
                block.origin().toString(), path, "ignored, because framework is " + inUse));
      }
    }
    // Numbers go before -1, which gives way to them; threads before what is counted per thread.
    paths.forEach(blocks::threads);
    paths.forEach(blocks::threadsOfHost);
    paths.forEach(blocks::all);
    paths.forEach(
        path ->
            blocks.autotune(path, FrameworkKeys.PREFETCH_BUFFER_SIZE, ReaderKeys.PREFETCH_SIZE));
  }

  private void loader(Mapping block, String framework) {
    if (scalar(ReaderKeys.DATA_LOADER.path()).isEmpty()) {
      put(ReaderKeys.DATA_LOADER, ScalarSyntax.override(framework, block.origin()));
    }
  }

  private void threads(String path) {
    set(path, FrameworkKeys.NUM_WORKERS, ReaderKeys.READ_THREADS);
    set(path, FrameworkKeys.NUM_PARALLEL_CALLS, ReaderKeys.READ_THREADS);
  }

  private void threadsOfHost(String path) {
    autotune(path, FrameworkKeys.NUM_WORKERS, ReaderKeys.READ_THREADS);
    autotune(path, FrameworkKeys.NUM_PARALLEL_CALLS, ReaderKeys.READ_THREADS);
  }

  private void all(String path) {
    set(path, FrameworkKeys.BATCH_SIZE, ReaderKeys.BATCH_SIZE);
    shuffle(path);
    set(path, FrameworkKeys.SHUFFLE_BUFFER_SIZE, ReaderKeys.SHUFFLE_SIZE);
    prefetchFactor(path);
    set(path, FrameworkKeys.PREFETCH_BUFFER_SIZE, ReaderKeys.PREFETCH_SIZE);
    set(path, FrameworkKeys.PIN_MEMORY, ReaderKeys.PIN_MEMORY);
    set(path, FrameworkKeys.DETERMINISTIC, ReaderKeys.ORDERED);
    set(path, FrameworkKeys.SEED, TrainingKeys.SEED);
    set(path, FrameworkKeys.RESHUFFLE_EACH_ITERATION, TrainingKeys.SEED_CHANGE_EPOCH);
    without(path, FrameworkKeys.PERSISTENT_WORKERS, "read threads live as long as the run");
    without(path, FrameworkKeys.DROP_LAST, "a short last batch is dropped, as DLIO does");
    without(path, FrameworkKeys.DROP_REMAINDER, "a short last batch is dropped, as DLIO does");
  }

  /** Sets a key to what the block says, unless that is -1. */
  private <T> void set(String block, String name, Key<T> target) {
    String source = block + "." + name;
    valid(source)
        .filter(written -> !isAutotune(written))
        .ifPresent(written -> set(source, written, written, target));
  }

  /** Sets a key to the number of processors if the block says -1 and nobody says a number. */
  private void autotune(String block, String name, Key<Integer> target) {
    String source = block + "." + name;
    Optional<Scalar> written = valid(source).filter(FrameworkBlocks::isAutotune);
    if (written.isEmpty()) {
      return;
    }
    Optional<Scalar> present = scalar(target.path());
    if (present.isPresent() && !overrides(written.get(), present.get())) {
      if (!autotuned.contains(target.path())) {
        problems.add(
            Problem.notice(
                written.get().origin().toString(),
                source,
                "-1 gives way to " + asWritten(target, present.get())));
      }
      return;
    }
    problems.add(
        Problem.notice(
            written.get().origin().toString(),
            source,
            "-1 is taken for the %d processors of this host".formatted(processors)));
    autotuned.add(target.path());
    putFrom(
        source,
        written.get(),
        target,
        ScalarSyntax.override(String.valueOf(processors), written.get().origin()));
  }

  private static boolean isAutotune(Scalar written) {
    return written.text().equals(String.valueOf(FrameworkKeys.AUTOTUNE));
  }

  private static boolean overrides(Scalar here, Scalar there) {
    return here.origin() instanceof Origin.CommandLine
        && !(there.origin() instanceof Origin.CommandLine);
  }

  private void shuffle(String block) {
    String source = block + "." + FrameworkKeys.SHUFFLE;
    Optional<Scalar> written = valid(source);
    if (written.isEmpty()) {
      return;
    }
    Optional<Shuffle> present = parsed(ReaderKeys.SAMPLE_SHUFFLE);
    if (written.get().isTrue() && present.isPresent() && present.get() != Shuffle.OFF) {
      return;
    }
    Shuffle wanted = written.get().isTrue() ? Shuffle.SEED : Shuffle.OFF;
    set(
        source,
        written.get(),
        ScalarSyntax.override(wanted.yamlName(), written.get().origin()),
        ReaderKeys.SAMPLE_SHUFFLE);
  }

  private void prefetchFactor(String block) {
    String source = block + "." + FrameworkKeys.PREFETCH_FACTOR;
    Optional<Scalar> written = valid(source);
    if (written.isEmpty()) {
      return;
    }
    int workers = Math.max(1, parsed(ReaderKeys.READ_THREADS).orElse(1));
    long batches = written.get().number().orElseThrow().longValue() * workers;
    set(
        source,
        written.get(),
        ScalarSyntax.override(String.valueOf(batches), written.get().origin()),
        ReaderKeys.PREFETCH_SIZE);
  }

  private void without(String block, String name, String instead) {
    String source = block + "." + name;
    valid(source)
        .filter(value -> !value.isTrue())
        .ifPresent(
            value ->
                problems.add(
                    Problem.notice(
                        value.origin().toString(), source, "false has no effect: " + instead)));
  }

  private <T> void set(String source, Scalar written, Scalar value, Key<T> target) {
    Optional<Scalar> present = scalar(target.path());
    if (present.isEmpty()) {
      putFrom(source, written, target, value);
      return;
    }
    try {
      if (target.type().parse(present.get()).equals(target.type().parse(value))) {
        return;
      }
    } catch (BadValueException e) {
      // Reported when the key itself is bound.
      return;
    }
    String where = written.origin().toString();
    String there = asWritten(target, present.get());
    boolean hereOverrides = overrides(written, present.get());
    if (!hereOverrides && !overrides(present.get(), written)) {
      problems.add(
          Problem.error(
              where, source, "%s contradicts %s; leave one out".formatted(written.text(), there)));
      return;
    }
    if (hereOverrides) {
      putFrom(source, written, target, value);
    }
    problems.add(
        Problem.notice(
            where,
            source,
            "%s against %s; the command line wins".formatted(written.text(), there)));
  }

  /** A setting as the user wrote it, under the key of a block if it comes from one. */
  private String asWritten(Key<?> target, Scalar present) {
    return "%s (%s)"
        .formatted(
            writtenAs.getOrDefault(target.path(), target.path() + ": " + present.text()),
            present.origin());
  }

  private void putFrom(String source, Scalar written, Key<?> target, Scalar value) {
    put(target, value);
    writtenAs.put(target.path(), source + ": " + written.text());
  }

  /** The value of a key of a block; empty for a bad one, which is reported when it is bound. */
  private Optional<Scalar> valid(String source) {
    return scalar(source)
        .filter(value -> !value.interpolated())
        .filter(value -> WorkloadKeys.find(source).filter(key -> parses(key, value)).isPresent());
  }

  private static boolean parses(Key<?> key, Scalar value) {
    try {
      key.type().parse(value);
      return true;
    } catch (BadValueException e) {
      return false;
    }
  }

  private <T> Optional<T> parsed(Key<T> key) {
    return scalar(key.path())
        .flatMap(
            value -> {
              try {
                return Optional.of(key.type().parse(value));
              } catch (BadValueException e) {
                return Optional.empty();
              }
            });
  }

  private void put(Key<?> key, Scalar value) {
    int dot = key.path().indexOf('.');
    String section = key.path().substring(0, dot);
    if (!(root.entries().get(section) instanceof Mapping)) {
      root.entries().put(section, Mapping.empty(value.origin()));
    }
    ((Mapping) root.entries().get(section)).entries().put(key.path().substring(dot + 1), value);
  }

  private Optional<Scalar> scalar(String path) {
    return find(root, path) instanceof Scalar scalar && scalar.kind() != Kind.NULL
        ? Optional.of(scalar)
        : Optional.empty();
  }

  private static ConfigValue find(Mapping root, String path) {
    ConfigValue value = root;
    for (String name : path.split("\\.")) {
      value = value instanceof Mapping mapping ? mapping.entries().get(name) : null;
    }
    return value;
  }
}
