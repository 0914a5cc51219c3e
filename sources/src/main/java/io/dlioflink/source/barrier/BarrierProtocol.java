/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.source.barrier;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;

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

  /** A frame is one system call on either side; only an abort may be longer. */
  private static final int BUFFER_BYTES = 64;

  private BarrierProtocol() {}

  static DataInputStream input(Socket socket) throws IOException {
    return new DataInputStream(new BufferedInputStream(socket.getInputStream(), BUFFER_BYTES));
  }

  static DataOutputStream output(Socket socket) throws IOException {
    return new DataOutputStream(new BufferedOutputStream(socket.getOutputStream(), BUFFER_BYTES));
  }

  static void writeHello(DataOutputStream out, String token) throws IOException {
    out.write(hello(token));
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

  /**
   * Reads what a JVM opens with, in one go or byte by byte, but all of it within a time.
   *
   * @return whether it is one of the run, which knows the token; false as soon as it cannot be
   * @throws IOException if the other side ends, or says too little within the time
   */
  static boolean readHello(Socket socket, String token, Duration timeout) throws IOException {
    byte[] expected = hello(token);
    byte[] read = new byte[expected.length];
    long start = System.nanoTime();
    for (int length = 0; length < read.length; ) {
      long left = timeout.minusNanos(System.nanoTime() - start).toMillis();
      if (left <= 0) {
        throw new SocketTimeoutException("No greeting within " + timeout);
      }
      socket.setSoTimeout((int) left);
      int got = socket.getInputStream().read(read, length, read.length - length);
      if (got < 0) {
        throw new EOFException("%d bytes of a greeting of %d".formatted(length, read.length));
      }
      length += got;
      int open = Math.min(length, expected.length - TOKEN_CHARS);
      if (Arrays.mismatch(read, 0, open, expected, 0, open) >= 0) {
        return false;
      }
    }
    socket.setSoTimeout(0);
    return MessageDigest.isEqual(read, expected);
  }

  private static byte[] hello(String token) {
    return ByteBuffer.allocate(Byte.BYTES + Integer.BYTES + TOKEN_CHARS)
        .put(HELLO)
        .putInt(MAGIC)
        .put(token.getBytes(StandardCharsets.ISO_8859_1))
        .array();
  }
}
