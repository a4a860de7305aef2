package dev.naru.kafka.clients.admin;

/** How many partitions a topic is to have. */
public final class NewPartitions {

  private final int totalCount;

  private NewPartitions(int totalCount) {
    this.totalCount = totalCount;
  }

  /** So many in all. */
  public static NewPartitions increaseTo(int totalCount) {
    return new NewPartitions(totalCount);
  }

  /** So many in all. */
  public int totalCount() {
    return totalCount;
  }
}
