/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a decoder remembers of files, e.g. where samples begin. The files used longest ago are
 * forgotten when it becomes too much. Not thread-safe.
 *
 * @param <V> what is remembered of a file
 */
public final class RememberedFiles<V> {
  /** Names, map entry, objects. */
  private static final int OVERHEAD_BYTES = 384;

  private final Map<DatasetFile, Entry<V>> entries = new LinkedHashMap<>(16, 0.75f, true);
  private final long maxBytes;
  private long bytes;

  private record Entry<V>(V value, long bytes) {}

  /**
   * Remembers nothing yet.
   *
   * @param maxBytes of memory, about; what was used last is kept even if it is larger
   */
  public RememberedFiles(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /** What is remembered of a file; null if nothing is. */
  public V get(DatasetFile file) {
    Entry<V> entry = entries.get(file);
    return entry == null ? null : entry.value;
  }

  /**
   * Remembers something of a file, instead of what was remembered before.
   *
   * @param valueBytes memory it takes
   */
  public void put(DatasetFile file, V value, long valueBytes) {
    forget(file);
    entries.put(file, new Entry<>(value, valueBytes + OVERHEAD_BYTES));
    bytes += valueBytes + OVERHEAD_BYTES;
    Iterator<Entry<V>> eldest = entries.values().iterator();
    while (bytes > maxBytes && entries.size() > 1) {
      bytes -= eldest.next().bytes;
      eldest.remove();
    }
  }

  /** Forgets a file. */
  public void forget(DatasetFile file) {
    Entry<V> entry = entries.remove(file);
    if (entry != null) {
      bytes -= entry.bytes;
    }
  }

  /** Files something is remembered of. */
  public int size() {
    return entries.size();
  }
}
