package dev.naru.cli.text;

import dev.naru.cli.CommandFailure;
import java.util.UUID;
import java.util.regex.Pattern;

/** An operation: its id, or its name as {@code -o name} prints it. */
public record OperationArgument(UUID id) {

  private static final Pattern TEXT =
      Pattern.compile(
          "(?:operations/)?([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})");

  /** Reads one. Whether there is such an operation the cluster knows. */
  public static OperationArgument parse(String text) {
    var matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      throw CommandFailure.usage("Expected operations/UUID or a UUID, but was " + text);
    }
    return new OperationArgument(UUID.fromString(matcher.group(1)));
  }
}
