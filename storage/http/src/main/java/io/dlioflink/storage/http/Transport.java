/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** The bytes of a connection, encrypted or not, through a channel in blocking mode. */
interface Transport {
  /** Waits for bytes; -1 at the end. */
  int read(ByteBuffer target) throws IOException;

  /**
   * Waits for bytes and puts those that do not fit the first buffer into the second, if it can do
   * so at once; -1 at the end.
   */
  default int read(ByteBuffer first, ByteBuffer second) throws IOException {
    return read(first);
  }

  /** Sends all of the buffers. */
  void write(ByteBuffer[] sources) throws IOException;

  /**
   * Whether {@link #read} will find something, be it the end, after the channel has become
   * readable; the channel is not in blocking mode meanwhile.
   */
  default boolean hasInput() throws IOException {
    return true;
  }

  /** Whether an idle connection is still open, without waiting. */
  boolean isAlive() throws IOException;

  /** Not encrypted. */
  static Transport plain(SocketChannel channel) {
    return new Transport() {
      private final ByteBuffer unexpected = ByteBuffer.allocate(1);
      private final ByteBuffer[] pair = new ByteBuffer[2];

      @Override
      public int read(ByteBuffer target) throws IOException {
        return channel.read(target);
      }

      @Override
      public int read(ByteBuffer first, ByteBuffer second) throws IOException {
        pair[0] = first;
        pair[1] = second;
        return (int) channel.read(pair);
      }

      @Override
      public void write(ByteBuffer[] sources) throws IOException {
        do {
          channel.write(sources);
        } while (sources[sources.length - 1].hasRemaining());
      }

      @Override
      public boolean isAlive() throws IOException {
        // An idle server has nothing to say: a byte is as bad as the end.
        return readNow(channel, unexpected.clear()) == 0;
      }
    };
  }

  /** Reads what is there already. */
  static int readNow(SocketChannel channel, ByteBuffer target) throws IOException {
    channel.configureBlocking(false);
    try {
      return channel.read(target);
    } finally {
      channel.configureBlocking(true);
    }
  }
}
