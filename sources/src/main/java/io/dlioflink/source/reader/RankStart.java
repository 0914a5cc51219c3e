/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.source.reader;

import io.dlioflink.source.RunStart;

/**
 * The reader of a rank is ready. First signal of every subtask.
 *
 * @param run what the source announced
 * @param telemetry what the reader measures, live
 */
public record RankStart(RunStart run, ReadTelemetry telemetry) implements ReaderSignal {}
