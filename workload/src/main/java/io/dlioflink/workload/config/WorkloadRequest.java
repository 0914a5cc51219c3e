/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload.config;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalInt;

/**
 * What to load.
 *
 * @param name name of the workload, e.g. {@code unet3d_h100}
 * @param sourceName path shown in messages
 * @param yamlText content of the workload file
 * @param overrides in Hydra's grammar, e.g. {@code ++workload.train.epochs=2}; later wins
 * @param strict whether unknown keys are errors
 * @param accelerators number of ranks, if known: some rules need it
 */
public record WorkloadRequest(
    String name,
    String sourceName,
    String yamlText,
    List<String> overrides,
    boolean strict,
    OptionalInt accelerators) {

  /** Largest workload file, in bytes. */
  public static final int MAX_FILE_BYTES = 1 << 20;

  public WorkloadRequest {
    overrides = List.copyOf(overrides);
  }

  /**
   * The text of a workload file; a byte order mark is dropped.
   *
   * @throws WorkloadException if the file is larger than {@link #MAX_FILE_BYTES} or not UTF-8
   */
  public static String decodeUtf8(byte[] bytes, String sourceName) {
    if (bytes.length > MAX_FILE_BYTES) {
      throw new WorkloadException(
          Problem.error(
              sourceName,
              "",
              "the file has %d bytes; a workload file may have at most %d"
                  .formatted(bytes.length, MAX_FILE_BYTES)));
    }
    CharsetDecoder decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    ByteBuffer input = ByteBuffer.wrap(bytes);
    CharBuffer output = CharBuffer.allocate(bytes.length);
    CoderResult result = decoder.decode(input, output, true);
    output.flip();
    String text = output.toString();
    if (result.isError()) {
      long line = 1 + text.chars().filter(c -> c == '\n').count();
      throw new WorkloadException(
          Problem.error(
              sourceName + ":" + line,
              "",
              "not UTF-8: unexpected byte 0x%02x at offset %d; save the file as UTF-8"
                  .formatted(bytes[input.position()], input.position())));
    }
    return text.startsWith("\ufeff") ? text.substring(1) : text;
  }
}
