/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.checkpoint;

import io.dlioflink.workload.TensorType;
import io.dlioflink.workload.checkpoint.CheckpointTensor;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The pickled dictionaries of a PyTorch file; tensors refer to the bytes of the archive by
 * persistent ids. Protocol 2 without memos.
 *
 * <p>Sources: CPython {@code pickletools}; PyTorch {@code torch/serialization.py}, {@code
 * torch/_utils.py} ({@code _rebuild_tensor_v2}).
 */
final class TorchPickle {
  private static final int PROTO = 0x80;
  private static final int EMPTY_DICT = '}';
  private static final int MARK = '(';
  private static final int SETITEMS = 'u';
  private static final int STOP = '.';
  private static final int GLOBAL = 'c';
  private static final int UNICODE = 'X';
  private static final int TUPLE = 't';
  private static final int TUPLE1 = 0x85;
  private static final int EMPTY_TUPLE = ')';
  private static final int PERSISTENT_ID = 'Q';
  private static final int REDUCE = 'R';
  private static final int NEW_FALSE = 0x89;
  private static final int INT32 = 'J';
  private static final int LONG1 = 0x8a;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  private TorchPickle() {}

  static byte[] of(List<CheckpointTensor> tensors) {
    TorchPickle pickle = new TorchPickle();
    pickle.write(PROTO, 2);
    pickle.dictionary(tensors, 0);
    pickle.write(STOP);
    return pickle.out.toByteArray();
  }

  private void dictionary(List<CheckpointTensor> tensors, int depth) {
    write(EMPTY_DICT, MARK);
    int next = 0;
    while (next < tensors.size()) {
      CheckpointTensor tensor = tensors.get(next);
      String key = tensor.path().get(depth);
      text(key);
      if (tensor.path().size() == depth + 1) {
        tensor(tensor);
        next++;
      } else {
        int end = next;
        while (end < tensors.size() && tensors.get(end).path().get(depth).equals(key)) {
          end++;
        }
        dictionary(tensors.subList(next, end), depth + 1);
        next = end;
      }
    }
    write(SETITEMS);
  }

  private void tensor(CheckpointTensor tensor) {
    global("torch._utils", "_rebuild_tensor_v2");
    write(MARK);
    write(MARK);
    text("storage");
    global("torch", storageClass(tensor.type()));
    text(String.valueOf(tensor.storage()));
    text("cpu");
    integer(tensor.elements());
    write(TUPLE, PERSISTENT_ID);
    integer(0);
    integer(tensor.elements());
    write(TUPLE1);
    integer(1);
    write(TUPLE1);
    write(NEW_FALSE);
    global("collections", "OrderedDict");
    write(EMPTY_TUPLE, REDUCE);
    write(TUPLE, REDUCE);
  }

  private static String storageClass(TensorType type) {
    return switch (type) {
      case FP16 -> "HalfStorage";
      case BF16 -> "BFloat16Storage";
      case FP32 -> "FloatStorage";
      case FP64 -> "DoubleStorage";
      case INT8 -> "CharStorage";
      case UINT8 -> "ByteStorage";
    };
  }

  private void global(String module, String name) {
    write(GLOBAL);
    out.writeBytes((module + "\n" + name + "\n").getBytes(StandardCharsets.US_ASCII));
  }

  private void text(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    write(UNICODE);
    littleEndian(bytes.length, Integer.BYTES);
    out.writeBytes(bytes);
  }

  private void integer(long value) {
    if (value == (int) value) {
      write(INT32);
      littleEndian(value, Integer.BYTES);
    } else {
      write(LONG1, Long.BYTES);
      littleEndian(value, Long.BYTES);
    }
  }

  private void littleEndian(long value, int bytes) {
    byte[] all =
        ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array();
    out.write(all, 0, bytes);
  }

  private void write(int... bytes) {
    for (int b : bytes) {
      out.write(b);
    }
  }
}
