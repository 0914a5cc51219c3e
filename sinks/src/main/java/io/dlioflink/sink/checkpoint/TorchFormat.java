/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.checkpoint;

import io.dlioflink.format.content.TensorContent;
import io.dlioflink.workload.checkpoint.CheckpointFile;
import io.dlioflink.workload.checkpoint.CheckpointTensor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import javax.annotation.Nullable;

/**
 * Files as {@code torch.save} writes them: a zip archive of stored members, the data of each at a
 * multiple of 64 bytes, sizes and CRC-32 behind it.
 *
 * <p>Source: PyTorch {@code torch/serialization.py}, {@code caffe2/serialize/inline_container.cc}.
 */
final class TorchFormat implements StateFormat {
  private static final String FOLDER = "archive/";

  private final String extension;

  /**
   * The format.
   *
   * @param extension of the files, without dot
   */
  TorchFormat(String extension) {
    this.extension = extension;
  }

  /** A member: a tensor, or else bytes. */
  @SuppressWarnings("ArrayRecordComponent")
  private record Member(
      String name, byte[] bytes, @Nullable CheckpointTensor tensor, String label) {
    long length() {
      return tensor == null ? bytes.length : tensor.bytes();
    }
  }

  private static List<Member> members(CheckpointFile state, long key) {
    List<Member> members = new ArrayList<>();
    members.add(bytes("data.pkl", TorchPickle.of(state.tensors())));
    members.add(text(".format_version", "1"));
    members.add(text(".storage_alignment", String.valueOf(StoredZip.ALIGNMENT_BYTES)));
    members.add(text("byteorder", "little"));
    for (CheckpointTensor tensor : state.storages()) {
      members.add(
          new Member(
              FOLDER + "data/" + tensor.storage(),
              new byte[0],
              tensor,
              "tensor " + tensor.label()));
    }
    members.add(text("version", "3\n"));
    members.add(
        text(
            ".data/serialization_id",
            "%020d%020d".formatted(key >>> 1, TensorContent.key(key) >>> 1)));
    return members;
  }

  private static Member text(String name, String text) {
    return bytes(name, text.getBytes(StandardCharsets.US_ASCII));
  }

  private static Member bytes(String name, byte[] bytes) {
    return new Member(FOLDER + name, bytes, null, name);
  }

  @Override
  public List<String> fileNames(CheckpointFile state) {
    return List.of(state.name() + "." + extension);
  }

  @Override
  public void encode(CheckpointFile state, int number, long key, StateOutput output)
      throws IOException {
    StoredZip zip = new StoredZip(output);
    for (Member member : members(state, key)) {
      CheckpointTensor tensor = member.tensor();
      if (tensor == null) {
        zip.add(member.name(), member.bytes());
      } else {
        zip.add(
            member.name(),
            tensor.bytes(),
            () ->
                output.tensor(
                    tensor.type(), TensorContent.key(key, tensor.storage()), tensor.bytes()));
      }
    }
    zip.end();
  }

  @Override
  public String placeOf(CheckpointFile state, int number, long offset) {
    long at = 0;
    for (Member member : members(state, 0)) {
      long data = StoredZip.dataOffset(at, member.name(), member.length());
      if (offset < data) {
        return "the header of " + member.label();
      }
      if (offset < data + member.length()) {
        return "byte %d of %s".formatted(offset - data, member.label());
      }
      at = data + member.length() + StoredZip.descriptorBytes(member.length());
    }
    return "the directory of the archive";
  }
}
