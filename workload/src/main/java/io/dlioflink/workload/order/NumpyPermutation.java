/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload.order;

import io.dlioflink.workload.random.NumpyRandom;
import java.lang.ref.WeakReference;
import java.util.LinkedHashMap;
import java.util.Map;

/** NumPy's shuffle of {@code arange(size)}. */
final class NumpyPermutation implements Permutation {

  private static final int REMEMBERED = 8;

  /**
   * The last few permutations, as long as somebody uses them: the ranks of a process ask for the
   * same one at about the same time. Guarded by the class.
   */
  private static final Map<Key, WeakReference<NumpyPermutation>> SHARED =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(
            Map.Entry<Key, WeakReference<NumpyPermutation>> eldest) {
          return size() > REMEMBERED;
        }
      };

  private final int[] elements;

  private NumpyPermutation(Key key) {
    elements = new NumpyRandom(key.seed).permutation(key.size);
  }

  static synchronized NumpyPermutation shared(long seed, int size) {
    Key key = new Key(seed, size);
    WeakReference<NumpyPermutation> remembered = SHARED.get(key);
    NumpyPermutation permutation = remembered == null ? null : remembered.get();
    if (permutation == null) {
      permutation = new NumpyPermutation(key);
      SHARED.put(key, new WeakReference<>(permutation));
    }
    return permutation;
  }

  @Override
  public long at(long position) {
    return elements[Math.toIntExact(position)];
  }

  private record Key(long seed, int size) {}
}
