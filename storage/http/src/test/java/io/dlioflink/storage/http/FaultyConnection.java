/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.http;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A client's connection to a {@link FaultProxy}; served by one thread. */
public final class FaultyConnection {
  private final FaultProxy proxy;
  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;
  private final CountDownLatch ended = new CountDownLatch(1);
  private WireMessage request;

  FaultyConnection(FaultProxy proxy, Socket socket) throws IOException {
    this.proxy = proxy;
    this.socket = socket;
    in = new BufferedInputStream(socket.getInputStream());
    out = new BufferedOutputStream(socket.getOutputStream());
  }

  /** Answers requests until the connection ends. */
  void serve() throws IOException {
    while (!socket.isClosed()) {
      WireMessage head = WireMessage.readHead(in);
      if (head == null) {
        return;
      }
      Fault fault = proxy.faultFor(head);
      if (head.header("expect").isPresent() && proxy.heedsExpectations()) {
        write("HTTP/1.1 100 Continue\r\n\r\n");
      }
      request = proxy.refusesBodies() ? head : head.readBody(in, false);
      proxy.received(request);
      if (fault == null) {
        send(ask());
        boolean closes = request.header("connection").orElse("").equalsIgnoreCase("close");
        if (closes || proxy.refusesBodies()) {
          close();
        }
      } else {
        fault.apply(this);
        out.flush();
      }
    }
  }

  /** The request to be answered. */
  public WireMessage request() {
    return request;
  }

  /** The right answer. */
  public WireMessage ask() throws IOException {
    return proxy.origin().answer(request);
  }

  /** Sends an answer. */
  public void send(WireMessage answer) throws IOException {
    out.write(answer.rawHead());
    out.write(answer.rawBody());
    out.flush();
    if (answer.header("connection").orElse("").equalsIgnoreCase("close")) {
      close();
    }
  }

  /** Sends a text and flushes it. */
  public void write(String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    out.flush();
  }

  /** What is sent. */
  public OutputStream out() {
    return out;
  }

  /** Ends the connection with a reset. */
  public void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  /** Ends the connection. */
  public void close() throws IOException {
    out.flush();
    socket.close();
  }

  /** Waits for the client to close the connection. */
  public void awaitEndOfClient() throws IOException {
    while (in.read() >= 0) {
      // What it sends is lost.
    }
    close();
  }

  /** Waits, unless the proxy ends before; whether it did. */
  public boolean endsWithin(Duration time) {
    try {
      return ended.await(time.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  void end() throws IOException {
    ended.countDown();
    socket.close();
  }
}
