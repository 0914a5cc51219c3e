/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload.config;

import static io.dlioflink.workload.config.ValueTypes.BOOL;
import static io.dlioflink.workload.config.ValueTypes.integer;
import static io.dlioflink.workload.config.ValueTypes.longInteger;
import static io.dlioflink.workload.config.ValueTypes.optional;

import io.dlioflink.workload.Framework;
import io.dlioflink.workload.random.NumpyRandom;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The blocks in which other programs say what a framework's data loader is given: {@code
 * pytorch_config}, {@code tensorflow_config}, {@code jax_config}, and the same below {@code
 * framework_profiles}. {@link FrameworkBlocks} turns them into settings of the reader.
 */
final class FrameworkKeys {
  /** What -1 stands for in those frameworks. */
  static final int AUTOTUNE = -1;

  static final String BATCH_SIZE = "batch_size";
  static final String NUM_WORKERS = "num_workers";
  static final String SHUFFLE = "shuffle";
  static final String SHUFFLE_BUFFER_SIZE = "shuffle_buffer_size";
  static final String PREFETCH_FACTOR = "prefetch_factor";
  static final String PREFETCH_BUFFER_SIZE = "prefetch_buffer_size";
  static final String NUM_PARALLEL_CALLS = "num_parallel_calls";
  static final String PERSISTENT_WORKERS = "persistent_workers";
  static final String PIN_MEMORY = "pin_memory";
  static final String DROP_LAST = "drop_last";
  static final String DROP_REMAINDER = "drop_remainder";
  static final String DETERMINISTIC = "deterministic";
  static final String SEED = "seed";
  static final String RESHUFFLE_EACH_ITERATION = "reshuffle_each_iteration";

  private static final String PROFILES = "framework_profiles.";

  /** Every block by its path, with the framework it is for. */
  static final Map<String, String> BLOCKS = blocks();

  /** In the order of the documentation. */
  static final List<Key<?>> ALL = BLOCKS.keySet().stream().flatMap(b -> keys(b).stream()).toList();

  private FrameworkKeys() {}

  private static Map<String, String> blocks() {
    Map<String, String> blocks = new LinkedHashMap<>();
    List<String> frameworks = new ArrayList<>();
    for (Framework framework : List.of(Framework.PYTORCH, Framework.TENSORFLOW)) {
      frameworks.add(framework.yamlName());
    }
    frameworks.add("jax");
    frameworks.forEach(framework -> blocks.put(framework + "_config", framework));
    frameworks.forEach(framework -> blocks.put(PROFILES + framework, framework));
    return blocks;
  }

  /** Whether a key stands in one of the blocks. */
  static boolean isInBlock(String path) {
    return BLOCKS.keySet().stream().anyMatch(block -> path.startsWith(block + "."));
  }

  private static List<Key<?>> keys(String block) {
    ValueType<Integer> countOrAutotune = integer(AUTOTUNE);
    return List.of(
        key(block, BATCH_SIZE, integer(1), "Sets reader.batch_size."),
        key(block, NUM_WORKERS, countOrAutotune, "Sets reader.read_threads."),
        key(block, SHUFFLE, BOOL, "Sets reader.sample_shuffle to seed or off."),
        key(block, SHUFFLE_BUFFER_SIZE, integer(1), "Sets reader.shuffle_size."),
        key(
            block,
            PREFETCH_FACTOR,
            integer(1),
            "Sets reader.prefetch_size to so many batches for each read thread."),
        key(block, PREFETCH_BUFFER_SIZE, countOrAutotune, "Sets reader.prefetch_size."),
        key(block, NUM_PARALLEL_CALLS, countOrAutotune, "Sets reader.read_threads."),
        key(block, PERSISTENT_WORKERS, BOOL, "Read threads always live as long as the run."),
        key(block, PIN_MEMORY, BOOL, "Sets reader.pin_memory."),
        key(block, DROP_LAST, BOOL, "A short last batch is always dropped."),
        key(block, DROP_REMAINDER, BOOL, "A short last batch is always dropped."),
        key(block, DETERMINISTIC, BOOL, "Sets reader.ordered."),
        key(block, SEED, longInteger(0, NumpyRandom.MAX_SEED), "Sets train.seed."),
        key(block, RESHUFFLE_EACH_ITERATION, BOOL, "Sets train.seed_change_epoch."));
  }

  private static <T> Key<Optional<T>> key(
      String block, String name, ValueType<T> type, String doc) {
    return Key.folded(block + "." + name, optional(type), Optional.empty(), doc);
  }
}
