/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.source.barrier;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Frames between a JVM and the {@link BarrierServer}: one byte of kind, then a fixed body,
 * big-endian.
 *
 * <p>A JVM opens with {@link #HELLO} (magic, token) and is answered {@link #WELCOME}. Then {@link
 * #ARRIVE} (generation) is answered {@link #RELEASE} (generation; by how many nanoseconds this JVM
 * was the last one, or {@link #NOT_LAST}; frames and bytes through the server so far) once every
 * JVM has arrived. {@link #LEAVE} ends a connection in peace; any other end is answered {@link
 * #ABORT} (message) to all others.
 */
final class BarrierProtocol {
  static final int MAGIC = 0x444c4631;
  static final int TOKEN_CHARS = 32;
  static final int MAX_MESSAGE_CHARS = 1000;

  static final byte HELLO = 1;
  static final byte WELCOME = 2;
  static final byte ARRIVE = 3;
  static final byte RELEASE = 4;
  static final byte LEAVE = 5;
  static final byte ABORT = 6;

  static final long NOT_LAST = -1;

  static final int HELLO_BYTES = 1 + Integer.BYTES + TOKEN_CHARS;
  static final int WELCOME_BYTES = 1;
  static final int ARRIVE_BYTES = 1 + Long.BYTES;
  static final int RELEASE_BYTES = 1 + 4 * Long.BYTES;
  static final int LEAVE_BYTES = 1;

  private BarrierProtocol() {}

  static void writeHello(DataOutputStream out, String token) throws IOException {
    out.writeByte(HELLO);
    out.writeInt(MAGIC);
    out.writeBytes(token);
    out.flush();
  }

  static void writeArrive(DataOutputStream out, long generation) throws IOException {
    out.writeByte(ARRIVE);
    out.writeLong(generation);
    out.flush();
  }

  static void writeRelease(
      DataOutputStream out, long generation, long lastByNanos, BarrierTraffic traffic)
      throws IOException {
    out.writeByte(RELEASE);
    out.writeLong(generation);
    out.writeLong(lastByNanos);
    out.writeLong(traffic.frames());
    out.writeLong(traffic.bytes());
    out.flush();
  }

  static void writeAbort(DataOutputStream out, String message) throws IOException {
    out.writeByte(ABORT);
    out.writeUTF(message.substring(0, Math.min(message.length(), MAX_MESSAGE_CHARS)));
    out.flush();
  }

  static String readToken(DataInputStream in) throws IOException {
    byte[] token = new byte[TOKEN_CHARS];
    in.readFully(token);
    return new String(token, StandardCharsets.ISO_8859_1);
  }
}
