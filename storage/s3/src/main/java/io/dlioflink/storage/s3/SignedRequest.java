/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.s3;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * A request about an object, without what depends on the server and the time.
 *
 * @param method e.g. {@code GET}
 * @param query encoded, its parameters sorted; empty without one
 * @param headers to be signed, beside those that every request has
 * @param range of bytes, if not all
 * @param ifMatch ETag the object must have
 * @param body to be sent
 */
record SignedRequest(
    String method,
    String query,
    HeaderLines headers,
    Optional<String> range,
    Optional<String> ifMatch,
    Optional<ByteBuffer[]> body) {}
