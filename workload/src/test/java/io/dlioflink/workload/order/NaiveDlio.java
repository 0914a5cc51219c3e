/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload.order;

import io.dlioflink.workload.random.NumpyRandom;
import io.dlioflink.workload.random.PhiloxRandom;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * DLIO's loaders written down as DLIO does it: whole lists of samples, no closed forms. Sample ids
 * are file times samples per file plus index; -1 is the constant a batch is filled up with.
 *
 * @param files after trimming
 * @param samplesPerFile in each
 * @param totalSamples after trimming
 * @param ranks MPI processes
 * @param batchSize per rank
 * @param threads {@code read_threads}
 * @param subfolders of the part
 * @param steps of a pass
 */
record NaiveDlio(
    int files,
    int samplesPerFile,
    int totalSamples,
    int ranks,
    int batchSize,
    int threads,
    int subfolders,
    int steps) {

  /** {@code reconfigure} of all epochs up to one: shuffles the lists in place. */
  static void reconfigure(
      List<Integer> train, List<Integer> eval, long seed, boolean seedChangeEpoch, int epoch) {
    for (int each = 1; each <= epoch; each++) {
      NumpyRandom random = new NumpyRandom(seedChangeEpoch ? seed + each : seed);
      shuffle(train, random);
      shuffle(eval, random);
    }
  }

  private static void shuffle(List<Integer> list, NumpyRandom random) {
    int[] values = list.stream().mapToInt(i -> i).toArray();
    random.shuffle(values);
    for (int i = 0; i < values.length; i++) {
      list.set(i, values[i]);
    }
  }

  List<Integer> allFiles() {
    return new ArrayList<>(IntStream.range(0, files).boxed().toList());
  }

  /** {@code get_global_map_index} and the sampler of the pytorch loader. */
  List<Long> index(int rank) {
    int perRank = (totalSamples + ranks - 1) / ranks;
    List<Long> read = new ArrayList<>();
    for (long g = (long) rank * perRank; g < Math.min((rank + 1L) * perRank, totalSamples); g++) {
      read.add(g / samplesPerFile * samplesPerFile + g % samplesPerFile);
    }
    return firstSteps(read);
  }

  /** {@code build_sample_map_iter}, {@code FormatReader.next} and the interleave of tf.data. */
  List<Long> iterative(int rank, List<Integer> fileList) {
    int perRank = (totalSamples + ranks - 1) / ranks;
    int perThread = Math.max(1, perRank / threads);
    List<List<Long>> map = new ArrayList<>();
    for (int thread = 0; thread < threads; thread++) {
      map.add(new ArrayList<>());
    }
    int fileIndex = rank * ((files / ranks) % files);
    for (int sample = 0; sample < Math.min(perRank, totalSamples - rank * perRank); sample++) {
      int thread = (sample / perThread) % threads;
      map.get(thread)
          .add((long) fileList.get(fileIndex) * samplesPerFile + sample % samplesPerFile);
      fileIndex = ((sample + 1) / samplesPerFile) % files;
    }
    List<List<List<Long>>> batches = map.stream().map(this::padded).toList();
    List<Long> read = new ArrayList<>();
    for (int round = 0; round < perRank; round++) {
      for (List<List<Long>> ofThread : batches) {
        if (round < ofThread.size()) {
          read.addAll(ofThread.get(round));
        }
      }
    }
    return firstSteps(read);
  }

  private List<List<Long>> padded(List<Long> samples) {
    List<List<Long>> batches = new ArrayList<>();
    for (int from = 0; from < samples.size(); from += batchSize) {
      List<Long> batch =
          new ArrayList<>(samples.subList(from, Math.min(samples.size(), from + batchSize)));
      while (batch.size() < batchSize) {
        batch.add(-1L);
      }
      batches.add(batch);
    }
    return batches;
  }

  /**
   * The pipeline of {@code TFReader.next}; {@code buffers} makes the numbers of each new buffer.
   */
  List<Long> tfRecord(int rank, int shuffleSize, Iterable<PhiloxRandom> buffers) {
    List<Integer> sorted = allFiles();
    if (subfolders > 1) {
      sorted.sort(
          Comparator.comparing((Integer file) -> file % subfolders).thenComparing(file -> file));
    }
    List<Integer> shard = files >= ranks ? everyFrom(sorted, rank) : sorted;
    List<Long> stream = new ArrayList<>();
    for (int from = 0; from < shard.size(); from += threads) {
      for (int record = 0; record < samplesPerFile; record++) {
        for (int file : shard.subList(from, Math.min(shard.size(), from + threads))) {
          stream.add((long) file * samplesPerFile + record);
        }
      }
    }
    List<Long> read = new ArrayList<>();
    var numbers = buffers.iterator();
    while (read.size() < steps * batchSize) {
      List<Long> round = shuffleSize == 0 ? stream : drawn(stream, shuffleSize, numbers.next());
      if (files < ranks) {
        round = everyFrom(round, rank);
      }
      int whole = round.size() / batchSize * batchSize;
      read.addAll(whole == 0 ? round : round.subList(0, whole));
    }
    return firstSteps(read);
  }

  private <T> List<T> everyFrom(List<T> list, int rank) {
    List<T> kept = new ArrayList<>();
    for (int i = rank; i < list.size(); i += ranks) {
      kept.add(list.get(i));
    }
    return kept;
  }

  /** A buffer as a list whose front is the oldest element. */
  private static List<Long> drawn(List<Long> stream, int size, PhiloxRandom random) {
    List<Long> buffer = new ArrayList<>();
    List<Long> out = new ArrayList<>();
    var input = stream.iterator();
    while (true) {
      while (input.hasNext() && buffer.size() < size) {
        buffer.add(input.next());
      }
      if (buffer.isEmpty()) {
        return out;
      }
      Collections.swap(buffer, 0, (int) (random.nextWord() % buffer.size()));
      out.add(buffer.remove(0));
    }
  }

  /** Shard 0, again and again, each time filled up to whole batches; one sample per file. */
  List<Long> nativeDali() {
    List<Long> read = new ArrayList<>();
    int shard = files / ranks;
    while (read.size() < steps * batchSize) {
      for (long file = 0; file < shard; file++) {
        read.add(file * samplesPerFile);
      }
      while (read.size() % batchSize != 0) {
        read.add(-1L);
      }
    }
    return firstSteps(read);
  }

  private List<Long> firstSteps(List<Long> read) {
    return read.subList(0, Math.min(read.size(), steps * batchSize));
  }
}
