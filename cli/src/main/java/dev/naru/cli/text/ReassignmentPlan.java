package dev.naru.cli.text;

import dev.naru.cli.CommandFailure;
import dev.naru.client.TopicPartition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Where partitions are to be, as a file: {@code partitions} is a list of {@code partition:
 * orders/3} with {@code nodes: [1, 2, 4]}, the preferred leader first. JSON is read as well.
 */
public final class ReassignmentPlan {

  /** Ten thousand partitions of topics with the longest names take a third of it. */
  private static final int FILE_BYTES_MAX = 16 << 20;

  /** Of what is wrong, shown. */
  private static final int SHOWN_MAX = 200;

  private ReassignmentPlan() {}

  /** Reads a plan; a {@link CommandFailure} says what is wrong with it. */
  public static Map<TopicPartition, List<Integer>> read(Path file) {
    return parse(text(file));
  }

  static String text(Path file) {
    try {
      if (Files.size(file) > FILE_BYTES_MAX) {
        throw CommandFailure.usage(
            "Expected a plan of at most %d bytes, but %s is longer"
                .formatted(FILE_BYTES_MAX, file));
      }
      return Files.readString(file);
    } catch (IOException e) {
      throw CommandFailure.usage("Expected a readable plan, but " + file + ": " + e.getMessage());
    }
  }

  /** The plan in this text. */
  public static Map<TopicPartition, List<Integer>> parse(String text) {
    var plan = new TreeMap<TopicPartition, List<Integer>>();
    for (Object entry : entries(text)) {
      if (!(entry instanceof Map<?, ?> each)
          || !(each.get("partition") instanceof String name)
          || !(each.get("nodes") instanceof List<?> nodes)) {
        throw CommandFailure.usage(
            "Expected a partition and its nodes in each entry of the plan, but was "
                + shown(entry));
      }
      if (plan.put(partition(name), nodes(name, nodes)) != null) {
        throw CommandFailure.usage("Expected each partition once, but " + name + " comes again");
      }
    }
    return plan;
  }

  /** What its list of partitions holds. */
  static List<?> entries(String text) {
    return entries(fields(text));
  }

  static List<?> entries(Map<?, ?> fields) {
    if (!(fields.get("partitions") instanceof List<?> entries)) {
      throw CommandFailure.usage("Expected a plan with a list of partitions, but there is none");
    }
    return entries;
  }

  /** All that it says. */
  static Map<?, ?> fields(String text) {
    var settings = LoadSettings.builder().setCodePointLimit(FILE_BYTES_MAX).build();
    Object document;
    try {
      document = new Load(settings).loadFromString(text);
    } catch (YamlEngineException e) {
      throw CommandFailure.usage("Expected a plan in YAML, but: " + e.getMessage());
    } catch (StackOverflowError tooDeep) { // the library reads what is within by calling itself
      throw CommandFailure.usage("Expected a plan in YAML, but it is nested too deeply");
    }
    if (document instanceof Map<?, ?> fields) {
      return fields;
    }
    throw CommandFailure.usage("Expected a plan with a list of partitions, but there is none");
  }

  static String shown(Object entry) {
    var text = String.valueOf(entry);
    return text.length() > SHOWN_MAX ? text.substring(0, SHOWN_MAX) + "…" : text;
  }

  static TopicPartition partition(String name) {
    var named = TopicArgument.parse(name);
    if (named.partition().isEmpty()) {
      throw CommandFailure.usage("Expected TOPIC/PARTITION in the plan, but was " + name);
    }
    return new TopicPartition(named.topic(), named.partition().getAsInt());
  }

  static List<Integer> nodes(String name, Collection<?> values) {
    var nodes = new ArrayList<Integer>();
    for (Object value : values) {
      if (!(value instanceof Integer node)) {
        throw CommandFailure.usage(
            "Expected ids of nodes for %s, but was %s".formatted(name, value));
      }
      nodes.add(node);
    }
    return nodes;
  }
}
