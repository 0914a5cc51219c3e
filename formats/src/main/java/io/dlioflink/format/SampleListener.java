/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format;

import java.io.IOException;

/** Is told of samples as they have been decoded. */
@FunctionalInterface
public interface SampleListener {

  /**
   * One more sample was decoded.
   *
   * @param bytes decoded bytes of it
   */
  void sample(long bytes) throws IOException;
}
