/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.s3;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import java.util.zip.Checksum;

/** The checksums of whole objects that can be computed at little cost; the first is preferred. */
enum ObjectChecksum {
  CRC32C("x-amz-checksum-crc32c", 4),
  CRC32("x-amz-checksum-crc32", 4),
  CRC64NVME("x-amz-checksum-crc64nvme", 8);

  private final String header;
  private final int bytes;

  ObjectChecksum(String header, int bytes) {
    this.header = header;
    this.bytes = bytes;
  }

  private Checksum algorithm() {
    return switch (this) {
      case CRC32C -> new CRC32C();
      case CRC32 -> new CRC32();
      case CRC64NVME -> new Crc64Nvme();
    };
  }

  /** Its header. */
  String header() {
    return header;
  }

  /** The value of the header for some bytes; their positions do not move. */
  String of(Iterable<ByteBuffer> content) {
    Checksum checksum = algorithm();
    content.forEach(part -> checksum.update(part.duplicate()));
    ByteBuffer value = ByteBuffer.allocate(Long.BYTES).putLong(checksum.getValue());
    byte[] last = new byte[bytes];
    value.position(Long.BYTES - bytes).get(last);
    return Base64.getEncoder().encodeToString(last);
  }

  /**
   * What is wrong with the bytes of a whole object, if the answer has a checksum of them. Checksums
   * of checksums of parts say nothing of the bytes.
   *
   * @param headers of the answer, by name
   */
  static Optional<String> mismatch(Function<String, Optional<String>> headers, ByteBuffer content) {
    if (headers.apply("x-amz-checksum-type").orElse("FULL_OBJECT").equals("COMPOSITE")) {
      return Optional.empty();
    }
    for (ObjectChecksum checksum : values()) {
      Optional<String> expected = headers.apply(checksum.header);
      if (expected.isPresent() && expected.get().indexOf('-') < 0) {
        String found = checksum.of(List.of(content));
        return found.equals(expected.get())
            ? Optional.empty()
            : Optional.of(
                "The %s of what was received is %s, not %s"
                    .formatted(checksum, found, expected.get()));
      }
    }
    return Optional.empty();
  }
}
