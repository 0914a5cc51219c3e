/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.parquet;

/**
 * A column of a file: a leaf of its schema.
 *
 * @param name path of names from the root, joined by dots
 * @param type physical type
 * @param valueBytes bytes of a value; {@link #VARIABLE} if each has its own length
 * @param maxDefinition definition level of a value that is there
 * @param maxRepetition deepest repetition level; 0 if every row has one value
 */
record Column(String name, int type, int valueBytes, int maxDefinition, int maxRepetition) {
  static final int VARIABLE = -1;

  /** Whether a list of names asks for this column, by its own name or a group's it is in. */
  boolean isNamedBy(String wanted) {
    return name.equals(wanted) || (name.startsWith(wanted) && name.charAt(wanted.length()) == '.');
  }
}
