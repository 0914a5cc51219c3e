/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.metrics;

/**
 * The page cache of a host was to be dropped before a pass.
 *
 * @param host which host
 * @param pass running number of the pass
 * @param dropped whether it was
 * @param how by which means, or why not and what can be done
 */
public record CacheDrop(String host, int pass, boolean dropped, String how)
    implements MetricsRecord {}
