package dev.naru.kafka.clients.admin;

import java.util.Optional;

/** A member of a group. */
public final class MemberDescription {

  private final String consumerId;
  private final Optional<String> groupInstanceId;
  private final String clientId;
  private final String host;
  private final MemberAssignment assignment;
  private final int epoch;

  MemberDescription(
      String consumerId,
      Optional<String> groupInstanceId,
      String clientId,
      String host,
      MemberAssignment assignment,
      int epoch) {
    this.consumerId = consumerId;
    this.groupInstanceId = groupInstanceId;
    this.clientId = clientId;
    this.host = host;
    this.assignment = assignment;
    this.epoch = epoch;
  }

  /** The id that the group knows it by. */
  public String consumerId() {
    return consumerId;
  }

  /** Its {@code group.instance.id}, if it is a static one. */
  public Optional<String> groupInstanceId() {
    return groupInstanceId;
  }

  /** Its {@code client.id}. */
  public String clientId() {
    return clientId;
  }

  /** The host that it calls from. */
  public String host() {
    return host;
  }

  /** What it holds; of a classic group only its members know. */
  public MemberAssignment assignment() {
    return assignment;
  }

  /** At which what it may hold last changed; always there. */
  public Optional<Integer> memberEpoch() {
    return Optional.of(epoch);
  }

  @Override
  public String toString() {
    return "(memberId="
        + consumerId
        + ", groupInstanceId="
        + groupInstanceId.orElse("null")
        + ", clientId="
        + clientId
        + ", host="
        + host
        + ", assignment="
        + assignment
        + ")";
  }
}
