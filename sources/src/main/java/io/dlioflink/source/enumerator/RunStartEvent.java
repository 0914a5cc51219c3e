/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.source.enumerator;

import io.dlioflink.source.RunStart;
import org.apache.flink.api.connector.source.SourceEvent;

/**
 * All readers are up; go.
 *
 * @param start what the reader passes on
 */
public record RunStartEvent(RunStart start) implements SourceEvent {}
