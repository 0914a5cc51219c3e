/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.source.dataset;

import io.dlioflink.workload.DatasetLayout;
import io.dlioflink.workload.DatasetPart;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The files of a dataset part by index, in the order of their names. Thread-safe. */
public sealed interface DatasetFiles extends Serializable {

  /** How many. */
  long count();

  /** Path of a file below the dataset's root. */
  String relativePath(long index);

  /** How the names were found, for reports. */
  String description();

  /**
   * Names that follow from DLIO's layout; O(1) in memory.
   *
   * @param part which part
   * @param layout its layout
   */
  record Derived(DatasetPart part, DatasetLayout layout) implements DatasetFiles {
    @Override
    public long count() {
      return layout.fileCount(part);
    }

    @Override
    public String relativePath(long index) {
      return layout.relativePath(part, index);
    }

    @Override
    public String description() {
      return "derived from the layout";
    }
  }

  /** Names that were listed, as one block of UTF-8. */
  final class Listed implements DatasetFiles {
    private static final long serialVersionUID = 1L;

    private final byte[] text;
    private final int[] ends;

    /** Packs names; their order is kept. */
    public Listed(List<String> names) {
      ends = new int[names.size()];
      int length = 0;
      byte[][] encoded = new byte[names.size()][];
      for (int i = 0; i < ends.length; i++) {
        encoded[i] = names.get(i).getBytes(StandardCharsets.UTF_8);
        length = Math.addExact(length, encoded[i].length);
        ends[i] = length;
      }
      text = new byte[length];
      for (int i = 0; i < ends.length; i++) {
        System.arraycopy(encoded[i], 0, text, ends[i] - encoded[i].length, encoded[i].length);
      }
    }

    @Override
    public long count() {
      return ends.length;
    }

    @Override
    public String relativePath(long index) {
      int i = Math.toIntExact(index);
      int start = i == 0 ? 0 : ends[i - 1];
      return new String(text, start, ends[i] - start, StandardCharsets.UTF_8);
    }

    @Override
    public String description() {
      return "listed";
    }
  }
}
