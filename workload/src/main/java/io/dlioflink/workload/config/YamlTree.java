/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.workload.config;

import io.dlioflink.workload.config.ConfigValue.Mapping;
import io.dlioflink.workload.config.ConfigValue.Sequence;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.reader.ReaderException;

/**
 * Turns YAML text into values with line numbers. Only SnakeYAML's syntax tree is used; no object is
 * ever constructed from a tag. Size, depth and the expansion of aliases are limited.
 */
final class YamlTree {

  private static final int MAX_DEPTH = 32;
  private static final int MAX_ALIASES = 50;
  private static final int MAX_VALUES = 100_000;
  private static final Set<Tag> SCALAR_TAGS =
      Set.of(Tag.STR, Tag.INT, Tag.FLOAT, Tag.BOOL, Tag.NULL, Tag.TIMESTAMP);

  private final String source;
  private final List<Problem> problems;
  private final Set<Node> open = Collections.newSetFromMap(new IdentityHashMap<>());
  private int values;

  private YamlTree(String source, List<Problem> problems) {
    this.source = source;
    this.problems = problems;
  }

  /**
   * The top level mapping of the only document.
   *
   * @param problems receives what is wrong
   * @throws WorkloadException if there is nothing to go on with
   */
  static Mapping parse(String source, String text, List<Problem> problems) {
    YamlTree tree = new YamlTree(source, problems);
    Node root = tree.compose(text);
    if (!(root instanceof MappingNode mapping)) {
      throw tree.fatal(
          line(root), "the top level is %s; expected a mapping of sections".formatted(kind(root)));
    }
    return tree.mapping(mapping, "", 1)
        .orElseGet(() -> Mapping.empty(new Origin.FileLine(source, line(mapping))));
  }

  private Node compose(String text) {
    if (text.length() > WorkloadRequest.MAX_FILE_BYTES) {
      throw fatal(
          1,
          "the file has %d characters; a workload file may have at most %d"
              .formatted(text.length(), WorkloadRequest.MAX_FILE_BYTES));
    }
    LoaderOptions options = new LoaderOptions();
    options.setCodePointLimit(WorkloadRequest.MAX_FILE_BYTES);
    options.setNestingDepthLimit(MAX_DEPTH);
    options.setMaxAliasesForCollections(MAX_ALIASES);
    // Nothing is constructed; tags are refused below, where the key is known.
    options.setTagInspector(tag -> true);
    try {
      Iterator<Node> documents =
          new Yaml(new SafeConstructor(options)).composeAll(new StringReader(text)).iterator();
      if (!documents.hasNext()) {
        throw fatal(1, "the file is empty; expected a mapping of sections");
      }
      Node root = documents.next();
      if (documents.hasNext()) {
        throw fatal(line(documents.next()), "a second document starts here; expected one document");
      }
      return root;
    } catch (MarkedYAMLException e) {
      // Not the exception's own message: it quotes the file, which may hold secrets.
      String context = e.getContext() == null ? "" : e.getContext() + ": ";
      int line = e.getProblemMark() == null ? 1 : e.getProblemMark().getLine() + 1;
      throw fatal(line, "not valid YAML: " + context + e.getProblem());
    } catch (ReaderException e) {
      String before = text.substring(0, Math.min(text.length(), e.getPosition()));
      int line = 1 + (int) before.chars().filter(c -> c == '\n').count();
      throw fatal(
          line, "not valid YAML: the character U+%04X is not allowed".formatted(e.getCodePoint()));
    } catch (YAMLException e) {
      throw fatal(1, "not accepted: " + e.getMessage());
    } catch (StackOverflowError e) {
      throw fatal(1, "not accepted: the nesting is too deep");
    }
  }

  private Optional<ConfigValue> value(Node node, String path, int line) {
    if (++values > MAX_VALUES) {
      throw fatal(
          line(node),
          "the aliases of the file expand to more than %d values".formatted(MAX_VALUES));
    }
    if (node instanceof ScalarNode scalar) {
      return scalar(scalar, path, line);
    }
    if (!open.add(node)) {
      error(line, path, "an anchor contains itself");
      return Optional.empty();
    }
    try {
      return node instanceof MappingNode mapping
          ? mapping(mapping, path, line).map(m -> m)
          : sequence((SequenceNode) node, path, line);
    } finally {
      open.remove(node);
    }
  }

  private Optional<ConfigValue> scalar(ScalarNode node, String path, int line) {
    if (!SCALAR_TAGS.contains(node.getTag())) {
      badTag(node, path, line);
      return Optional.empty();
    }
    try {
      return Optional.of(
          ScalarSyntax.yaml(node.getTag(), node.getValue(), new Origin.FileLine(source, line)));
    } catch (NumberFormatException e) {
      error(line, path, "'%s' is not a number".formatted(node.getValue()));
      return Optional.empty();
    }
  }

  private Optional<ConfigValue> sequence(SequenceNode node, String path, int line) {
    if (!node.getTag().equals(Tag.SEQ)) {
      badTag(node, path, line);
      return Optional.empty();
    }
    List<ConfigValue> items = new ArrayList<>();
    for (Node item : node.getValue()) {
      value(item, path, line(item)).ifPresent(items::add);
    }
    return Optional.of(new Sequence(items, new Origin.FileLine(source, line)));
  }

  private Optional<Mapping> mapping(MappingNode node, String path, int line) {
    if (!node.getTag().equals(Tag.MAP)) {
      badTag(node, path, line);
      return Optional.empty();
    }
    open.add(node);
    LinkedHashMap<String, ConfigValue> entries = new LinkedHashMap<>();
    Map<String, Integer> lines = new HashMap<>();
    for (NodeTuple tuple : node.getValue()) {
      if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
        error(line(tuple.getKeyNode()), path, "%s as a key".formatted(kind(tuple.getKeyNode())));
        continue;
      }
      if (key.getTag().equals(Tag.MERGE)) {
        continue;
      }
      String name = key.getValue();
      String keyPath = path.isEmpty() ? name : path + "." + name;
      Integer earlier = lines.putIfAbsent(name, line(key));
      if (earlier != null) {
        error(line(key), keyPath, "set twice, first on line " + earlier);
        continue;
      }
      value(tuple.getValueNode(), keyPath, line(key)).ifPresent(v -> entries.put(name, v));
    }
    for (NodeTuple tuple : node.getValue()) {
      if (tuple.getKeyNode().getTag().equals(Tag.MERGE)) {
        merge(tuple.getValueNode(), path, entries);
      }
    }
    return Optional.of(new Mapping(entries, new Origin.FileLine(source, line)));
  }

  /** {@code <<: *anchor}: entries that are not set by the mapping itself. */
  private void merge(Node node, String path, Map<String, ConfigValue> entries) {
    List<Node> merged = node instanceof SequenceNode sequence ? sequence.getValue() : List.of(node);
    for (Node each : merged) {
      Optional<ConfigValue> value = value(each, path, line(each));
      if (value.isPresent() && value.get() instanceof Mapping mapping) {
        mapping.entries().forEach(entries::putIfAbsent);
      } else if (value.isPresent()) {
        error(line(each), path, "<< needs a mapping, not " + value.get().describe());
      }
    }
  }

  private void badTag(Node node, String path, int line) {
    error(
        line,
        path,
        "the tag '%s' is not allowed; expected plain YAML".formatted(node.getTag().getValue()));
  }

  private void error(int line, String path, String message) {
    problems.add(Problem.error(source + ":" + line, path, message));
  }

  private WorkloadException fatal(int line, String message) {
    problems.add(Problem.error(source + ":" + line, "", message));
    return new WorkloadException(
        problems.stream().filter(p -> p.severity() == Severity.ERROR).toList());
  }

  private static int line(Node node) {
    return node.getStartMark().getLine() + 1;
  }

  private static String kind(Node node) {
    return node instanceof ScalarNode
        ? "a single value"
        : node instanceof SequenceNode ? "a list" : "a mapping";
  }
}
