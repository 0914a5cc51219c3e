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
 * #ARRIVE} (generation) is answered {@link #RELEASE} (generation) once every JVM has arrived.
 * {@link #LEAVE} ends a connection in peace; any other end is answered {@link #ABORT} (message) to
 * all others.
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

  private BarrierProtocol() {}

  static void writeHello(DataOutputStream out, String token) throws IOException {
    out.writeByte(HELLO);
    out.writeInt(MAGIC);
    out.writeBytes(token);
    out.flush();
  }

  static void writeGeneration(DataOutputStream out, byte kind, long generation) throws IOException {
    out.writeByte(kind);
    out.writeLong(generation);
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
