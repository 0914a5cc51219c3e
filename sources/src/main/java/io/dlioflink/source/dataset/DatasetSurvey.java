/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.source.dataset;

import io.dlioflink.format.FileSpec;
import io.dlioflink.format.SampleFormat;
import io.dlioflink.format.SampleFormats;
import io.dlioflink.storage.Location;
import io.dlioflink.storage.Storage;
import io.dlioflink.storage.StorageEntry;
import io.dlioflink.storage.StorageException;
import io.dlioflink.storage.StorageListing;
import io.dlioflink.workload.DatasetConfig;
import io.dlioflink.workload.DatasetLayout;
import io.dlioflink.workload.DatasetPart;
import io.dlioflink.workload.SampleShapes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Looks at a dataset before a run. Up to {@link #FULL_CHECK_FILES} files are all checked by one
 * listing; of larger sets a fixed number of files is, and the rest is believed to follow the
 * layout: a derived dataset costs O(1). Names that do not follow the layout are listed and sorted
 * as DLIO does ({@code main.py}, {@code initialize}).
 */
public final class DatasetSurvey {
  /** Parts of up to so many files are checked whole. */
  public static final int FULL_CHECK_FILES = 100_000;

  private static final int SPOT_CHECKS = 64;
  private static final long SIZED_FILES = 1 << 17;
  private static final int NAMED_PROBLEMS = 5;

  /** As Python compares strings; Java's own order differs above U+FFFF. */
  private static final Comparator<String> BY_CODE_POINT =
      Comparator.comparing(text -> text.codePoints().toArray(), Arrays::compare);

  private final Storage storage;
  private final Location root;
  private final DatasetConfig dataset;
  private final DatasetLayout layout;
  private final SampleShapes shapes;
  private final Optional<SampleFormat> format;
  private final int fullCheckFiles;
  private final List<String> notices = new ArrayList<>();
  private boolean derivedSizes = true;

  public DatasetSurvey(Storage storage, Location root, DatasetConfig dataset) {
    this(storage, root, dataset, FULL_CHECK_FILES);
  }

  DatasetSurvey(Storage storage, Location root, DatasetConfig dataset, int fullCheckFiles) {
    this.fullCheckFiles = fullCheckFiles;
    this.storage = storage;
    this.root = root;
    this.dataset = dataset;
    this.layout = DatasetLayout.of(dataset);
    this.shapes = SampleShapes.of(dataset);
    this.format = SampleFormats.find(dataset.format());
  }

  /**
   * Looks at the parts.
   *
   * @throws DatasetException if files are missing or have the wrong size
   * @throws StorageException if the storage fails
   */
  public DatasetFacts survey(Set<DatasetPart> parts) throws IOException {
    Map<DatasetPart, DatasetFiles> files = new EnumMap<>(DatasetPart.class);
    for (DatasetPart part : parts) {
      files.put(part, survey(part));
    }
    return new DatasetFacts(files, derivedSizes, false, notices);
  }

  private DatasetFiles survey(DatasetPart part) throws IOException {
    long wanted = dataset.numFiles(part);
    if (wanted > fullCheckFiles && spotCheck(part)) {
      return new DatasetFiles.Derived(part, layout);
    }
    return checkAll(part);
  }

  private boolean spotCheck(DatasetPart part) throws IOException {
    long count = layout.fileCount(part);
    SizeCheck sizes = new SizeCheck();
    SplittableRandom random = new SplittableRandom(count);
    for (int i = 0; i < SPOT_CHECKS; i++) {
      // Drawn sizes come one after the other: only those near the start are looked at.
      long bound = i % 2 == 0 ? Math.min(count, SIZED_FILES) : count;
      long index = i == 1 ? count - 1 : random.nextLong(bound);
      Optional<StorageEntry> entry = storage.stat(root.child(layout.relativePath(part, index)));
      if (entry.isEmpty()) {
        return false;
      }
      if (index < SIZED_FILES) {
        sizes.add(part, index, entry.get().lengthBytes());
      }
    }
    sizes.conclude(part);
    return true;
  }

  private DatasetFiles checkAll(DatasetPart part) throws IOException {
    int wanted = Math.toIntExact(dataset.numFiles(part));
    Location folder = root.child(part.folder());
    BitSet present = new BitSet(wanted);
    List<String> foreign = new ArrayList<>();
    SizeCheck sizes = new SizeCheck();
    int rootPrefixLength = root.child("x").path().length() - 1;
    String suffix = dataset.format().yamlName();
    try (StorageListing listing = storage.list(folder)) {
      for (Optional<StorageEntry> next = listing.next(); next.isPresent(); next = listing.next()) {
        StorageEntry entry = next.get();
        String relative = entry.location().path().substring(rootPrefixLength);
        OptionalLong index = layout.indexOf(part, relative);
        if (index.isPresent()) {
          present.set(Math.toIntExact(index.getAsLong()));
          sizes.add(part, index.getAsLong(), entry.lengthBytes());
        } else if (relative.endsWith(suffix)) {
          foreign.add(relative);
        }
      }
    } catch (StorageException e) {
      if (e.reason() == StorageException.Reason.MISSING) {
        throw new DatasetException(
            "The dataset folder %s does not exist; %d %s files are expected in it"
                .formatted(folder, wanted, suffix),
            e);
      }
      throw e;
    }
    int found = present.cardinality();
    if (found == wanted) {
      sizes.conclude(part);
      if (!foreign.isEmpty()) {
        notices.add(
            "%s holds %d more %s files than the %d of this workload; they are not read"
                .formatted(folder, foreign.size(), suffix, wanted));
      }
      return new DatasetFiles.Derived(part, layout);
    }
    if (found + foreign.size() < wanted) {
      throw new DatasetException(
          "%s holds %d of the %d %s files that dataset.num_files_%s asks for; the first one missing is %s"
              .formatted(
                  folder,
                  found + foreign.size(),
                  wanted,
                  suffix,
                  part == DatasetPart.TRAIN ? "train" : "eval",
                  layout.relativePath(part, present.nextClearBit(0))));
    }
    return listed(part, folder, present, foreign, wanted);
  }

  private DatasetFiles listed(
      DatasetPart part, Location folder, BitSet present, List<String> names, int wanted) {
    int total = names.size() + present.cardinality();
    present.stream().mapToObj(index -> layout.relativePath(part, index)).forEach(names::add);
    names.sort(
        dataset.numSubfolders(part) > 1
            ? Comparator.<String, String>comparing(
                    name -> name.substring(name.lastIndexOf('/') + 1), BY_CODE_POINT)
                .thenComparing(BY_CODE_POINT)
            : BY_CODE_POINT);
    derivedSizes = false;
    notices.add(
        "The names in %s are not those of a dataset of %d files: of its %d files the first %d by name are read, sizes are taken as found"
            .formatted(folder, wanted, total, wanted));
    return new DatasetFiles.Listed(names.subList(0, wanted));
  }

  /** Compares sizes with those the generator gives; either all agree, or none does. */
  private final class SizeCheck {
    private long right;
    private long wrong;
    private final List<String> problems = new ArrayList<>();

    void add(DatasetPart part, long index, long lengthBytes) {
      OptionalLong expected = expectedLength(layout.fileNumber(part, index));
      if (expected.isEmpty()) {
        return;
      }
      if (expected.getAsLong() == lengthBytes) {
        right++;
      } else {
        wrong++;
        if (problems.size() < NAMED_PROBLEMS) {
          problems.add(
              "%s has %d bytes, expected %d"
                  .formatted(
                      root.child(layout.relativePath(part, index)),
                      lengthBytes,
                      expected.getAsLong()));
        }
      }
    }

    void conclude(DatasetPart part) throws DatasetException {
      if (wrong > 0 && right > 0) {
        throw new DatasetException(
            "%d of %d checked files in %s have the wrong size: %s%s"
                .formatted(
                    wrong,
                    wrong + right,
                    root.child(part.folder()),
                    String.join("; ", problems),
                    wrong > problems.size() ? "; ..." : ""));
      }
      if (wrong > 0) {
        derivedSizes = false;
        notices.add(
            "No file in %s has the size this workload would generate (%s): the bytes to be read are not known beforehand"
                .formatted(root.child(part.folder()), problems.get(0)));
      } else if (right == 0) {
        derivedSizes = false;
      }
    }

    private OptionalLong expectedLength(long fileNumber) {
      return format.isEmpty()
          ? OptionalLong.empty()
          : format.get().fileLengthBytes(FileSpec.of(dataset, shapes, fileNumber));
    }
  }
}
