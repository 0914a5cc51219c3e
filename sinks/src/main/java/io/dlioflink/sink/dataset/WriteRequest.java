/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.dataset;

/**
 * Dataset files to write.
 *
 * @param fileNumbers running numbers in the list of all train files, then all eval files
 * @param keepComplete whether files of the right size are known to be ours and may stay
 */
@SuppressWarnings("ArrayRecordComponent") // One record per request, no boxed numbers.
public record WriteRequest(long[] fileNumbers, boolean keepComplete) {}
