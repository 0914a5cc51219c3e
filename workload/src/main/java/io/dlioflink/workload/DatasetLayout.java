/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;

/**
 * Where the files of a dataset lie below {@code dataset.data_folder}, without looking at storage.
 *
 * <p>Source: DLIO {@code data_generator/data_generator.py}: {@code
 * <part>/[<sub-folder>/]<prefix>_<index>_of_<count>.<format>}, index and sub-folder padded with
 * zeros to the digits of their count, files dealt to the sub-folders in turn. One sub-folder is
 * flat, like none.
 *
 * <p>Immutable; needs no memory that grows with the dataset.
 */
public final class DatasetLayout implements Serializable {

  private static final long serialVersionUID = 1L;

  private final PartLayout train;
  private final PartLayout valid;

  private DatasetLayout(PartLayout train, PartLayout valid) {
    this.train = train;
    this.valid = valid;
  }

  /** The layout of a dataset. */
  public static DatasetLayout of(DatasetConfig dataset) {
    return new DatasetLayout(
        PartLayout.of(dataset, DatasetPart.TRAIN), PartLayout.of(dataset, DatasetPart.VALID));
  }

  /** Files of a part. */
  public long fileCount(DatasetPart part) {
    return part(part).count;
  }

  /** Files of both parts. */
  public long totalFiles() {
    return Math.addExact(train.count, valid.count);
  }

  /**
   * The number of a file in the combined list, training files first.
   *
   * @param index 0 .. {@link #fileCount} - 1
   */
  public long fileNumber(DatasetPart part, long index) {
    Objects.checkIndex(index, fileCount(part));
    return part == DatasetPart.TRAIN ? index : train.count + index;
  }

  /**
   * The path of a file below the data folder, e.g. {@code train/3/img_0003_of_0010.npz}.
   *
   * @param index 0 .. {@link #fileCount} - 1
   */
  public String relativePath(DatasetPart part, long index) {
    return part(part).path(index);
  }

  /** The folders that hold the files of a part, below the data folder; no parents of them. */
  public List<String> folders(DatasetPart part) {
    return part(part).folders();
  }

  /** The index of the file with that path below the data folder; empty for any other path. */
  public OptionalLong indexOf(DatasetPart part, String relativePath) {
    return part(part).indexOf(relativePath);
  }

  private PartLayout part(DatasetPart part) {
    return part == DatasetPart.TRAIN ? train : valid;
  }

  private record PartLayout(
      String folder, String namePrefix, String nameSuffix, long count, int subfolders)
      implements Serializable {

    static PartLayout of(DatasetConfig dataset, DatasetPart part) {
      long count = dataset.numFiles(part);
      return new PartLayout(
          part.folder() + "/",
          dataset.filePrefix() + "_",
          "_of_" + count + "." + dataset.format().yamlName(),
          count,
          dataset.numSubfolders(part));
    }

    String path(long index) {
      Objects.checkIndex(index, count);
      StringBuilder path =
          new StringBuilder(folder.length() + namePrefix.length() + nameSuffix.length() + 32);
      path.append(folder);
      if (subfolders > 1) {
        appendPadded(path, index % subfolders, digits(subfolders));
        path.append('/');
      }
      path.append(namePrefix);
      appendPadded(path, index, digits(count));
      return path.append(nameSuffix).toString();
    }

    List<String> folders() {
      if (subfolders <= 1) {
        return List.of(folder.substring(0, folder.length() - 1));
      }
      List<String> folders = new ArrayList<>(subfolders);
      for (int i = 0; i < subfolders; i++) {
        StringBuilder path = new StringBuilder(folder);
        appendPadded(path, i, digits(subfolders));
        folders.add(path.toString());
      }
      return List.copyOf(folders);
    }

    OptionalLong indexOf(String path) {
      int end = path.length() - nameSuffix.length();
      int start = end - digits(count);
      if (start < 0) {
        return OptionalLong.empty();
      }
      long index = 0;
      for (int i = start; i < end; i++) {
        int digit = path.charAt(i) - '0';
        if (digit < 0 || digit > 9) {
          return OptionalLong.empty();
        }
        index = index * 10 + digit;
      }
      // Comparing with the path of that index checks prefix, sub-folder and suffix at once.
      return index >= 0 && index < count && path(index).equals(path)
          ? OptionalLong.of(index)
          : OptionalLong.empty();
    }

    private static int digits(long count) {
      int digits = 1;
      for (long rest = count; rest >= 10; rest /= 10) {
        digits++;
      }
      return digits;
    }

    private static void appendPadded(StringBuilder target, long value, int digits) {
      for (int missing = digits - digits(value); missing > 0; missing--) {
        target.append('0');
      }
      target.append(value);
    }
  }
}
