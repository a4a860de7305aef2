package dev.naru.broker.config;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * Reads a YAML file into dotted names, each with its line. A nested key and a dotted key are the
 * same; a value given twice, in whatever way, is refused with both lines. Anchors are refused too:
 * a configuration needs none, and they are how a small file becomes a large one.
 */
final class ConfigFile {

  /** Far more than 40 settings with comments need. */
  private static final int SIZE_BYTES_MAX = 1 << 20;

  private final Map<String, RawValue> values = new LinkedHashMap<>();
  private final List<ConfigProblem> problems = new ArrayList<>();
  private final Set<Node> seen = Collections.newSetFromMap(new IdentityHashMap<>());

  private ConfigFile() {}

  /**
   * The values of the file by dotted name.
   *
   * @throws InvalidConfigException if it cannot be read or is not YAML
   */
  static Content read(Path path) throws InvalidConfigException {
    return parse(text(path), path.toString());
  }

  static Content parse(String yaml, String label) throws InvalidConfigException {
    var file = new ConfigFile();
    root(yaml, label).ifPresent(node -> file.flatten("", node));
    return new Content(file.values, file.problems);
  }

  /** What is written in a file, and what cannot be meant whatever the names stand for. */
  record Content(Map<String, RawValue> values, List<ConfigProblem> problems) {

    static final Content NONE = new Content(Map.of(), List.of());
  }

  private static String text(Path path) throws InvalidConfigException {
    try {
      if (Files.size(path) > SIZE_BYTES_MAX) {
        throw new InvalidConfigException(
            "Expected %s to have at most %d bytes, but it has %d"
                .formatted(path, SIZE_BYTES_MAX, Files.size(path)));
      }
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(Files.readAllBytes(path)))
          .toString();
    } catch (NoSuchFileException e) {
      throw new InvalidConfigException("Expected a file at " + path + ", but there is none");
    } catch (CharacterCodingException e) {
      throw new InvalidConfigException("Expected " + path + " to be UTF-8, but it is not");
    } catch (IOException e) {
      throw new InvalidConfigException(
          "Expected " + path + " to be readable, but: " + e.getMessage());
    }
  }

  private static Optional<Node> root(String yaml, String label) throws InvalidConfigException {
    var settings = LoadSettings.builder().setLabel(label).setCodePointLimit(SIZE_BYTES_MAX).build();
    try {
      return new Compose(settings).composeString(yaml);
    } catch (MarkedYamlEngineException e) {
      var line = e.getProblemMark().map(mark -> " (line " + (mark.getLine() + 1) + ")").orElse("");
      throw new InvalidConfigException(
          "Expected %s to be YAML, but %s%s".formatted(label, e.getProblem(), line));
    } catch (YamlEngineException e) {
      throw new InvalidConfigException(
          "Expected %s to be YAML, but %s".formatted(label, e.getMessage()));
    }
  }

  private void flatten(String key, Node node) {
    if (!seen.add(node)) {
      refuse("Expected " + key + " to be written out, but it is an alias", lineOf(node));
      return;
    }
    switch (node) {
      case MappingNode mapping ->
          mapping
              .getValue()
              .forEach(entry -> flatten(nameOf(key, entry.getKeyNode()), entry.getValueNode()));
      case SequenceNode sequence ->
          put(new RawValue(key, new RawValue.Items(items(key, sequence)), lineOf(node)));
      case ScalarNode scalar -> {
        if (key.isEmpty() || scalar.getTag().equals(Tag.NULL)) {
          refuse(
              "Expected " + (key.isEmpty() ? "settings" : key) + " to have a value", lineOf(node));
        } else {
          put(RawValue.scalar(key, scalar.getValue(), lineOf(node)));
        }
      }
      default -> refuse("Expected " + key + " to be a value, but was " + node, lineOf(node));
    }
  }

  private String nameOf(String prefix, Node keyNode) {
    if (keyNode instanceof ScalarNode scalar) {
      return prefix.isEmpty() ? scalar.getValue() : prefix + "." + scalar.getValue();
    }
    refuse("Expected the name of a setting, but was a list or a map", lineOf(keyNode));
    return prefix;
  }

  private List<String> items(String key, SequenceNode sequence) {
    var items = new ArrayList<String>();
    for (var item : sequence.getValue()) {
      if (item instanceof ScalarNode scalar && seen.add(item)) {
        items.add(scalar.getValue());
      } else {
        refuse("Expected " + key + " to list plain values", lineOf(item));
      }
    }
    return items;
  }

  private void put(RawValue value) {
    var earlier = values.putIfAbsent(value.key(), value);
    if (earlier != null) {
      problems.add(
          ConfigProblem.at(
              "Expected " + value.key() + " once, but it is given twice",
              earlier.origin(),
              value.origin()));
    }
  }

  private void refuse(String message, Origin where) {
    problems.add(ConfigProblem.at(message, where));
  }

  private static Origin lineOf(Node node) {
    return new Origin.FileLine(node.getStartMark().map(mark -> mark.getLine() + 1).orElse(1));
  }
}
