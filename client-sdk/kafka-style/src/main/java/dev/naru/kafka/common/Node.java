package dev.naru.kafka.common;

import org.jspecify.annotations.Nullable;

/** A node of the cluster. */
public final class Node {

  private static final Node NO_NODE = new Node(-1, "", -1);

  private final int id;
  private final String host;
  private final int port;

  /** With this address; an unknown one is empty and -1. */
  public Node(int id, String host, int port) {
    this.id = id;
    this.host = host;
    this.port = port;
  }

  /** Stands for none. */
  public static Node noNode() {
    return NO_NODE;
  }

  /** Whether it stands for none. */
  public boolean isEmpty() {
    return id < 0;
  }

  /** The id. */
  public int id() {
    return id;
  }

  /** The id as text. */
  public String idString() {
    return Integer.toString(id);
  }

  /** Where clients reach it. */
  public String host() {
    return host;
  }

  /** Where clients reach it. */
  public int port() {
    return port;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Node that
        && id == that.id
        && port == that.port
        && host.equals(that.host);
  }

  @Override
  public int hashCode() {
    return 31 * id + host.hashCode();
  }

  @Override
  public String toString() {
    return host + ":" + port + " (id: " + id + ")";
  }
}
