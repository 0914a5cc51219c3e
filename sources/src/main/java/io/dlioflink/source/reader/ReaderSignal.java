/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.source.reader;

/**
 * What a {@link SampleReaderOperator} hands to the next operator of its chain. Never serialized.
 */
public sealed interface ReaderSignal permits RankStart, PassStart, Batch {}
