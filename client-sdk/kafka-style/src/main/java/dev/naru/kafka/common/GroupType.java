package dev.naru.kafka.common;

/** How the members of a group share partitions. */
public enum GroupType {
  /** Never told here. */
  UNKNOWN("Unknown"),
  /** The cluster assigns; Naru's own protocol is told as this one. */
  CONSUMER("Consumer"),
  /** A member assigns. */
  CLASSIC("Classic"),
  /** Never told here. */
  SHARE("Share"),
  /** Never told here. */
  STREAMS("Streams");

  private final String name;

  GroupType(String name) {
    this.name = name;
  }

  @Override
  public String toString() {
    return name;
  }
}
