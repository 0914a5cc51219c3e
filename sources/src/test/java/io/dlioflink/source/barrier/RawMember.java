/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.source.barrier;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;

/** A client that sends what it likes. Reads time out as a safety net. */
final class RawMember implements AutoCloseable {
  final Socket socket;
  final DataInputStream in;
  final DataOutputStream out;

  RawMember(BarrierServer server) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
    socket.setSoTimeout(60_000);
    in = new DataInputStream(socket.getInputStream());
    out = new DataOutputStream(socket.getOutputStream());
  }

  /** A member that the server has welcomed. */
  static RawMember joined(BarrierServer server) throws IOException {
    RawMember member = new RawMember(server);
    BarrierProtocol.writeHello(member.out, server.token());
    byte answer = member.in.readByte();
    if (answer != BarrierProtocol.WELCOME) {
      throw new IOException("Not welcome: " + answer);
    }
    return member;
  }

  String address() {
    return String.valueOf(socket.getLocalSocketAddress());
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
