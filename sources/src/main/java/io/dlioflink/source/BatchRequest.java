/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.source;

/**
 * The samples (or, in generation, the files) one step of one rank works on.
 *
 * @param passIndex running number of the pass
 * @param step step within the pass, from 1
 * @param ids sample ids in the order of reading, or {@link
 *     io.dlioflink.workload.SampleOrder#PADDING}; file numbers in generation
 */
// An array, not a list: one record per step, no boxed ids.
@SuppressWarnings("ArrayRecordComponent")
public record BatchRequest(int passIndex, long step, long[] ids) implements SourceSignal {}
