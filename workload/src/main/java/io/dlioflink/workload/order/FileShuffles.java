/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload.order;

import io.dlioflink.workload.random.NumpyRandom;
import java.lang.ref.WeakReference;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The file lists of DLIO's iterative sampler: at the start of each epoch the generator is seeded,
 * the train list of the epoch before is shuffled in place, then the eval list with the numbers that
 * follow. Source: DLIO {@code utils/config.py}, {@code reconfigure}.
 */
final class FileShuffles {
  private static final int REMEMBERED = 8;

  /** The last few lists, as long as somebody uses them. Guarded by the class. */
  private static final Map<Key, WeakReference<FileShuffles>> SHARED =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, WeakReference<FileShuffles>> eldest) {
          return size() > REMEMBERED;
        }
      };

  private final int[] train;
  private final int[] eval;

  private FileShuffles(int[] train, int[] eval) {
    this.train = train;
    this.eval = eval;
  }

  /**
   * What the lists follow from.
   *
   * @param seed {@code train.seed}
   * @param seedChangeEpoch whether the epoch is added to it
   * @param trainFiles length of the train list
   * @param evalFiles length of the eval list
   * @param epoch 1 or more
   */
  record Key(long seed, boolean seedChangeEpoch, int trainFiles, int evalFiles, int epoch) {
    private Key before() {
      return new Key(seed, seedChangeEpoch, trainFiles, evalFiles, epoch - 1);
    }
  }

  /** The lists of an epoch. */
  static synchronized FileShuffles of(Key key) {
    FileShuffles found = remembered(key);
    if (found == null) {
      Key start = key;
      while (found == null && start.epoch > 0) {
        start = start.before();
        found = start.epoch == 0 ? unshuffled(key) : remembered(start);
      }
      for (int epoch = start.epoch + 1; epoch <= key.epoch; epoch++) {
        found = found.shuffled(key.seedChangeEpoch ? key.seed + epoch : key.seed);
      }
      SHARED.put(key, new WeakReference<>(found));
    }
    return found;
  }

  private static FileShuffles unshuffled(Key key) {
    return new FileShuffles(ascending(key.trainFiles), ascending(key.evalFiles));
  }

  private FileShuffles shuffled(long seed) {
    FileShuffles next = new FileShuffles(train.clone(), eval.clone());
    NumpyRandom random = new NumpyRandom(seed);
    random.shuffle(next.train);
    random.shuffle(next.eval);
    return next;
  }

  private static FileShuffles remembered(Key key) {
    WeakReference<FileShuffles> reference = SHARED.get(key);
    return reference == null ? null : reference.get();
  }

  private static int[] ascending(int count) {
    int[] values = new int[count];
    for (int i = 0; i < count; i++) {
      values[i] = i;
    }
    return values;
  }

  long train(long position) {
    return train[Math.toIntExact(position)];
  }

  long eval(long position) {
    return eval[Math.toIntExact(position)];
  }
}
