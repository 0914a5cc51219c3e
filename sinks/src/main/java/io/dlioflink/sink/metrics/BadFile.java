/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.sink.metrics;

/**
 * A dataset file that is not what it should be.
 *
 * @param path below the dataset folder
 * @param problem what is wrong, with the place
 */
public record BadFile(String path, String problem) {}
