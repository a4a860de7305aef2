package dev.naru.kafka.clients.consumer;

import java.util.Optional;

/** A consumer as a member of its group. */
public class ConsumerGroupMetadata {

  private final String groupId;
  private final int generationId;
  private final String memberId;
  private final Optional<String> groupInstanceId;

  /** With everything. */
  public ConsumerGroupMetadata(
      String groupId, int generationId, String memberId, Optional<String> groupInstanceId) {
    this.groupId = groupId;
    this.generationId = generationId;
    this.memberId = memberId;
    this.groupInstanceId = groupInstanceId;
  }

  /** The group. */
  public String groupId() {
    return groupId;
  }

  /** The group's epoch that this member has heard of. */
  public int generationId() {
    return generationId;
  }

  /** The member. */
  public String memberId() {
    return memberId;
  }

  /** The name under which it comes back. */
  public Optional<String> groupInstanceId() {
    return groupInstanceId;
  }
}
