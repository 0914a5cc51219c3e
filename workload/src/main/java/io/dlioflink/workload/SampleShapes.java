/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload;

import io.dlioflink.workload.random.NumpyRandom;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The shape of the samples of every file, as DLIO's generators draw it.
 *
 * <p>Files are counted over the combined list: all training files, then all evaluation files
 * ({@link DatasetLayout#fileNumber}). All samples of a file have the same shape. With {@code
 * record_dims} every file has that shape; else a sample is a rectangle whose two sides are {@code
 * floor(sqrt(record_length))}, or with a stdev each {@code max(trunc(N), 1)} of a normal
 * distribution around it, drawn from NumPy's generator with seed 10. So the sizes depend on nothing
 * but the position of a file: neither on the number of ranks nor on the number of files.
 *
 * <p>Source: DLIO {@code data_generator/data_generator.py} and {@code utils/config.py}.
 *
 * <p>Immutable as seen from outside, thread-safe; serialized without any drawn sizes. Creation
 * draws nothing. Constant shapes need constant memory. Drawn shapes are drawn on first use: up to
 * {@value #WHOLE_FILES} files into one array (8 bytes a file); beyond that in blocks of {@value
 * #BLOCK_FILES} files of which {@value #CACHED_BLOCKS} are kept, with the generator's state noted
 * at every block border (0.16 bytes a file). Walking on costs about 60 ns a file, jumping to a
 * block that is not kept about 0.6 ms, and the first jump draws all files before it as well.
 */
public final class SampleShapes implements Serializable {

  /** Up to so many files, asking for them in any order is cheap. */
  public static final int WHOLE_FILES = 1 << 22;

  static final int BLOCK_FILES = 1 << 14;
  static final int CACHED_BLOCKS = 64;

  private static final long serialVersionUID = 1L;
  private static final long DLIO_SIZE_SEED = 10;

  private final long files;
  private final int elementBytes;
  private final List<Integer> fixedDims;
  private final double meanSide;
  private final double stdevSide;
  private transient volatile int[] wholeSides;
  private transient Blocks blocks;

  private SampleShapes(
      long files, int elementBytes, List<Integer> fixedDims, double meanSide, double stdevSide) {
    this.files = files;
    this.elementBytes = elementBytes;
    this.fixedDims = fixedDims;
    this.meanSide = meanSide;
    this.stdevSide = stdevSide;
  }

  /** The shapes of a dataset. */
  public static SampleShapes of(DatasetConfig dataset) {
    long files = Math.addExact(dataset.numFilesTrain(), dataset.numFilesEval());
    int elementBytes = dataset.recordElementType().bytes();
    if (!dataset.recordDims().isEmpty()) {
      return new SampleShapes(files, elementBytes, dataset.recordDims(), 0, 0);
    }
    double root = Math.sqrt(dataset.recordLengthBytes());
    double side = Math.floor(root);
    if (dataset.recordLengthBytesStdev() == 0) {
      Integer fixed = wholeSide(side);
      return new SampleShapes(files, elementBytes, List.of(fixed, fixed), side, 0);
    }
    double stdevSide = dataset.recordLengthBytesStdev() / 2.0 / root;
    return new SampleShapes(files, elementBytes, List.of(), side, stdevSide);
  }

  /** Files the shapes are defined for. */
  public long files() {
    return files;
  }

  /**
   * The shape of every sample of a file, without a sample axis.
   *
   * @param fileNumber 0 .. {@link #files()} - 1
   */
  public List<Integer> dims(long fileNumber) {
    Objects.checkIndex(fileNumber, files);
    if (!fixedDims.isEmpty()) {
      return fixedDims;
    }
    long sides = drawnSides(fileNumber);
    return List.of((int) (sides >>> 32), (int) sides);
  }

  /**
   * Bytes of the elements of one sample of a file.
   *
   * @param fileNumber 0 .. {@link #files()} - 1
   * @throws ArithmeticException if a sample has more than 2^63 - 1 bytes
   */
  public long sampleBytes(long fileNumber) {
    Objects.checkIndex(fileNumber, files);
    long bytes = elementBytes;
    if (fixedDims.isEmpty()) {
      long sides = drawnSides(fileNumber);
      return Math.multiplyExact(bytes, (sides >>> 32) * (sides & 0xffff_ffffL));
    }
    for (int side : fixedDims) {
      bytes = Math.multiplyExact(bytes, side);
    }
    return bytes;
  }

  private long drawnSides(long fileNumber) {
    if (files > WHOLE_FILES) {
      return blockSides(fileNumber);
    }
    int[] sides = wholeSides;
    if (sides == null) {
      sides = drawWhole();
    }
    return sidesAt(sides, (int) fileNumber);
  }

  private synchronized int[] drawWhole() {
    if (wholeSides == null) {
      wholeSides = draw(new NumpyRandom(DLIO_SIZE_SEED), (int) files);
    }
    return wholeSides;
  }

  private synchronized long blockSides(long fileNumber) {
    if (blocks == null) {
      blocks = new Blocks();
    }
    int[] sides = blocks.sides((int) (fileNumber / BLOCK_FILES));
    return sidesAt(sides, (int) (fileNumber % BLOCK_FILES));
  }

  private static long sidesAt(int[] sides, int file) {
    return ((long) sides[2 * file] << 32) | sides[2 * file + 1];
  }

  private int[] draw(NumpyRandom random, int count) {
    int[] sides = new int[2 * count];
    for (int i = 0; i < sides.length; i++) {
      sides[i] = wholeSide(random.normal(meanSide, stdevSide));
    }
    return sides;
  }

  private static int wholeSide(double side) {
    return Math.max((int) side, 1);
  }

  /** Blocks of drawn sides; guarded by the owner's monitor. */
  private final class Blocks {
    private final List<NumpyRandom> atStart = new ArrayList<>();
    private final Map<Integer, int[]> cached =
        new LinkedHashMap<>(2 * CACHED_BLOCKS, 0.75f, true) {
          @Override
          protected boolean removeEldestEntry(Map.Entry<Integer, int[]> eldest) {
            return size() > CACHED_BLOCKS;
          }
        };

    Blocks() {
      atStart.add(new NumpyRandom(DLIO_SIZE_SEED));
    }

    int[] sides(int block) {
      int[] sides = cached.get(block);
      if (sides == null) {
        while (atStart.size() <= block) {
          drawBlock(atStart.size() - 1);
        }
        sides = drawBlock(block);
        cached.put(block, sides);
      }
      return sides;
    }

    private int[] drawBlock(int block) {
      NumpyRandom random = atStart.get(block).copy();
      int[] sides = draw(random, BLOCK_FILES);
      if (atStart.size() == block + 1) {
        atStart.add(random);
      }
      return sides;
    }
  }
}
