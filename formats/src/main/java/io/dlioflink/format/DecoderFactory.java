/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format;

/**
 * Makes the readers of dataset files. Every {@link SampleFormat} is one; {@code
 * reader.reader_classname} names another one, a public class with a public constructor without
 * parameters. Thread-safe.
 */
public interface DecoderFactory {

  /**
   * A reader for one thread.
   *
   * @param spec what the workload says of the files
   */
  SampleFileDecoder newDecoder(ReadSpec spec);
}
