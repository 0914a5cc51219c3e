/* SPDX-License-Identifier: Apache-2.0 */
package example;

import io.dlioflink.format.BrokenFileException;
import io.dlioflink.format.DecoderFactory;
import io.dlioflink.format.FileInput;
import io.dlioflink.format.ReadSpec;
import io.dlioflink.format.SampleFileDecoder;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Reads the first 4 KiB of a file and no more, as a job that only looks at headers does. */
public final class FirstBytesReader implements DecoderFactory {
  private static final int BYTES = 4096;

  @Override
  public SampleFileDecoder newDecoder(ReadSpec spec) {
    return new Decoder(spec);
  }

  private static final class Decoder implements SampleFileDecoder {
    private final ReadSpec spec;
    private int sum;

    Decoder(ReadSpec spec) {
      this.spec = spec;
    }

    @Override
    public long decode(FileInput input, int sample) throws IOException {
      spec.requireSample(sample);
      input.seek(0, BYTES);
      if (!input.fill()) {
        throw new BrokenFileException(input.location(), 0, "found an empty file");
      }
      ByteBuffer bytes = input.window();
      long read = bytes.remaining();
      while (bytes.hasRemaining()) {
        sum += bytes.get();
      }
      return read;
    }

    @Override
    public void close() {
      // Nothing but memory is held.
    }
  }
}
