package dev.naru.cli.text;

import dev.naru.cli.CommandFailure;
import java.util.regex.Pattern;

/** A node: its id, or its name as {@code -o name} prints it. */
public record NodeArgument(int id) {

  private static final Pattern TEXT = Pattern.compile("(?:nodes/)?(\\d{1,9})");

  /** Reads one. Whether there is such a node the cluster knows. */
  public static NodeArgument parse(String text) {
    var matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      throw CommandFailure.usage("Expected nodes/ID or the id of a node, but was " + text);
    }
    return new NodeArgument(Integer.parseInt(matcher.group(1)));
  }
}
