/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload;

import java.io.Serializable;

/**
 * One DLIO workload, complete and checked: what a workload file, the defaults and the overrides say
 * together.
 *
 * @param framework emulated framework
 * @param model section model
 * @param workflow section workflow
 * @param storage section storage
 * @param dataset section dataset
 * @param reader section reader
 * @param train section train
 * @param evaluation section evaluation
 * @param checkpoint section checkpoint
 * @param output section output
 * @param profiling section profiling
 * @param auThreshold {@code metric.au}: 0..1
 */
public record Workload(
    Framework framework,
    ModelConfig model,
    WorkflowConfig workflow,
    StorageConfig storage,
    DatasetConfig dataset,
    ReaderConfig reader,
    TrainConfig train,
    EvaluationConfig evaluation,
    CheckpointConfig checkpoint,
    OutputConfig output,
    ProfilingConfig profiling,
    double auThreshold)
    implements Serializable {}
