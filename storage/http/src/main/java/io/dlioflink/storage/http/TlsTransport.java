/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.http;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLParameters;

/** TLS by the JDK's engine; sessions are resumed by host and port. */
final class TlsTransport implements Transport {
  private static final ByteBuffer[] NOTHING = {ByteBuffer.allocate(0)};
  private static final int RECORDS_PER_READ = 4;
  private static final int RECORDS_PER_WRITE = 4;

  private final SocketChannel channel;
  private final SSLEngine engine;

  /** Encrypted bytes received, ready to be taken. */
  private final ByteBuffer received;

  private final ByteBuffer toSend;

  /** What did not fit into a target, ready to be taken. */
  private final ByteBuffer decrypted;

  TlsTransport(SocketChannel channel, HttpEndpoint endpoint, SSLContext context) {
    this.channel = channel;
    engine = context.createSSLEngine(endpoint.host(), endpoint.port());
    engine.setUseClientMode(true);
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    if (isName(endpoint.host())) {
      parameters.setServerNames(
          List.of(new SNIHostName(endpoint.host().getBytes(StandardCharsets.US_ASCII))));
    }
    parameters.setApplicationProtocols(new String[] {"http/1.1"});
    engine.setSSLParameters(parameters);
    int packetBytes = engine.getSession().getPacketBufferSize();
    received = ByteBuffer.allocateDirect(RECORDS_PER_READ * packetBytes).flip();
    toSend = ByteBuffer.allocateDirect(RECORDS_PER_WRITE * packetBytes);
    decrypted = ByteBuffer.allocateDirect(engine.getSession().getApplicationBufferSize()).flip();
  }

  /** Server names are for names, not for addresses (RFC 6066, section 3). */
  private static boolean isName(String host) {
    return host.indexOf(':') < 0 && !host.matches("[0-9.]+");
  }

  void handshake() throws IOException {
    engine.beginHandshake();
    HandshakeStatus status = engine.getHandshakeStatus();
    while (status != HandshakeStatus.NOT_HANDSHAKING && status != HandshakeStatus.FINISHED) {
      switch (status) {
        case NEED_TASK -> runTasks();
        case NEED_WRAP -> send(NOTHING);
        case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
          if (unwrap(decrypted.clear()) < 0) {
            throw new EOFException("The server closed the connection during the handshake");
          }
          decrypted.flip();
        }
        default -> throw new IllegalStateException("Handshake status " + status);
      }
      status = engine.getHandshakeStatus();
    }
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    while (true) {
      if (decrypted.hasRemaining()) {
        int bytes = Math.min(decrypted.remaining(), target.remaining());
        target.put(decrypted.slice(decrypted.position(), bytes));
        decrypted.position(decrypted.position() + bytes);
        return bytes;
      }
      boolean fits = target.remaining() >= decrypted.capacity();
      int bytes = unwrap(fits ? target : decrypted.clear());
      if (!fits) {
        decrypted.flip();
      }
      if (bytes < 0 || (fits && bytes > 0)) {
        return bytes;
      }
      afterHandshake();
    }
  }

  /** What makes the channel readable may be a session ticket, which is nothing to read. */
  @Override
  public boolean hasInput() throws IOException {
    received.compact();
    int bytes = channel.read(received);
    received.flip();
    while (bytes >= 0 && !decrypted.hasRemaining()) {
      SSLEngineResult result = engine.unwrap(received, decrypted.clear());
      decrypted.flip();
      if (result.getStatus() == SSLEngineResult.Status.BUFFER_UNDERFLOW) {
        return false;
      }
      if (result.getStatus() != SSLEngineResult.Status.OK) {
        return true;
      }
    }
    return true;
  }

  /** A server may ask for new keys at any time. */
  private void afterHandshake() throws IOException {
    HandshakeStatus status = engine.getHandshakeStatus();
    if (status == HandshakeStatus.NEED_TASK) {
      runTasks();
    } else if (status == HandshakeStatus.NEED_WRAP) {
      send(NOTHING);
    }
  }

  /** Decrypts a record, waiting for it; returns its bytes, perhaps 0, or -1 at the end. */
  private int unwrap(ByteBuffer target) throws IOException {
    while (true) {
      SSLEngineResult result = engine.unwrap(received, target);
      switch (result.getStatus()) {
        case OK -> {
          return result.bytesProduced();
        }
        case CLOSED -> {
          return -1;
        }
        case BUFFER_UNDERFLOW -> {
          received.compact();
          int bytes = channel.read(received);
          received.flip();
          if (bytes < 0) {
            throw new EOFException("The connection ended without TLS's own end");
          }
        }
        case BUFFER_OVERFLOW ->
            throw new IOException("A TLS record longer than %d".formatted(target.remaining()));
      }
    }
  }

  @Override
  public void write(ByteBuffer[] sources) throws IOException {
    do {
      send(sources);
    } while (sources[sources.length - 1].hasRemaining());
  }

  /** Encrypts as much as a few records hold, and sends them with one call. */
  private void send(ByteBuffer[] sources) throws IOException {
    toSend.clear();
    int recordBytes = engine.getSession().getPacketBufferSize();
    do {
      SSLEngineResult result = engine.wrap(sources, toSend);
      if (result.getStatus() != SSLEngineResult.Status.OK) {
        throw new EOFException("The TLS connection is closed");
      }
      if (result.bytesConsumed() == 0 && result.bytesProduced() == 0) {
        throw new IOException("The server wants to negotiate anew amid a request");
      }
      if (result.getHandshakeStatus() == HandshakeStatus.NEED_TASK) {
        runTasks();
      }
    } while (sources[sources.length - 1].hasRemaining() && toSend.remaining() >= recordBytes);
    toSend.flip();
    while (toSend.hasRemaining()) {
      channel.write(toSend);
    }
  }

  private void runTasks() {
    for (Runnable task = engine.getDelegatedTask();
        task != null;
        task = engine.getDelegatedTask()) {
      task.run();
    }
  }

  @Override
  public boolean isAlive() throws IOException {
    // What may come is a session ticket; it is read before the next answer.
    received.compact();
    int bytes = received.hasRemaining() ? Transport.readNow(channel, received) : 0;
    received.flip();
    return bytes >= 0 && !engine.isInboundDone();
  }
}
