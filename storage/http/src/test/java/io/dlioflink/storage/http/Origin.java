/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.http;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;

/** Where a {@link FaultProxy} has its answers from. */
@FunctionalInterface
public interface Origin {
  /** How long a server may take for an answer. */
  int ANSWER_MILLIS = 60_000;

  /** The answer to a request. */
  WireMessage answer(WireMessage request) throws IOException;

  /** A server, asked over a connection of its own for each request. */
  static Origin at(String host, int port) {
    return request -> {
      try (Socket socket = new Socket()) {
        socket.setSoTimeout(ANSWER_MILLIS);
        socket.connect(new InetSocketAddress(host, port), ANSWER_MILLIS);
        OutputStream out = socket.getOutputStream();
        out.write(request.rawHead());
        out.write(request.rawBody());
        out.flush();
        InputStream in = new BufferedInputStream(socket.getInputStream());
        WireMessage head = WireMessage.readHead(in);
        while (head != null && head.status() < 200) {
          head = WireMessage.readHead(in);
        }
        if (head == null) {
          throw new SocketTimeoutException("The server behind the proxy did not answer");
        }
        boolean hasBody =
            !request.method().equals("HEAD") && head.status() != 204 && head.status() != 304;
        return hasBody ? head.readBody(in, true) : head;
      }
    };
  }
}
