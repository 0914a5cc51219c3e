/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.checkpoint;

import io.dlioflink.format.content.TensorContent;
import io.dlioflink.workload.TensorType;
import io.dlioflink.workload.checkpoint.CheckpointFile;
import io.dlioflink.workload.checkpoint.CheckpointTensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * TensorFlow's tensor bundle: the tensors one after the other, and an index that says where each
 * is. {@code tf.train.load_checkpoint} reads it; the graph of objects that {@code
 * tf.train.Checkpoint.restore} wants is not in it.
 *
 * <p>Source: TensorFlow {@code core/util/tensor_bundle}, {@code core/protobuf/tensor_bundle.proto}.
 */
final class TensorBundleFormat implements StateFormat {
  private static final String VARIABLE = "/.ATTRIBUTES/VARIABLE_VALUE";

  /** A tensor that was written. */
  private record Entry(String name, CheckpointTensor tensor, long offset, int crc32c) {}

  private final List<Entry> entries = new ArrayList<>();
  private long keyOfEntries;

  /** What the files of a state have in common. */
  static String prefix(CheckpointFile state) {
    return state.name() + ".pb-1";
  }

  @Override
  public List<String> fileNames(CheckpointFile state) {
    return List.of(prefix(state) + ".data-00000-of-00001", prefix(state) + ".index");
  }

  @Override
  public void encode(CheckpointFile state, int number, long key, StateOutput output)
      throws IOException {
    if (number == 0) {
      data(state, key, output);
    } else if (keyOfEntries == key) {
      output.put(index());
    } else {
      throw new IllegalStateException("The index of " + state.name() + " comes before its data");
    }
  }

  private void data(CheckpointFile state, long key, StateOutput output) throws IOException {
    entries.clear();
    CRC32C crc = new CRC32C();
    for (CheckpointTensor tensor : state.storages()) {
      long offset = output.position();
      crc.reset();
      output.tensor(tensor.type(), TensorContent.key(key, tensor.storage()), tensor.bytes(), crc);
      for (CheckpointTensor named : state.tensors()) {
        if (named.storage() == tensor.storage()) {
          entries.add(new Entry(named.label() + VARIABLE, named, offset, (int) crc.getValue()));
        }
      }
    }
    keyOfEntries = key;
  }

  private byte[] index() {
    SortedTable table = new SortedTable();
    table.add("", header());
    entries.stream()
        .sorted(Comparator.comparing(Entry::name))
        .forEach(entry -> table.add(entry.name(), entry(entry)));
    return table.toBytes();
  }

  /** {@code BundleHeaderProto}: one shard, little-endian, producer version 1. */
  private static byte[] header() {
    return new byte[] {1 << 3, 1, 3 << 3 | 2, 2, 1 << 3, 1};
  }

  /** {@code BundleEntryProto}. */
  private static byte[] entry(Entry entry) {
    ByteArrayOutputStream dim = new ByteArrayOutputStream();
    dim.write(1 << 3);
    SortedTable.varint(dim, entry.tensor.elements());
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(1 << 3);
    SortedTable.varint(out, dataType(entry.tensor.type()));
    out.write(2 << 3 | 2);
    SortedTable.varint(out, dim.size() + 2L);
    out.write(2 << 3 | 2);
    SortedTable.varint(out, dim.size());
    out.writeBytes(dim.toByteArray());
    out.write(4 << 3);
    SortedTable.varint(out, entry.offset);
    out.write(5 << 3);
    SortedTable.varint(out, entry.tensor.bytes());
    out.write(6 << 3 | 5);
    SortedTable.fixed(out, SortedTable.masked(entry.crc32c), Integer.BYTES);
    return out.toByteArray();
  }

  /** {@code DataType} of {@code core/framework/types.proto}. */
  private static int dataType(TensorType type) {
    return switch (type) {
      case FP32 -> 1;
      case FP64 -> 2;
      case UINT8 -> 4;
      case INT8 -> 6;
      case BF16 -> 14;
      case FP16 -> 19;
    };
  }

  @Override
  public String placeOf(CheckpointFile state, int number, long offset) {
    if (number > 0) {
      return "the index of tensors";
    }
    long at = 0;
    for (CheckpointTensor tensor : state.storages()) {
      if (offset < at + tensor.bytes()) {
        return "byte %d of tensor %s".formatted(offset - at, tensor.label());
      }
      at += tensor.bytes();
    }
    return "behind the last tensor";
  }

  /** The file {@code checkpoint}, which names the last one written. */
  static byte[] latest(CheckpointFile state) {
    return """
    model_checkpoint_path: "%1$s"
    all_model_checkpoint_paths: "%1$s"
    """
        .formatted(prefix(state))
        .getBytes(StandardCharsets.UTF_8);
  }
}
