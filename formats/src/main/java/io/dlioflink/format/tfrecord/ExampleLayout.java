/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.tfrecord;

import com.google.protobuf.CodedOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * A record around the bytes of one sample: {@code tf.train.Example} with the features {@code
 * image}, the bytes, and {@code size}, their number. The features stand in this order, that of
 * their names, as in protobuf's deterministic serialization. DLIO asks for none, so which of the
 * two comes first differs from one of its processes to the next.
 *
 * <p>Sources: DLIO {@code data_generator/tf_generator.py}; TensorFlow {@code
 * core/example/feature.proto}; Protocol Buffers, "Encoding".
 */
final class ExampleLayout {
  static final String IMAGE = "image";
  static final String SIZE = "size";

  private final byte[] head;
  private final byte[] tail;
  private final long imageBytes;

  private ExampleLayout(byte[] head, byte[] tail, long imageBytes) {
    this.head = head;
    this.tail = tail;
    this.imageBytes = imageBytes;
  }

  /**
   * The record of a sample.
   *
   * @throws IllegalArgumentException if it is too large for a message
   */
  static ExampleLayout of(long imageBytes) {
    byte[] tail = sizeEntry(imageBytes);
    long listBytes = fieldBytes(imageBytes);
    long featureBytes = fieldBytes(listBytes);
    long entryBytes = keyBytes(IMAGE) + fieldBytes(featureBytes);
    long featuresBytes = fieldBytes(entryBytes) + tail.length;
    long exampleBytes = fieldBytes(featuresBytes);
    if (exampleBytes > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "A sample of %d bytes does not fit a record: a tf.train.Example has at most %d"
              .formatted(imageBytes, Integer.MAX_VALUE));
    }
    byte[] prefix =
        message(
            out -> {
              putLength(out, 1, featuresBytes);
              putLength(out, 1, entryBytes);
              out.writeString(1, IMAGE);
              putLength(out, 2, featureBytes);
              putLength(out, 1, listBytes);
              putLength(out, 1, imageBytes);
            });
    ByteBuffer head =
        ByteBuffer.allocate(Framing.HEADER_BYTES + prefix.length)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(exampleBytes);
    head.putInt(Framing.masked(new CRC32C(), head, 0, Framing.LENGTH_BYTES)).put(prefix);
    return new ExampleLayout(head.array(), tail, imageBytes);
  }

  /** The map entry of the feature {@code size}, with its tag. */
  private static byte[] sizeEntry(long imageBytes) {
    byte[] list =
        message(
            out -> {
              putLength(out, 1, CodedOutputStream.computeInt64SizeNoTag(imageBytes));
              out.writeInt64NoTag(imageBytes);
            });
    byte[] feature = message(out -> out.writeByteArray(3, list));
    byte[] entry =
        message(
            out -> {
              out.writeString(1, SIZE);
              out.writeByteArray(2, feature);
            });
    return message(out -> out.writeByteArray(1, entry));
  }

  private static long keyBytes(String key) {
    return CodedOutputStream.computeStringSize(1, key);
  }

  /** Bytes of a field whose number is below 16, with tag and length. */
  private static long fieldBytes(long contentBytes) {
    return 1 + CodedOutputStream.computeUInt64SizeNoTag(contentBytes) + contentBytes;
  }

  private static void putLength(CodedOutputStream out, int field, long bytes) throws IOException {
    out.writeTag(field, 2);
    out.writeUInt64NoTag(bytes);
  }

  private interface Fields {
    void writeTo(CodedOutputStream out) throws IOException;
  }

  private static byte[] message(Fields fields) {
    ByteBuffer bytes = ByteBuffer.allocate(128);
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    try {
      fields.writeTo(out);
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    byte[] written = new byte[bytes.position()];
    bytes.get(0, written);
    return written;
  }

  /** What stands before the bytes of the sample: length and CRC of the record, and tags. */
  byte[] head() {
    return head;
  }

  /** What stands between the bytes of the sample and the CRC of the record. */
  byte[] tail() {
    return tail;
  }

  /** Bytes of the record in the file. */
  long recordBytes() {
    return head.length + imageBytes + tail.length + Framing.FOOTER_BYTES;
  }
}
