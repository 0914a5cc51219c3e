/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.benchmark;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Moves whole objects; for use by several threads. */
interface ObjectClient extends Closeable {

  /**
   * Reads an object.
   *
   * @param buffer of the calling thread; a larger object goes through it in pieces
   */
  void get(String name, long bytes, ByteBuffer buffer) throws IOException;

  /**
   * Writes an object; what is in it does not matter.
   *
   * @param buffer of the calling thread, with content to be sent as often as it takes
   */
  void put(String name, long bytes, ByteBuffer buffer) throws IOException;
}
