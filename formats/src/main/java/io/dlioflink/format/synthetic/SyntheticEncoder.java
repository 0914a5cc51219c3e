/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.synthetic;

import io.dlioflink.format.FileOutput;
import io.dlioflink.format.FileSpec;
import io.dlioflink.format.FileTarget;
import io.dlioflink.format.SampleContent;
import io.dlioflink.format.SampleFileEncoder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Writes the number of a file. */
final class SyntheticEncoder implements SampleFileEncoder {
  private static final int BUFFER_BYTES = 4096;

  private final FileOutput output = new FileOutput(BUFFER_BYTES);

  /** What stands in a file. */
  static byte[] text(FileSpec file) {
    return Long.toString(file.fileNumber()).getBytes(StandardCharsets.US_ASCII);
  }

  @Override
  public void encode(FileSpec file, SampleContent content, FileTarget target) throws IOException {
    output.open(target.data());
    output.put(text(file));
    output.flush();
  }

  @Override
  public void close() {
    // Nothing but memory is held.
  }
}
