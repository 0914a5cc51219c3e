/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.dlioflink.format.FileSpec;
import io.dlioflink.workload.Compression;
import io.dlioflink.workload.ElementType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RandomContentTest {
  private static final int MIB = 1 << 20;

  private final RandomContent content = new RandomContent(42);

  @Test
  void theBytesNeverChange() throws Exception {
    Map<ElementType, String> golden =
        Map.of(
            ElementType.UINT8, "5e95565a602522ed",
            ElementType.INT64, "5e95565a602522ed",
            ElementType.FLOAT16, "02ccd41d0a9019cc",
            ElementType.FLOAT32, "28e0e389f4e468dc",
            ElementType.FLOAT64, "3b410a7487f951cf");
    Map<ElementType, String> found = new EnumMap<>(ElementType.class);
    for (ElementType type : golden.keySet()) {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(bytes(file(7, type), 2, 0, 100_000));
      found.put(type, HexFormat.of().formatHex(hash).substring(0, 16));
    }
    assertThat(found).containsExactlyInAnyOrderEntriesOf(golden);
  }

  @ParameterizedTest
  @EnumSource
  void anyStretchEqualsThatOfTheWhole(ElementType type) {
    FileSpec file = file(1, type);
    byte[] whole = bytes(file, 0, 0, 40_000);
    Random random = new Random(3);
    int size = type.bytes();
    for (int i = 0; i < 2000; i++) {
      int from = random.nextInt(40_000 / size) * size;
      int to = from + random.nextInt((40_000 - from) / size + 1) * size;
      assertThat(bytes(file, 0, from, to - from))
          .as("%d to %d", from, to)
          .isEqualTo(Arrays.copyOfRange(whole, from, to));
    }
  }

  @Test
  void heapAndDirectTargetsOfAnyOrderAndPlaceGetTheSame() {
    FileSpec file = file(1, ElementType.UINT8);
    byte[] expected = bytes(file, 0, 0, 10_000);
    for (ByteOrder order : List.of(ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN)) {
      for (int shift = 0; shift < 9; shift++) {
        ByteBuffer direct = ByteBuffer.allocateDirect(10_100).order(order);
        direct.position(shift).limit(shift + 10_000);
        content.fill(file, 0, 0, direct);
        byte[] found = new byte[10_000];
        direct.get(shift, found);
        assertThat(found).isEqualTo(expected);
        assertThat(direct.remaining()).isZero();
        assertThat(direct.order()).isEqualTo(order);
        assertThat(direct.limit(10_100).get(shift + 10_000)).isZero();
      }
    }
  }

  @Test
  void threadsDoNotDisturbEachOther() {
    FileSpec file = file(1, ElementType.UINT8);
    List<byte[]> expected =
        IntStream.range(0, 64).mapToObj(i -> bytes(file, i, 0, 20_000)).toList();
    assertThat(
            IntStream.range(0, 6400)
                .parallel()
                .filter(i -> !Arrays.equals(bytes(file, i % 64, 0, 20_000), expected.get(i % 64)))
                .count())
        .isZero();
  }

  @Test
  void seedFileAndSampleEachChangeEverything() {
    byte[] base = bytes(file(1, ElementType.UINT8), 0, 0, 4096);
    byte[] otherFile = bytes(file(2, ElementType.UINT8), 0, 0, 4096);
    byte[] otherSample = bytes(file(1, ElementType.UINT8), 1, 0, 4096);
    ByteBuffer otherSeed = ByteBuffer.allocate(4096);
    new RandomContent(43).fill(file(1, ElementType.UINT8), 0, 0, otherSeed);
    for (byte[] other : List.of(otherFile, otherSample, otherSeed.array())) {
      long equal = IntStream.range(0, 4096).filter(i -> base[i] == other[i]).count();
      assertThat(equal).isLessThan(100);
    }
  }

  @Test
  void integersDoNotCompress() {
    FileSpec file = file(5, ElementType.INT16);
    ByteBuffer piece = ByteBuffer.allocateDirect(MIB);
    ByteBuffer compressed = ByteBuffer.allocateDirect(2 * MIB);
    long total = 0;
    Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
    for (int i = 0; i < 64; i++) {
      content.fill(file, 0, (long) i * MIB, piece.clear());
      deflater.setInput(piece.flip());
      total += deflater.deflate(compressed.clear(), Deflater.SYNC_FLUSH);
    }
    deflater.end();
    assertThat(total / (64.0 * MIB)).isGreaterThan(0.999);
  }

  @Test
  void noSectorOccursTwice() {
    Set<Long> seen = new HashSet<>();
    ByteBuffer piece = ByteBuffer.allocateDirect(MIB).order(ByteOrder.LITTLE_ENDIAN);
    for (int number = 0; number < 8; number++) {
      FileSpec file = file(number, ElementType.UINT32);
      for (int i = 0; i < 16; i++) {
        content.fill(file, 0, (long) i * MIB, piece.clear());
        for (int at = 0; at < MIB; at += 512) {
          // 16 of its bytes stand for a sector: equal sectors would have them equal.
          seen.add(BlockGenerator.mix(piece.getLong(at)) + piece.getLong(at + 8));
        }
      }
    }
    assertThat(seen).hasSize(128 * MIB / 512);
  }

  @Test
  void allBitsOfIntegersAreEvenlyRandom() {
    ByteBuffer bytes = ByteBuffer.wrap(bytes(file(1, ElementType.INT64), 0, 0, 8 * MIB));
    int[] ones = new int[Long.SIZE];
    int count = bytes.remaining() / Long.BYTES;
    while (bytes.hasRemaining()) {
      long value = bytes.getLong();
      for (int bit = 0; bit < Long.SIZE; bit++) {
        ones[bit] += (int) (value >>> bit & 1);
      }
    }
    assertThat(IntStream.of(ones).mapToDouble(n -> (double) n / count).toArray())
        .usingComparatorWithPrecision(0.003)
        .containsOnly(0.5);
  }

  @ParameterizedTest
  @EnumSource(names = {"FLOAT16", "FLOAT32", "FLOAT64"})
  void floatsAreUniformBetweenZeroAndOne(ElementType type) {
    ByteBuffer bytes =
        ByteBuffer.wrap(bytes(file(1, type), 0, 0, 8 * MIB)).order(ByteOrder.LITTLE_ENDIAN);
    int[] bins = new int[64];
    int count = bytes.remaining() / type.bytes();
    int outside = 0;
    double sum = 0;
    double squares = 0;
    while (bytes.hasRemaining()) {
      double value =
          switch (type) {
            case FLOAT16 -> half(bytes.getShort());
            case FLOAT32 -> bytes.getFloat();
            default -> bytes.getDouble();
          };
      if (value >= 0 && value < 1) {
        bins[(int) (value * bins.length)]++;
      } else {
        outside++;
      }
      sum += value;
      squares += value * value;
    }
    // The exponents are those of the pool, which is finite: so wide.
    assertThat(IntStream.of(bins).mapToDouble(n -> (double) n * bins.length / count).toArray())
        .usingComparatorWithPrecision(0.1)
        .containsOnly(1.0);
    assertThat(outside).isZero();
    assertThat(sum / count).isCloseTo(1.0 / 2, within(0.005));
    assertThat(squares / count).isCloseTo(1.0 / 3, within(0.005));
  }

  /** IEEE 754 binary16 of a number that is not negative. */
  private static double half(short bits) {
    int exponent = bits >> 10;
    int mantissa = bits & 0x3ff;
    return exponent == 0
        ? Math.scalb((double) mantissa, -24)
        : Math.scalb((double) (mantissa | 0x400), exponent - 25);
  }

  @Test
  void elementsAreNotSplit() {
    assertThatThrownBy(() -> content.fill(file(1, ElementType.INT32), 0, 2, ByteBuffer.allocate(4)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Offset 2 or length 4 is not a multiple of the element size 4");
  }

  private byte[] bytes(FileSpec file, int sample, long offset, int length) {
    ByteBuffer target = ByteBuffer.allocate(length);
    content.fill(file, sample, offset, target);
    return target.array();
  }

  private static FileSpec file(long number, ElementType type) {
    return new FileSpec(number, List.of(1 << 20), type, 4, Compression.NONE);
  }
}
