/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.metrics;

/**
 * What the operators of a run tell the {@link MetricsSinkOperator}; small, whatever the run reads.
 */
public sealed interface MetricsRecord
    permits RankHello,
        RankPlace,
        RankMeetings,
        StepBatch,
        BlockResult,
        PassResult,
        ReadInterval,
        WriteInterval,
        VerifyInterval,
        CheckpointResult,
        PassBegun,
        RankSample,
        HostSample,
        CacheDrop,
        RequestInterval {}
