package dev.naru.cli.text;

import dev.naru.cli.CommandFailure;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/** A topic, or one partition of it: {@code orders} or {@code orders/3}. */
public record TopicArgument(String topic, OptionalInt partition) {

  private static final Pattern TEXT = Pattern.compile("([^/]+)(?:/(\\d{1,9}))?");

  private static final String RESOURCE_PREFIX = "topics/";

  /** Reads one. Whether there is such a topic the cluster knows. */
  public static TopicArgument parse(String text) {
    var matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      throw CommandFailure.usage("Expected TOPIC or TOPIC/PARTITION, but was " + text);
    }
    String number = matcher.group(2);
    return new TopicArgument(
        matcher.group(1),
        number == null ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(number)));
  }

  /** The topic of a name as {@code -o name} prints it, or of a bare name. */
  public static String name(String text) {
    return text.startsWith(RESOURCE_PREFIX) ? text.substring(RESOURCE_PREFIX.length()) : text;
  }
}
