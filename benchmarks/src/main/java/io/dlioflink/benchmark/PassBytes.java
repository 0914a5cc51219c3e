/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.benchmark;

/**
 * What one pass over a dataset moved.
 *
 * @param sampleBytes of all samples, decoded
 * @param storageBytes read from or written to storage
 */
record PassBytes(long sampleBytes, long storageBytes) {}
