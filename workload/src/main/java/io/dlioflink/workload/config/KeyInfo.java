/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload.config;

import java.util.Optional;

/**
 * One line of the table of keys, for documentation.
 *
 * @param path as in workload files
 * @param type e.g. {@code integer}
 * @param defaultValue in YAML's spelling; {@code null} for none
 * @param allowed what a value may be, in words that follow "expected"
 * @param doc one sentence, and whether DLIO ignores the key
 * @param compatibility what it does here, compared with DLIO; empty if nobody has compared it yet
 */
public record KeyInfo(
    String path,
    String type,
    String defaultValue,
    String allowed,
    String doc,
    Optional<KeyCompatibility> compatibility) {}
