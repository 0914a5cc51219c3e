/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.tfrecord;

import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldOptions;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.MessageOptions;
import com.google.protobuf.DescriptorProtos.OneofDescriptorProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.OptionalLong;

/**
 * {@code tf.train.Example} as a protobuf type, for a parse by protobuf itself. The type is made
 * here and not by {@code protoc}, a native program that the build would have to bring along for
 * every platform.
 *
 * <p>Source: TensorFlow {@code core/example/example.proto}, {@code feature.proto}.
 */
final class ExampleMessage {
  private static final String PACKAGE = "tensorflow";
  private static final Descriptor EXAMPLE = describe().findMessageTypeByName("Example");

  private ExampleMessage() {}

  /**
   * Parses a message.
   *
   * @return bytes of the feature {@code image}; empty if there is none, or not as a list of bytes
   * @throws InvalidProtocolBufferException if it is not an example
   */
  static OptionalLong parse(ByteBuffer message) throws InvalidProtocolBufferException {
    DynamicMessage example = DynamicMessage.parseFrom(EXAMPLE, ByteString.copyFrom(message));
    boolean found = false;
    long bytes = 0;
    for (Object entry : repeated(nested(example, "features"), "feature")) {
      if (ExampleLayout.IMAGE.equals(field((DynamicMessage) entry, "key"))) {
        DynamicMessage image = nested((DynamicMessage) entry, "value");
        if (!image.hasField(describe(image, "bytes_list"))) {
          return OptionalLong.empty();
        }
        found = true;
        for (Object value : repeated(nested(image, "bytes_list"), "value")) {
          bytes += ((ByteString) value).size();
        }
      }
    }
    return found ? OptionalLong.of(bytes) : OptionalLong.empty();
  }

  private static DynamicMessage nested(DynamicMessage message, String name) {
    return (DynamicMessage) field(message, name);
  }

  private static List<?> repeated(DynamicMessage message, String name) {
    return (List<?>) field(message, name);
  }

  private static Object field(DynamicMessage message, String name) {
    return message.getField(describe(message, name));
  }

  private static FieldDescriptor describe(DynamicMessage message, String name) {
    return message.getDescriptorForType().findFieldByName(name);
  }

  private static FileDescriptor describe() {
    FileDescriptorProto file =
        FileDescriptorProto.newBuilder()
            .setName("example.proto")
            .setPackage(PACKAGE)
            .setSyntax("proto3")
            .addMessageType(list("BytesList", scalar(FieldDescriptorProto.Type.TYPE_BYTES)))
            .addMessageType(list("FloatList", packed(FieldDescriptorProto.Type.TYPE_FLOAT)))
            .addMessageType(list("Int64List", packed(FieldDescriptorProto.Type.TYPE_INT64)))
            .addMessageType(feature())
            .addMessageType(features())
            .addMessageType(
                DescriptorProto.newBuilder()
                    .setName("Example")
                    .addField(message("features", 1, "Features")))
            .build();
    try {
      return FileDescriptor.buildFrom(file, new FileDescriptor[0]);
    } catch (DescriptorValidationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static DescriptorProto list(String name, FieldDescriptorProto.Builder value) {
    return DescriptorProto.newBuilder()
        .setName(name)
        .addField(
            value.setName("value").setNumber(1).setLabel(FieldDescriptorProto.Label.LABEL_REPEATED))
        .build();
  }

  private static FieldDescriptorProto.Builder scalar(FieldDescriptorProto.Type type) {
    return FieldDescriptorProto.newBuilder().setType(type);
  }

  private static FieldDescriptorProto.Builder packed(FieldDescriptorProto.Type type) {
    return scalar(type).setOptions(FieldOptions.newBuilder().setPacked(true));
  }

  private static FieldDescriptorProto.Builder message(String name, int number, String type) {
    return scalar(FieldDescriptorProto.Type.TYPE_MESSAGE)
        .setName(name)
        .setNumber(number)
        .setLabel(FieldDescriptorProto.Label.LABEL_OPTIONAL)
        .setTypeName("." + PACKAGE + "." + type);
  }

  private static DescriptorProto feature() {
    return DescriptorProto.newBuilder()
        .setName("Feature")
        .addField(message("bytes_list", 1, "BytesList").setOneofIndex(0))
        .addField(message("float_list", 2, "FloatList").setOneofIndex(0))
        .addField(message("int64_list", 3, "Int64List").setOneofIndex(0))
        .addOneofDecl(OneofDescriptorProto.newBuilder().setName("kind"))
        .build();
  }

  private static DescriptorProto features() {
    DescriptorProto entry =
        DescriptorProto.newBuilder()
            .setName("FeatureEntry")
            .addField(
                scalar(FieldDescriptorProto.Type.TYPE_STRING)
                    .setName("key")
                    .setNumber(1)
                    .setLabel(FieldDescriptorProto.Label.LABEL_OPTIONAL))
            .addField(message("value", 2, "Feature"))
            .setOptions(MessageOptions.newBuilder().setMapEntry(true))
            .build();
    return DescriptorProto.newBuilder()
        .setName("Features")
        .addField(
            message("feature", 1, "Features.FeatureEntry")
                .setLabel(FieldDescriptorProto.Label.LABEL_REPEATED))
        .addNestedType(entry)
        .build();
  }
}
