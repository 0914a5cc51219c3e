/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.benchmark;

import io.dlioflink.format.DatasetFile;
import io.dlioflink.format.FileInput;
import io.dlioflink.format.FileSpec;
import io.dlioflink.format.ReadSpec;
import io.dlioflink.format.SampleContent;
import io.dlioflink.format.SampleFileDecoder;
import io.dlioflink.format.SampleFileEncoder;
import io.dlioflink.format.SampleFormat;
import io.dlioflink.format.SampleFormats;
import io.dlioflink.format.SequentialDecoder;
import io.dlioflink.format.StoredFileTarget;
import io.dlioflink.format.content.RandomContent;
import io.dlioflink.storage.Location;
import io.dlioflink.storage.Storage;
import io.dlioflink.workload.Compression;
import io.dlioflink.workload.ContentOptions;
import io.dlioflink.workload.ElementType;
import io.dlioflink.workload.FileFormat;
import io.dlioflink.workload.YamlName;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A dataset of files {@code train/f_NNNNNN.FORMAT} of square uint8 samples.
 *
 * @param root its folder
 * @param format of the files
 * @param side rows and columns of a sample
 * @param samples in each file
 * @param files how many of the files take part
 * @param compression of the files
 * @param compressRatio how well the content compresses; 1 for not at all
 * @param shuffled whether samples are read in random order, else one after the other
 */
record FormatDataset(
    Location root,
    FileFormat format,
    int side,
    int samples,
    int files,
    Compression compression,
    double compressRatio,
    boolean shuffled) {

  private static final int CHUNK_BYTES = 1 << 20;
  private static final int BATCH_SIZE = 16;

  /** Takes the components from the words of a request, of which the first says what to do. */
  static FormatDataset parse(String[] words) {
    return new FormatDataset(
        Location.parse(words[1]),
        named(FileFormat.values(), words[2]),
        Integer.parseInt(words[3]),
        Integer.parseInt(words[4]),
        Integer.parseInt(words[5]),
        named(Compression.values(), words[6]),
        Double.parseDouble(words[7]),
        words[8].equals("shuffled"));
  }

  private static <T extends YamlName> T named(T[] values, String name) {
    return Stream.of(values).filter(v -> v.yamlName().equals(name)).findFirst().orElseThrow();
  }

  int totalSamples() {
    return samples * files;
  }

  private FileSpec spec(int file) {
    return new FileSpec(file, List.of(side, side), ElementType.UINT8, samples, compression);
  }

  private List<DatasetFile> paths() {
    return IntStream.range(0, files)
        .mapToObj(i -> String.format(Locale.ROOT, "train/f_%06d.%s", i, format.yamlName()))
        .map(path -> new DatasetFile(root, path))
        .toList();
  }

  /** Writes all files. */
  PassBytes write(Storage storage) throws IOException {
    SampleFormat implementation = SampleFormats.require(format);
    SampleContent content = RandomContent.of(new ContentOptions(1, compressRatio, 1));
    List<DatasetFile> paths = paths();
    long storageBytes = 0;
    try (SampleFileEncoder encoder = implementation.newEncoder()) {
      for (int i = 0; i < files; i++) {
        try (StoredFileTarget target =
            new StoredFileTarget(storage, paths.get(i), implementation)) {
          encoder.encode(spec(i), content, target);
          target.commit();
          storageBytes += target.writtenBytes();
        }
      }
    }
    return new PassBytes(totalSamples() * implementation.sampleBytes(spec(0)), storageBytes);
  }

  /** Reads all samples, batch after batch, as a read thread of the program does. */
  PassBytes read(Storage storage) throws IOException {
    FileInput input = new FileInput(CHUNK_BYTES);
    List<DatasetFile> paths = paths();
    List<Integer> ids = ids();
    long[] sampleBytes = new long[1];
    try (SampleFileDecoder decoder =
        SampleFormats.require(format).newDecoder(ReadSpec.of(spec(0)))) {
      int next = 0;
      while (next < ids.size()) {
        int id = ids.get(next);
        int count = decoder instanceof SequentialDecoder ? run(ids, next) : 1;
        try {
          input.open(storage, paths.get(id / samples));
          if (decoder instanceof SequentialDecoder sequential) {
            sequential.decode(input, id % samples, count, bytes -> sampleBytes[0] += bytes);
          } else {
            sampleBytes[0] += decoder.decode(input, id % samples);
          }
        } finally {
          input.close();
        }
        next += count;
      }
    }
    return new PassBytes(sampleBytes[0], input.storageBytes());
  }

  private List<Integer> ids() {
    List<Integer> ids = new ArrayList<>(IntStream.range(0, totalSamples()).boxed().toList());
    if (shuffled) {
      Collections.shuffle(ids, new Random(1));
    }
    return ids;
  }

  /** Samples of a batch that follow each other in one file. */
  private int run(List<Integer> ids, int from) {
    int first = ids.get(from);
    int batchEnd = Math.min(ids.size(), (from / BATCH_SIZE + 1) * BATCH_SIZE);
    int count = 1;
    while (from + count < batchEnd
        && (first + count) % samples != 0
        && ids.get(from + count) == first + count) {
      count++;
    }
    return count;
  }
}
