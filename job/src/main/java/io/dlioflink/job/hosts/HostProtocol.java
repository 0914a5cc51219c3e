/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job.hosts;

import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import jdk.net.ExtendedSocketOptions;

/**
 * Between the leader and each other host, on one TCP connection: the host says the token, its name
 * and its number of ranks, and is answered {@link #WELCOME}; then the leader says {@link #JOIN}
 * (address and port of the job manager) and at last {@link #END} (exit code). An end of the
 * connection before that is the end of the process at its other side.
 */
final class HostProtocol {
  static final int TOKEN_BYTES = 32;

  static final byte WELCOME = 1;
  static final byte JOIN = 2;
  static final byte END = 3;

  /** How long the processes of a launcher may take to start. */
  static final Duration ARRIVAL = Duration.ofMinutes(2);

  static final Duration HANDSHAKE = Duration.ofSeconds(10);

  private static final int IDLE_SECONDS = 10;
  private static final int PROBE_SECONDS = 5;
  private static final int PROBES = 6;

  private HostProtocol() {}

  /**
   * Prepares a connection. Nothing is said on it during the run, so the kernel asks: a host that
   * lost power or network is noticed after 40 s, not after the hours that are the default.
   */
  static void prepare(Socket socket) throws IOException {
    socket.setTcpNoDelay(true);
    socket.setKeepAlive(true);
    socket.setOption(ExtendedSocketOptions.TCP_KEEPIDLE, IDLE_SECONDS);
    socket.setOption(ExtendedSocketOptions.TCP_KEEPINTERVAL, PROBE_SECONDS);
    socket.setOption(ExtendedSocketOptions.TCP_KEEPCOUNT, PROBES);
  }
}
