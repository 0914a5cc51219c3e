/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.npy;

import io.dlioflink.format.BrokenFileException;
import io.dlioflink.format.FileSpec;
import io.dlioflink.storage.Location;
import io.dlioflink.workload.ElementType;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What the header of an NPY array says.
 *
 * <p>Sources: NumPy Enhancement Proposal 1; {@code numpy/lib/_format_impl.py} for the exact text
 * and padding that {@code numpy.save} writes.
 *
 * @param descriptor element type, e.g. {@code <f4}
 * @param elementBytes bytes per element
 * @param shape axes, slowest first in C order
 * @param headerBytes bytes before the payload, magic and padding included
 * @param payloadBytes bytes of all elements
 */
public record NpyHeader(
    String descriptor, int elementBytes, List<Long> shape, int headerBytes, long payloadBytes) {

  static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};

  /** Headers are padded so that the payload starts at a multiple of this. */
  private static final int ALIGNMENT = 64;

  /** NumPy leaves room for the first axis to grow in place to this many digits. */
  private static final int GROWTH_DIGITS = 21;

  private static final int VERSION_1_LIMIT = 1 << 16;

  public NpyHeader {
    shape = List.copyOf(shape);
  }

  /** The header of DLIO's array of a file: all samples, sample index last. */
  public static byte[] ofSamples(FileSpec file) {
    List<Integer> shape = new ArrayList<>(file.dims());
    shape.add(file.samples());
    return bytes(file.elementType(), shape);
  }

  /** The header of an array as {@code numpy.save} writes it. */
  public static byte[] bytes(ElementType type, List<Integer> shape) {
    String axes = shape.stream().map(String::valueOf).collect(Collectors.joining(", "));
    String dictionary =
        "{'descr': '%s', 'fortran_order': False, 'shape': (%s), }"
            .formatted(type.numpyDescriptor(), shape.size() == 1 ? axes + "," : axes);
    int growth = shape.isEmpty() ? 0 : GROWTH_DIGITS - String.valueOf(shape.get(0)).length();
    int textBytes = dictionary.length() + growth + 1;
    boolean version1 = padded(10 + textBytes) - 10 < VERSION_1_LIMIT;
    int prefixBytes = version1 ? 10 : 12;
    int total = padded(prefixBytes + textBytes);
    int length = total - prefixBytes;

    ByteArrayOutputStream header = new ByteArrayOutputStream(total);
    header.writeBytes(MAGIC);
    header.write(version1 ? 1 : 2);
    header.write(0);
    for (int i = 0; i < prefixBytes - 8; i++) {
      header.write(length >>> (8 * i));
    }
    header.writeBytes(dictionary.getBytes(StandardCharsets.US_ASCII));
    while (header.size() < total - 1) {
      header.write(' ');
    }
    header.write('\n');
    return header.toByteArray();
  }

  private static int padded(int bytes) {
    // NumPy pads by a whole unit when nothing is missing.
    return (bytes / ALIGNMENT + 1) * ALIGNMENT;
  }

  /**
   * Checks the sample axis, which is the last one. An array with fewer than two axes has none and
   * stands for one sample.
   *
   * @return bytes of one sample
   * @throws BrokenFileException if the array does not hold that many samples
   */
  public long requireSamples(int samples, Location file, long offset) throws BrokenFileException {
    long found = shape.size() < 2 ? 1 : shape.get(shape.size() - 1);
    if (found != samples) {
      throw new BrokenFileException(
          file,
          offset,
          "the array of shape %s holds %d samples (last axis), expected %d"
              .formatted(shape, found, samples));
    }
    return payloadBytes / samples;
  }
}
