package dev.naru.metadata.log;

import dev.naru.types.HostPort;
import dev.naru.types.NodeId;

/** One voter as the configuration names it: {@code 1@n1.example:9412}. */
public record Voter(NodeId node, HostPort raft) {

  /**
   * Reads the form that {@link #toString} writes.
   *
   * @throws IllegalArgumentException if the text has another form
   */
  public static Voter parse(String text) {
    int at = text.indexOf('@');
    if (at <= 0) {
      throw new IllegalArgumentException("Expected id@host:port, but was " + text);
    }
    try {
      var node = new NodeId(Integer.parseInt(text.substring(0, at)));
      return new Voter(node, HostPort.parse(text.substring(at + 1)));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("Expected id@host:port, but was " + text, e);
    }
  }

  @Override
  public String toString() {
    return node + "@" + raft;
  }
}
