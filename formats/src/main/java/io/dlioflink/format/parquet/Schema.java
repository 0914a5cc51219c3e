/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.parquet;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** The columns of a file: the leaves of the tree that the footer lists depth first. */
final class Schema {
  private static final int MAX_DEPTH = 64;

  private Schema() {}

  /** Reads the list of elements the reader stands before. */
  static List<Column> read(CompactReader reader) throws IOException {
    List<Column> columns = new ArrayList<>();
    Deque<Group> open = new ArrayDeque<>();
    Element element = new Element();
    int elements = reader.structs();
    for (int i = 0; i < elements; i++) {
      element.read(reader);
      if (i > 0 && open.isEmpty()) {
        throw reader.broken("schema element %s is in no group".formatted(element.name));
      }
      Group parent = open.isEmpty() ? null : open.peek();
      if (parent != null) {
        parent.childrenLeft--;
      }
      add(reader, element, parent, open, columns);
      while (!open.isEmpty() && open.peek().childrenLeft == 0) {
        open.pop();
      }
    }
    if (!open.isEmpty() || columns.isEmpty()) {
      throw reader.broken(
          "a schema of %d columns with %d groups unfinished"
              .formatted(columns.size(), open.size()));
    }
    return columns;
  }

  private static void add(
      CompactReader reader, Element element, Group parent, Deque<Group> open, List<Column> columns)
      throws IOException {
    boolean root = parent == null;
    String path = root ? "" : parent.path + element.name;
    int definition = root ? 0 : parent.definition;
    int repetition = root ? 0 : parent.repetition;
    if (!root) {
      switch (element.repetition) {
        case Parquet.REQUIRED -> {}
        case Parquet.OPTIONAL -> definition++;
        case Parquet.REPEATED -> {
          definition++;
          repetition++;
        }
        default ->
            throw reader.broken("column %s has repetition %d".formatted(path, element.repetition));
      }
    }
    if (element.type < 0) {
      if (open.size() >= MAX_DEPTH) {
        throw reader.broken("groups nested deeper than " + MAX_DEPTH);
      }
      String prefix = root ? "" : path + ".";
      open.push(new Group(prefix, element.children, definition, repetition));
    } else {
      int width = width(reader, element, path);
      columns.add(new Column(path, element.type, width, definition, repetition));
    }
  }

  private static int width(CompactReader reader, Element element, String path) throws IOException {
    return switch (element.type) {
      case Parquet.BOOLEAN -> 1;
      case Parquet.INT32, Parquet.FLOAT -> 4;
      case Parquet.INT64, Parquet.DOUBLE -> 8;
      case Parquet.INT96 -> 12;
      case Parquet.BYTE_ARRAY -> Column.VARIABLE;
      case Parquet.FIXED_LEN_BYTE_ARRAY -> {
        if (element.typeLength < 0) {
          throw reader.broken("column %s has no length".formatted(path));
        }
        yield element.typeLength;
      }
      default -> throw reader.broken("column %s has type %d".formatted(path, element.type));
    };
  }

  /** A group whose children are being read. */
  private static final class Group {
    final String path;
    final int definition;
    final int repetition;
    int childrenLeft;

    Group(String path, int children, int definition, int repetition) {
      this.path = path;
      this.childrenLeft = children;
      this.definition = definition;
      this.repetition = repetition;
    }
  }

  /** A schema element. */
  private static final class Element {
    int type;
    int typeLength;
    int repetition;
    int children;
    String name;

    void read(CompactReader reader) throws IOException {
      type = -1;
      typeLength = -1;
      repetition = -1;
      children = 0;
      name = "";
      int field = 0;
      while ((field = reader.nextField(field)) != CompactReader.STOP) {
        switch (field) {
          case 1 -> type = reader.count32();
          case 2 -> typeLength = reader.count32();
          case 3 -> repetition = reader.i32();
          case 4 -> name = reader.string();
          case 5 -> children = reader.count32();
          default -> reader.skip();
        }
      }
    }
  }
}
