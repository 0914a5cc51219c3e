/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.http;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An open connection with its buffers; used by one thread at a time. */
final class HttpConnection implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(HttpConnection.class);

  /** The JDK copies heap buffers into direct ones of their size, and keeps those. */
  private static final int MAX_HEAP_BYTES = 64 << 10;

  /** How much is sent between two looks at the clock. */
  private static final int MAX_WRITE_BYTES = 1 << 20;

  /** Enough for a small answer with its head, little to copy of a large one. */
  private static final int FILL_BYTES = 8 << 10;

  /** What may have to be copied if the head is not as long as the one before. */
  private static final int MAX_AHEAD_BYTES = 128 << 10;

  private final SocketChannel channel;
  private final Transport transport;
  private final Deadline deadline;
  private final HttpTimeouts timeouts;
  private final ConnectionPool pool;
  private final long madeAt = Deadline.now();
  private ByteBuffer input;
  private final ByteBuffer[] single = new ByteBuffer[1];
  private final ByteBuffer[] pair = new ByteBuffer[2];
  private ByteBuffer output = ByteBuffer.allocateDirect(4 << 10);
  private int expectedHeadBytes;
  private int aheadBytes;
  private long idleSince;
  private boolean used;
  private long sentBytes;
  private long receivedBytes;

  HttpConnection(
      SocketChannel channel,
      Transport transport,
      Deadline deadline,
      HttpOptions options,
      ConnectionPool pool) {
    this.channel = channel;
    this.transport = transport;
    this.deadline = deadline;
    this.timeouts = options.timeouts();
    this.pool = pool;
    input = ByteBuffer.allocateDirect(options.maxHeadBytes()).flip();
  }

  /** Begins an exchange. */
  void begin(long requestEnd) {
    deadline.begin(requestEnd, timeouts.request());
    sentBytes = 0;
    receivedBytes = 0;
    aheadBytes = 0;
  }

  /** Ends an exchange after which the connection can be used again. */
  void end() throws HttpException {
    deadline.clear();
    used = true;
    idleSince = Deadline.now();
  }

  /** Sends the head, and with it the first piece of the body. */
  void sendHead(HttpRequest request, boolean withBody) throws IOException {
    if (request.headBytes() > output.capacity()) {
      output = ByteBuffer.allocateDirect(2 * request.headBytes());
    }
    output.clear();
    request.putHead(output);
    output.flip();
    if (!withBody || request.bodyBytes() == 0) {
      single[0] = output;
      write(single);
      return;
    }
    pair[0] = output;
    sendBody(request, pair);
  }

  /** Sends the body by itself. */
  void sendBody(HttpRequest request) throws IOException {
    sendBody(request, single);
  }

  private void sendBody(HttpRequest request, ByteBuffer[] first) throws IOException {
    ByteBuffer[] next = first;
    for (int i = 0; i < request.bodyParts(); i++) {
      ByteBuffer part = request.bodyPart(i);
      int end = part.limit();
      int piece = part.isDirect() ? MAX_WRITE_BYTES : MAX_HEAP_BYTES;
      while (part.position() < end) {
        part.limit(Math.min(end, part.position() + piece));
        next[next.length - 1] = part;
        write(next);
        next = single;
      }
    }
  }

  private void write(ByteBuffer[] sources) throws IOException {
    deadline.set(Deadline.Stage.WRITE, Deadline.now(), timeouts.write().toNanos());
    for (ByteBuffer source : sources) {
      sentBytes += source.remaining();
    }
    transport.write(sources);
  }

  /** Waits a while for the first byte of an answer; whether there is one. */
  boolean isAnsweredWithin(long millis) throws IOException {
    long end = Deadline.now() + millis * 1_000_000;
    deadline.set(
        Deadline.Stage.FIRST_BYTE,
        Deadline.now(),
        timeouts.firstByte().toNanos() + millis * 1_000_000);
    channel.configureBlocking(false);
    try (Selector selector = Selector.open()) {
      channel.register(selector, SelectionKey.OP_READ);
      for (long left = millis; left > 0; left = (end - Deadline.now()) / 1_000_000) {
        if (selector.select(left) > 0 && transport.hasInput()) {
          return true;
        }
        if (Thread.currentThread().isInterrupted()) {
          // The next call on the channel tells.
          return false;
        }
        selector.selectedKeys().clear();
      }
      return false;
    } finally {
      channel.configureBlocking(true);
    }
  }

  /** Its server does not answer heads alone. */
  void ignoresExpectations() {
    pool.ignoresExpectations();
  }

  /** Bytes received and not taken yet. */
  ByteBuffer input() {
    return input;
  }

  /**
   * Waits for the first bytes of an answer; -1 at the end. The answers of a server mostly have
   * heads of one length, so what follows a head of that length is received where it belongs, in the
   * same call: see {@link #aheadBytes()}.
   *
   * @param sink for the body; null if there is none or it is not known yet
   */
  int fillFirst(ByteBuffer sink) throws IOException {
    if (sink == null || !sink.isDirect() || expectedHeadBytes == 0 || input.hasRemaining()) {
      return fill(Deadline.Stage.FIRST_BYTE, timeouts.firstByte().toNanos());
    }
    deadline.set(Deadline.Stage.FIRST_BYTE, Deadline.now(), timeouts.firstByte().toNanos());
    int position = sink.position();
    int limit = sink.limit();
    input.clear().limit(expectedHeadBytes);
    sink.limit(Math.min(limit, position + MAX_AHEAD_BYTES));
    int bytes;
    try {
      bytes = transport.read(input, sink);
    } finally {
      input.flip();
      aheadBytes = sink.position() - position;
      sink.limit(limit).position(position);
    }
    return counted(bytes);
  }

  /** How many bytes after the input are in the sink already, from its position on. */
  int aheadBytes() {
    return aheadBytes;
  }

  /** Leaves the bytes in the sink, as the first of the body; returns how many. */
  int keepAhead() {
    int bytes = aheadBytes;
    aheadBytes = 0;
    return bytes;
  }

  /** Makes the bytes in the sink input, since they are not the first of the body. */
  void takeBack(ByteBuffer sink) {
    ByteBuffer ahead = sink.slice(sink.position(), aheadBytes);
    int bytes = input.remaining() + aheadBytes;
    if (bytes > input.capacity()) {
      input = ByteBuffer.allocateDirect(bytes).put(input);
    } else {
      input.compact();
    }
    input.put(ahead).flip();
    aheadBytes = 0;
  }

  /** Tells how long the head of the next answer with a body will probably be. */
  void expectHead(int headBytes) {
    expectedHeadBytes = headBytes;
  }

  /** Waits for more input, which must not be full; -1 at the end. */
  int fill() throws IOException {
    return fill(Deadline.Stage.BODY, timeouts.body().toNanos());
  }

  private int fill(Deadline.Stage stage, long limitNanos) throws IOException {
    deadline.set(stage, Deadline.now(), limitNanos);
    input.compact();
    input.limit(Math.min(input.capacity(), input.position() + FILL_BYTES));
    int bytes = transport.read(input);
    input.flip();
    return counted(bytes);
  }

  /** Waits for bytes past the input, which must be empty, up to a number; -1 at the end. */
  int read(ByteBuffer target, long maxBytes) throws IOException {
    deadline.set(Deadline.Stage.BODY, Deadline.now(), timeouts.body().toNanos());
    long piece = target.isDirect() ? maxBytes : Math.min(maxBytes, MAX_HEAP_BYTES);
    int limit = target.limit();
    target.limit((int) Math.min(limit, target.position() + piece));
    int bytes = transport.read(target);
    target.limit(limit);
    return counted(bytes);
  }

  private int counted(int bytes) {
    if (bytes > 0) {
      receivedBytes += bytes;
    }
    return bytes;
  }

  /** Whether it has carried an exchange before. */
  boolean isUsed() {
    return used;
  }

  long sentBytes() {
    return sentBytes;
  }

  long receivedBytes() {
    return receivedBytes;
  }

  boolean isExpired() {
    return deadline.isExpired();
  }

  HttpException expired() {
    return deadline.expired();
  }

  /** Whether it may stay open unused. */
  boolean isFresh(long now, HttpOptions options) {
    return channel.isOpen()
        && now - idleSince < options.idleLimit().toNanos()
        && now - madeAt < options.maxAge().toNanos();
  }

  /** Whether the server has not closed it since it became idle, as far as can be known. */
  boolean isAlive(long now, long unaskedNanos) {
    if (input.hasRemaining()) {
      return false;
    }
    if (now - idleSince < unaskedNanos) {
      return true;
    }
    try {
      return transport.isAlive();
    } catch (IOException e) {
      return false;
    }
  }

  Deadline deadline() {
    return deadline;
  }

  @Override
  public void close() {
    pool.closed(this);
    try {
      channel.close();
    } catch (IOException e) {
      LOG.debug("A connection to {} did not close well", pool.name(), e);
    }
  }
}
