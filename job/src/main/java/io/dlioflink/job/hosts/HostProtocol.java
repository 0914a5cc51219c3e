/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job.hosts;

import java.time.Duration;

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

  private HostProtocol() {}
}
