/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.checkpoint;

/**
 * A file that was written or read, and how long that took.
 *
 * @param payloadBytes bytes of tensors
 * @param rawBytes size before compression
 * @param storedBytes size on storage
 * @param transferNanos time storage took to take or deliver the bytes
 * @param syncNanos time to force them to stable storage; 0 if not asked for, or reading
 * @param finishNanos writing: time to give the file its name; reading: the part of checking its
 *     bytes that reading did not hide
 * @param checked whether each byte is known to be the one that was written
 */
public record FileTransfer(
    long payloadBytes,
    long rawBytes,
    long storedBytes,
    long transferNanos,
    long syncNanos,
    long finishNanos,
    boolean checked) {}
