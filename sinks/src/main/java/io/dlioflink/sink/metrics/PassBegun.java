/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.metrics;

/**
 * A rank has begun a pass.
 *
 * @param rank which
 * @param pass running number of the pass
 * @param startMicros wall clock, microseconds since 1970
 */
public record PassBegun(int rank, int pass, long startMicros) implements MetricsRecord {}
