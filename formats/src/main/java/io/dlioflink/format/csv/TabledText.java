/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.csv;

import io.dlioflink.workload.ElementType;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Elements of 8 and 16 bits, looked up: each value has a slot with its text and its length. */
final class TabledText implements ElementText {
  private static final int SLOT_BYTES = 16;
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final boolean bytes;
  private final byte[] slots;

  TabledText(ElementType type) {
    bytes = type.bytes() == 1;
    slots = slots(type);
  }

  private static byte[] slots(ElementType type) {
    int values = 1 << (Byte.SIZE * type.bytes());
    byte[] slots = new byte[values * SLOT_BYTES];
    byte[] text = new byte[2 * MAX_BYTES];
    FloatText floats = new FloatText(ElementType.FLOAT16);
    ByteBuffer element = ByteBuffer.allocate(Short.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int value = 0; value < values; value++) {
      int end =
          switch (type) {
            case INT8 -> IntegerText.signed((byte) value, text, 0);
            case INT16 -> IntegerText.signed((short) value, text, 0);
            case FLOAT16 -> floats.append(element.clear().putShort((short) value).flip(), text, 0);
            default -> IntegerText.unsigned(value, text, 0);
          };
      if (!type.floating()) {
        text[end++] = ',';
      }
      System.arraycopy(text, 0, slots, value * SLOT_BYTES, end);
      slots[(value + 1) * SLOT_BYTES - 1] = (byte) end;
    }
    return slots;
  }

  @Override
  public int append(ByteBuffer elements, byte[] text, int start) {
    int at = start;
    int position = elements.position();
    int limit = elements.limit();
    if (bytes) {
      for (int i = position; i < limit; i++) {
        at += copy(Byte.toUnsignedInt(elements.get(i)) * SLOT_BYTES, text, at);
      }
    } else {
      for (int i = position; i < limit; i += Short.BYTES) {
        at += copy(Short.toUnsignedInt(elements.getShort(i)) * SLOT_BYTES, text, at);
      }
    }
    elements.position(limit);
    return at;
  }

  /** Copies a whole slot, of which the text is a part; returns the length of the text. */
  private int copy(int slot, byte[] text, int at) {
    LONG.set(text, at, (long) LONG.get(slots, slot));
    LONG.set(text, at + Long.BYTES, (long) LONG.get(slots, slot + Long.BYTES));
    return slots[slot + SLOT_BYTES - 1];
  }
}
