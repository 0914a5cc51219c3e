/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.source.enumerator;

import javax.annotation.Nullable;
import org.apache.flink.api.connector.source.SourceEvent;

/**
 * A reader is up and says where.
 *
 * @param jvm identity of its JVM
 * @param restoredPass the pass its state says it had come to; null if it has no state
 */
public record RegisterEvent(String jvm, @Nullable Integer restoredPass) implements SourceEvent {}
