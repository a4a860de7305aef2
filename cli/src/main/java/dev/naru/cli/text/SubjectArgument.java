package dev.naru.cli.text;

import dev.naru.cli.CommandFailure;
import dev.naru.client.admin.ConfigSubject;
import java.util.regex.Pattern;

/**
 * What has settings, as people write it: {@code cluster}, {@code nodes/1}, {@code topics/orders}.
 */
public final class SubjectArgument {

  private static final Pattern TEXT = Pattern.compile("cluster|nodes/\\d{1,9}|topics/[^/]+");

  private SubjectArgument() {}

  /** Reads one. Whether there is such a node or topic the cluster knows. */
  public static ConfigSubject parse(String text) {
    if (!TEXT.matcher(text).matches()) {
      throw CommandFailure.usage(
          "Expected cluster, nodes/ID or topics/NAME, but was " + Printable.of(text));
    }
    return new ConfigSubject(text);
  }
}
