package dev.naru.broker.rpc;

import dev.naru.types.NodeId;
import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Which entry of a node is meant.
 *
 * @param directory the word for its data directory
 * @param number the number of the entry there
 */
record SalvageRef(String directory, long number) implements Comparable<SalvageRef> {

  private static final Comparator<SalvageRef> ORDER =
      Comparator.comparing(SalvageRef::directory).thenComparingLong(SalvageRef::number);

  private static final Pattern TEXT = Pattern.compile("([0-9a-f]{8,32})-(\\d{1,18})");
  private static final Pattern NAME = Pattern.compile("nodes/(\\d{1,9})/salvage/(.+)");

  /**
   * Reads the form that {@link #toString} writes.
   *
   * @throws IllegalArgumentException if the text has another form
   */
  static SalvageRef parse(String text) {
    var matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("Expected <directory>-<number>, but was " + text);
    }
    return new SalvageRef(matcher.group(1), Long.parseLong(matcher.group(2)));
  }

  /** The entry of this resource name; empty if it names nothing of this node. */
  static Optional<SalvageRef> ofName(String name, NodeId self) {
    var matcher = NAME.matcher(name);
    if (!matcher.matches() || Integer.parseInt(matcher.group(1)) != self.value()) {
      return Optional.empty();
    }
    return Optional.of(matcher.group(2))
        .filter(text -> TEXT.matcher(text).matches())
        .map(SalvageRef::parse);
  }

  /** Its resource name. */
  String name(NodeId self) {
    return "nodes/" + self + "/salvage/" + this;
  }

  @Override
  public int compareTo(SalvageRef other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return directory + "-" + number;
  }
}
