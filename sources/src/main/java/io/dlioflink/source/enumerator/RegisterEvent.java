/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.source.enumerator;

import org.apache.flink.api.connector.source.SourceEvent;

/**
 * A reader is up and says where.
 *
 * @param jvm identity of its JVM
 */
public record RegisterEvent(String jvm) implements SourceEvent {}
