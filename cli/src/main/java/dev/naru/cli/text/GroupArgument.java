package dev.naru.cli.text;

/** A group of consumers: its bare name, or as {@code -o name} prints it. */
public final class GroupArgument {

  private static final String RESOURCE_PREFIX = "groups/";

  private GroupArgument() {}

  /** The group of a name as {@code -o name} prints it, or of a bare name. */
  public static String name(String text) {
    return text.startsWith(RESOURCE_PREFIX) ? text.substring(RESOURCE_PREFIX.length()) : text;
  }
}
