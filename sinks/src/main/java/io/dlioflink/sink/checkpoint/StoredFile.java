/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.checkpoint;

/**
 * A file of a checkpoint as its manifest knows it.
 *
 * @param name within the folder of the checkpoint
 * @param payloadBytes bytes of tensors in it
 * @param rawBytes its size before compression
 * @param storedBytes its size on storage
 * @param rawCrc32 CRC-32 of the bytes before compression, hexadecimal
 * @param contentKey what its content follows from, hexadecimal
 */
public record StoredFile(
    String name,
    long payloadBytes,
    long rawBytes,
    long storedBytes,
    String rawCrc32,
    String contentKey) {}
