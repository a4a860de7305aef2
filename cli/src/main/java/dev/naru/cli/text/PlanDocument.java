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
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * A plan as a file: a list {@code partitions}, and what else this kind of plan says. YAML; JSON is
 * read as well. A {@link CommandFailure} says what is wrong with it.
 *
 * @param fields all that it says
 */
record PlanDocument(Map<?, ?> fields) {

  /** Ten thousand partitions of topics with the longest names take a third of it. */
  private static final int FILE_BYTES_MAX = 16 << 20;

  /** Of what is wrong, shown. */
  private static final int SHOWN_MAX = 200;

  private static final String NO_LIST =
      "Expected a plan with a list of partitions, but there is none";

  /** What the file says, not yet read as a plan. */
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

  static PlanDocument parse(String text) {
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
      return new PlanDocument(fields);
    }
    throw CommandFailure.usage(NO_LIST);
  }

  /** What its list of partitions holds. */
  List<?> entries() {
    if (fields.get("partitions") instanceof List<?> entries) {
      return entries;
    }
    throw CommandFailure.usage(NO_LIST);
  }

  /** The partition that an entry names. */
  static TopicPartition partition(String name) {
    var named = TopicArgument.parse(name);
    if (named.partition().isEmpty()) {
      throw CommandFailure.usage("Expected TOPIC/PARTITION in the plan, but was " + name);
    }
    return new TopicPartition(named.topic(), named.partition().getAsInt());
  }

  /** The nodes that the entry of this partition names. */
  static List<Integer> nodes(String partition, Collection<?> values) {
    var nodes = new ArrayList<Integer>();
    for (Object value : values) {
      if (!(value instanceof Integer node)) {
        throw CommandFailure.usage(
            "Expected ids of nodes for %s, but was %s".formatted(partition, value));
      }
      nodes.add(node);
    }
    return nodes;
  }

  /** A partition has two entries. */
  static CommandFailure twice(Object partition) {
    return CommandFailure.usage("Expected each partition once, but " + partition + " comes again");
  }

  /** What is wrong, as far as a message can show it. */
  static String shown(@Nullable Object found) {
    var text = String.valueOf(found);
    return text.length() > SHOWN_MAX ? text.substring(0, SHOWN_MAX) + "…" : text;
  }
}
