/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.csv;

import io.dlioflink.workload.ElementType;
import java.nio.ByteBuffer;

/** Writes elements of one type as decimal text. Holds the scratch of one thread. */
interface ElementText {
  /** More than any element takes, with its comma. */
  int MAX_BYTES = 32;

  /**
   * Appends elements, a comma behind each.
   *
   * @param elements little-endian; all remaining ones
   * @param text with room for {@link #MAX_BYTES} per element, and once more
   * @param start of the text
   * @return the end of the text
   */
  int append(ByteBuffer elements, byte[] text, int start);

  /** The writer of a type. */
  static ElementText of(ElementType type) {
    return switch (type) {
      case INT8, UINT8, INT16, UINT16, FLOAT16 -> new TabledText(type);
      case INT32, INT64, UINT32, UINT64 -> new IntegerText(type);
      case FLOAT32, FLOAT64 -> new FloatText(type);
    };
  }
}
