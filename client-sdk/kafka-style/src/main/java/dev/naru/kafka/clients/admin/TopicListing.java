package dev.naru.kafka.clients.admin;

/** A topic in a list. */
public final class TopicListing {

  private final String name;
  private final boolean isInternal;

  TopicListing(String name, boolean isInternal) {
    this.name = name;
    this.isInternal = isInternal;
  }

  /** The name. */
  public String name() {
    return name;
  }

  /** Whether nodes keep it for themselves. */
  public boolean isInternal() {
    return isInternal;
  }

  @Override
  public String toString() {
    return "(name=" + name + ", internal=" + isInternal + ")";
  }
}
