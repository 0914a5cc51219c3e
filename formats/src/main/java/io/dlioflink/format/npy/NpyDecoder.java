/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.npy;

import io.dlioflink.format.FileInput;
import io.dlioflink.format.ReadSpec;
import io.dlioflink.format.SampleFileDecoder;
import java.io.IOException;
import java.util.zip.CRC32C;

/**
 * Reads NPY files: header, then the payload of all samples once through. The format has no checksum
 * to compare with; one is computed all the same, so that every byte has been looked at. Bytes after
 * the payload, which {@code numpy.load} would ignore, are a broken file here: DLIO writes none.
 */
final class NpyDecoder implements SampleFileDecoder {
  private final ReadSpec spec;
  private final NpyHeaderReader headers = new NpyHeaderReader();
  private final CRC32C checksum = new CRC32C();
  private final FileInput.Piece addToChecksum = checksum::update;

  NpyDecoder(ReadSpec spec) {
    this.spec = spec;
  }

  /** One sample cannot be read without all others. */
  @Override
  public long verify(FileInput input, int samples) throws IOException {
    return samples * decode(input, 0);
  }

  @Override
  public long decode(FileInput input, int sample) throws IOException {
    spec.requireSample(sample);
    var bytes = input.require(NpyHeaderReader.PREFIX_BYTES, "NPY header");
    int length = headers.lengthBytes(bytes, input.location(), 0);
    bytes = input.require(length, "NPY header");
    NpyHeader header = headers.read(bytes, length, input.location(), 0);
    long sampleBytes = header.requireSamples(spec.samplesPerFile(), input.location(), 0);
    bytes.position(bytes.position() + length);
    checksum.reset();
    input.forEachPiece(header.payloadBytes(), "NPY payload", addToChecksum);
    input.requireEnd("the NPY payload");
    return sampleBytes;
  }

  /** CRC-32C of the last payload. */
  long payloadChecksum() {
    return checksum.getValue();
  }

  @Override
  public void close() {
    // Nothing but memory is held.
  }
}
