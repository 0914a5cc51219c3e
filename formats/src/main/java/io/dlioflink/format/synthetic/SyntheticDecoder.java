/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.synthetic;

import io.dlioflink.format.BrokenFileException;
import io.dlioflink.format.FileInput;
import io.dlioflink.format.ReadSpec;
import io.dlioflink.format.SampleFileDecoder;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Leaves files alone, unless they are to be verified. */
final class SyntheticDecoder implements SampleFileDecoder {
  private final ReadSpec spec;

  SyntheticDecoder(ReadSpec spec) {
    this.spec = spec;
  }

  /** Does no I/O; not even the existence of the file is asked for. */
  @Override
  public long decode(FileInput input, int sample) {
    spec.requireSample(sample);
    return 0;
  }

  /** Reads the file: a decimal number and nothing else. */
  @Override
  public long verify(FileInput input, int samples) throws IOException {
    ByteBuffer first = input.require(1, "a file number");
    if (!isDigit(first.get(first.position()))) {
      throw new BrokenFileException(
          input.location(),
          0,
          "found byte 0x%02x, expected a decimal file number"
              .formatted(first.get(first.position())));
    }
    do {
      skipDigits(input.window());
    } while (!input.window().hasRemaining() && input.fill());
    input.requireEnd("the file number");
    return 0;
  }

  private static void skipDigits(ByteBuffer bytes) {
    while (bytes.hasRemaining() && isDigit(bytes.get(bytes.position()))) {
      bytes.position(bytes.position() + 1);
    }
  }

  private static boolean isDigit(byte character) {
    return character >= '0' && character <= '9';
  }

  @Override
  public void close() {
    // Nothing is held.
  }
}
