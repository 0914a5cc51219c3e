/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.storage.s3;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The requests that move the bytes of objects. One call is one attempt with the endpoint given: it
 * repeats nothing and counts no retries, which {@link RequestRetries} does for all requests alike.
 *
 * <p>It reports to the storage's {@code RequestTelemetry}, under {@link Endpoint#name}: connections
 * made, every attempt as answered or failed, the time and the bytes of bodies. Safe for use by
 * several threads; closing it ends what is under way.
 *
 * <p>All failures of an attempt are {@link RequestFailure}s, refusals by the server as well as
 * requests without an answer; credentials that cannot be had are one, too. An interrupt ends the
 * call with {@link java.io.InterruptedIOException} or {@link
 * java.nio.channels.ClosedByInterruptException}, and the thread stays marked as interrupted.
 */
interface ObjectTransfer extends Closeable {

  /**
   * What a GET brought.
   *
   * @param bytes put into the target; 0 if the range begins at or past the end of the object
   * @param objectLengthBytes size of the whole object, if the answer told it
   * @param eTag as the header has it, with its quotes; empty if there was none, as with a range
   *     that begins past the end
   */
  record Got(int bytes, OptionalLong objectLengthBytes, Optional<String> eTag) {}

  /**
   * Reads a range of an object straight into a buffer. A body that is longer or shorter than the
   * answer announced, or longer than the target, is a failure.
   *
   * @param position offset in bytes of the first wanted
   * @param target filled from its position, as far as the object goes; has at least one byte of
   *     room. After a failure its position is what it was, the bytes behind it are undefined.
   * @param ifMatch ETag, with its quotes, that the object must have; the request fails with status
   *     412 if it has another
   */
  Got get(
      Endpoint endpoint,
      ObjectKey object,
      long position,
      ByteBuffer target,
      Optional<String> ifMatch)
      throws IOException;

  /**
   * Writes a whole object.
   *
   * @param content all that remains in these buffers, one after the other; their positions do not
   *     move. Nobody changes them before the call returns.
   * @return its ETag with quotes, if the answer has one
   */
  Optional<String> put(Endpoint endpoint, ObjectKey object, List<ByteBuffer> content)
      throws IOException;

  /**
   * A part that the server has; what completes the upload.
   *
   * @param eTag with quotes
   * @param crc32 in Base64, if it was sent with the part
   */
  record SentPart(String eTag, Optional<String> crc32) {}

  /**
   * Writes one part of a multipart upload.
   *
   * @param uploadId of the upload this belongs to
   * @param number of the part, from 1
   * @param content as with {@link #put}
   */
  SentPart putPart(
      Endpoint endpoint, ObjectKey object, String uploadId, int number, List<ByteBuffer> content)
      throws IOException;
}
