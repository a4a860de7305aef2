package dev.naru.kafka.clients.admin;

import dev.naru.kafka.common.KafkaFuture;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What became of members that are to leave their group. */
public class RemoveMembersFromConsumerGroupResult {

  private final Map<MemberToRemove, KafkaFuture<@Nullable Void>> futures;
  private final KafkaFuture<@Nullable Void> all;

  RemoveMembersFromConsumerGroupResult(
      Map<MemberToRemove, KafkaFuture<@Nullable Void>> futures, KafkaFuture<@Nullable Void> all) {
    this.futures = Map.copyOf(futures);
    this.all = all;
  }

  /** Of all of them: fails if one does. */
  public KafkaFuture<@Nullable Void> all() {
    return all;
  }

  /**
   * Of one of them.
   *
   * @throws IllegalArgumentException if it was not named
   */
  public KafkaFuture<@Nullable Void> memberResult(MemberToRemove member) {
    var future = futures.get(member);
    if (future == null) {
      throw new IllegalArgumentException(
          "Expected a member that was to be removed by its name, but was " + member);
    }
    return future;
  }
}
