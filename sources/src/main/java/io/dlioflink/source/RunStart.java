/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.source;

import io.dlioflink.source.barrier.BarrierTicket;
import io.dlioflink.source.dataset.DatasetFacts;

/**
 * All ranks have registered and the dataset has been looked at: the run may begin. First record of
 * every subtask.
 *
 * @param rank the rank this subtask plays
 * @param ranks all ranks
 * @param ticket how this rank joins the step barrier
 * @param facts what the enumerator found out about the dataset
 * @param progress where this rank begins, and how far it is
 * @param waitedNanos how long this rank had been registered when the last one was
 */
public record RunStart(
    int rank,
    int ranks,
    BarrierTicket ticket,
    DatasetFacts facts,
    RankProgress progress,
    long waitedNanos)
    implements SourceSignal {}
