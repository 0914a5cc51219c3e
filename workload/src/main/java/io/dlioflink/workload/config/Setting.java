/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload.config;

import java.io.Serializable;

/**
 * One effective value of a loaded workload.
 *
 * @param key as in workload files
 * @param value in YAML's spelling; {@code null} for none; secrets masked
 * @param origin who set it
 */
public record Setting(String key, String value, Origin origin) implements Serializable {}
