/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.npy;

import io.dlioflink.format.FileOutput;
import io.dlioflink.format.FileSpec;
import io.dlioflink.format.FileTarget;
import io.dlioflink.format.SampleContent;
import io.dlioflink.format.SampleFileEncoder;
import java.io.IOException;

/** Writes NPY files; content is generated straight into the buffer that is written. */
final class NpyEncoder implements SampleFileEncoder {
  private static final int BUFFER_BYTES = 1 << 20;

  private final FileOutput output = new FileOutput(BUFFER_BYTES);
  private final SamplesLastArray array = new SamplesLastArray();

  @Override
  public void encode(FileSpec file, SampleContent content, FileTarget target) throws IOException {
    output.open(target.data());
    output.put(NpyHeader.ofSamples(file));
    output.generate(
        file.payloadBytes(),
        file.elementType().bytes(),
        (offset, piece) -> array.fill(file, content, offset, piece));
    output.flush();
  }

  @Override
  public void close() {
    // Nothing but memory is held.
  }
}
