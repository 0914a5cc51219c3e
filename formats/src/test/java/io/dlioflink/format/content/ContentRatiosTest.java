/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dlioflink.format.FileSpec;
import io.dlioflink.workload.Compression;
import io.dlioflink.workload.ContentOptions;
import io.dlioflink.workload.ElementType;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ContentRatiosTest {
  private static final int BLOCK_BYTES = 4096;

  @Test
  void ratiosOfOneAreTheRandomContentOfTheSeed() {
    FileSpec file = file(3, 20_000, ElementType.FLOAT32, 2);
    assertThat(sample(RandomContent.of(ContentOptions.incompressible(42)), file, 1))
        .isEqualTo(sample(new RandomContent(42), file, 1));
  }

  @ParameterizedTest
  @CsvSource({"1.5, 1", "2, 1", "3, 1", "8, 1", "2, 2", "3, 1.5"})
  void integersCompressByTheRatio(double compress, double dedupe) {
    for (ElementType type : List.of(ElementType.UINT8, ElementType.INT32, ElementType.INT64)) {
      assertThat(deflateRatio(compress, dedupe, file(0, 8_000_000, type, 1)))
          .as("%s", type)
          .isCloseTo(compress, within(0.04 * compress));
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"FLOAT16", "FLOAT32", "FLOAT64"})
  void floatsCompressByTheRatioAndTheirExponents(ElementType type) {
    FileSpec file = file(0, 8_000_000, type, 1);
    double random = deflateRatio(1, 1, file);
    assertThat(random).isBetween(1.0, 1.25);
    assertThat(deflateRatio(3, 1, file)).isCloseTo(3 * random, within(0.05 * 3 * random));
  }

  @Test
  void samplesShorterThanBlocksCompressAsWell() {
    byte[] sample = sample(content(4, 1), file(7, 1000, ElementType.UINT8, 1), 0);
    assertThat(Arrays.copyOf(sample, 250)).isNotEqualTo(new byte[250]);
    assertThat(Arrays.copyOfRange(sample, 250, 1000)).containsOnly(0);
  }

  @ParameterizedTest
  @ValueSource(doubles = {1, 1.25, 2, 3, 10})
  void distinctBlocksAreFewerByTheRatio(double ratio) {
    // Many files of one block, some of many samples, a few large ones.
    assertThat(dedupeRatio(ratio, 12_800, file(0, BLOCK_BYTES, ElementType.UINT8, 1)))
        .isCloseTo(ratio, within(0.02));
    assertThat(dedupeRatio(ratio, 64, file(0, 3 * BLOCK_BYTES, ElementType.INT16, 100)))
        .isCloseTo(ratio, within(0.1));
    assertThat(dedupeRatio(ratio, 5, file(0, 12_800 * BLOCK_BYTES, ElementType.FLOAT64, 1)))
        .isCloseTo(ratio, within(0.02));
  }

  @ParameterizedTest
  @ValueSource(ints = {100, 5000, 3 * BLOCK_BYTES + 8})
  void theLastBlocksOfSamplesRepeatAmongThemselves(int sampleBytes) {
    assertThat(dedupeRatio(4, 2560, file(0, sampleBytes, ElementType.UINT8, 2)))
        .isCloseTo(4, within(0.05));
  }

  @Test
  void shapesShareNoBlocks() {
    Set<ByteBuffer> blocks = new HashSet<>();
    long all = 0;
    for (int blockCount = 1; blockCount <= 40; blockCount++) {
      FileSpec file = file(0, blockCount * BLOCK_BYTES, ElementType.UINT8, 1);
      all += addBlocks(blocks, sample(content(1, 5), file, 0));
    }
    assertThat(blocks).hasSize((int) all);
  }

  @Test
  void whatRepeatsIsTooFarApartToCompress() {
    FileSpec file = file(0, 4_000_000, ElementType.UINT8, 1);
    assertThat(deflateRatio(1, 4, file)).isCloseTo(1, within(0.01));
  }

  @ParameterizedTest
  @EnumSource
  void anyStretchEqualsThatOfTheWhole(ElementType type) {
    RandomContent content = content(3.7, 2.5);
    FileSpec file = file(5, 40_000, type, 3);
    byte[] whole = sample(content, file, 2);
    Random random = new Random(3);
    int size = type.bytes();
    for (int i = 0; i < 2000; i++) {
      int from = random.nextInt(40_000 / size) * size;
      int to = from + random.nextInt((40_000 - from) / size + 1) * size;
      ByteBuffer stretch = ByteBuffer.allocate(to - from);
      content.fill(file, 2, from, stretch);
      assertThat(stretch.array())
          .as("%d to %d", from, to)
          .isEqualTo(Arrays.copyOfRange(whole, from, to));
    }
  }

  private static double deflateRatio(double compress, double dedupe, FileSpec file) {
    byte[] sample = sample(content(compress, dedupe), file, 0);
    Deflater deflater = new Deflater();
    deflater.setInput(sample);
    deflater.finish();
    byte[] compressed = new byte[1 << 16];
    while (!deflater.finished()) {
      deflater.deflate(compressed);
    }
    double ratio = (double) deflater.getBytesRead() / deflater.getBytesWritten();
    deflater.end();
    return ratio;
  }

  private static double dedupeRatio(double ratio, int files, FileSpec like) {
    RandomContent content = content(1, ratio);
    Set<ByteBuffer> distinct = new HashSet<>();
    long blocks = 0;
    for (int number = 0; number < files; number++) {
      FileSpec file =
          new FileSpec(number, like.dims(), like.elementType(), like.samples(), Compression.NONE);
      for (int sample = 0; sample < file.samples(); sample++) {
        blocks += addBlocks(distinct, sample(content, file, sample));
      }
    }
    return (double) blocks / distinct.size();
  }

  /** Adds the first bytes of each block, which stand for all of it; returns the blocks seen. */
  private static int addBlocks(Set<ByteBuffer> distinct, byte[] sample) {
    int blocks = 0;
    for (int at = 0; at < sample.length; at += BLOCK_BYTES, blocks++) {
      int end = Math.min(at + BLOCK_BYTES, sample.length);
      ByteBuffer key = ByteBuffer.allocate(24).putInt(end - at);
      distinct.add(key.put(sample, at, Math.min(end - at, 20)).flip());
    }
    return blocks;
  }

  private static RandomContent content(double compressRatio, double dedupeRatio) {
    return RandomContent.of(new ContentOptions(42, compressRatio, dedupeRatio));
  }

  private static byte[] sample(RandomContent content, FileSpec file, int sample) {
    ByteBuffer bytes = ByteBuffer.allocate((int) file.sampleBytes());
    content.fill(file, sample, 0, bytes);
    return bytes.array();
  }

  private static FileSpec file(long number, int sampleBytes, ElementType type, int samples) {
    return new FileSpec(
        number, List.of(sampleBytes / type.bytes()), type, samples, Compression.NONE);
  }
}
