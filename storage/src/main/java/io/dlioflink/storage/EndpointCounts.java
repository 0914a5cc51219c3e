/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage;

import java.io.Serializable;

/**
 * What happened with one endpoint of a storage.
 *
 * @param requests attempts made, repeated ones included
 * @param retries of these, repetitions
 * @param throttles of these, repetitions because the server asked to slow down
 * @param failures attempts that got no answer: refused, reset, timed out
 * @param connections connections made
 * @param sentBytes bytes sent; with headers if the client sees them, else bodies alone
 * @param receivedBytes bytes received, likewise
 */
public record EndpointCounts(
    long requests,
    long retries,
    long throttles,
    long failures,
    long connections,
    long sentBytes,
    long receivedBytes)
    implements Serializable {

  /** Nothing happened. */
  public static final EndpointCounts ZERO = new EndpointCounts(0, 0, 0, 0, 0, 0, 0);

  /** The sum of both. */
  public EndpointCounts plus(EndpointCounts other) {
    return new EndpointCounts(
        requests + other.requests,
        retries + other.retries,
        throttles + other.throttles,
        failures + other.failures,
        connections + other.connections,
        sentBytes + other.sentBytes,
        receivedBytes + other.receivedBytes);
  }
}
