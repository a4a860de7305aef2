package dev.naru.broker.upkeep;

import dev.naru.broker.coordinator.GroupLag;
import dev.naru.broker.group.GroupImage;
import dev.naru.broker.group.MemberId;
import dev.naru.broker.upkeep.LagTrend.Growth;
import dev.naru.types.PartitionId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What the figures of a group suggest an operator should do. Pure: the figures are all it knows.
 */
final class GroupAdvice {

  /** Out for being slow more often than this within an hour: it is not the odd slow batch. */
  private static final int SLOW_MAX = 6;

  /** With less lag than this there is nothing to share out. */
  private static final long LAG_WORTH_SHARING = 1_000;

  private final GroupImage image;
  private final Map<PartitionId, GroupLag> lags;
  private final List<String> advice = new ArrayList<>();

  private GroupAdvice(GroupImage image, Map<PartitionId, GroupLag> lags) {
    this.image = image;
    this.lags = lags;
  }

  /**
   * A sentence for each thing that could be done.
   *
   * @param growth of the lag of all its partitions, if it is known
   * @param slow how often members were out in the last hour for taking too long between two polls
   */
  static List<String> of(
      GroupImage image, Map<PartitionId, GroupLag> lags, Optional<Growth> growth, int slow) {
    var made = new GroupAdvice(image, lags);
    growth.filter(Growth::isRising).ifPresent(made::moreHands);
    made.standby();
    made.unevenWork();
    if (slow > SLOW_MAX) {
      made.slowMembers(slow);
    }
    made.lostRecords();
    return List.copyOf(made.advice);
  }

  private void moreHands(Growth growth) {
    var grown =
        "Lag has grown over %d minutes from %d to %d records"
            .formatted(LagTrend.SPAN.toMinutes(), growth.before(), growth.now());
    long members = readers();
    int partitions = image.targets().size();
    if (members == 0) {
      advice.add(grown + ", and nobody reads: start members.");
    } else if (image.isClassic() || members < partitions) {
      advice.add(
          "%s: add members, of which there are %d; as many as partitions can share the work."
              .formatted(grown, members));
    } else {
      advice.add(
          "%s, and each of the %d partitions has a member of its own: add partitions, then members."
              .formatted(grown, partitions));
    }
  }

  private long readers() {
    return image.members().values().stream()
        .filter(member -> !member.isAway() && !member.isStandby())
        .count();
  }

  private void standby() {
    long standby = image.members().values().stream().filter(one -> one.isStandby()).count();
    if (standby > 0) {
      advice.add(
          "%d of %d members have nothing to read, as there are only %d partitions: they take over when another member goes. To use them, add partitions."
              .formatted(standby, image.members().size(), image.targets().size()));
    }
  }

  private void unevenWork() {
    var byMember = new TreeMap<MemberId, Long>();
    long all = 0;
    for (var entry : lags.entrySet()) {
      long records = entry.getValue().records().orElse(0);
      all += records;
      image
          .holderOf(entry.getKey())
          .ifPresent(holder -> byMember.merge(holder, records, Long::sum));
    }
    if (byMember.size() < 2 || all < LAG_WORTH_SHARING) {
      return;
    }
    for (var entry : byMember.entrySet()) {
      if (entry.getValue() * 2 > all) {
        advice.add(
            "Member %s has %d of the %d records of lag: look at that member, and whether its partitions get more than the others (naru topics describe --load)."
                .formatted(entry.getKey(), entry.getValue(), all));
      }
    }
  }

  private void slowMembers(int slow) {
    advice.add(
        "Members were out %d times within an hour because they took longer than max.poll.interval.ms between two polls: raise it, or lower max.poll.records."
            .formatted(slow));
  }

  private void lostRecords() {
    long passed = lags.values().stream().filter(GroupLag::isPassedByRetention).count();
    if (passed > 0) {
      advice.add(
          "In %d partitions records were deleted before the group processed them: raise retention.ms or retention.bytes of the topic, or add members."
              .formatted(passed));
    }
    long above =
        lags.entrySet().stream()
            .filter(entry -> isAboveEnd(entry.getKey(), entry.getValue()))
            .count();
    if (above > 0) {
      advice.add(
          "In %d partitions the committed offset is above the end, so records were lost that the group had read: it goes on where it is set to (naru groups reset-offsets)."
              .formatted(above));
    }
  }

  private boolean isAboveEnd(PartitionId partition, GroupLag lag) {
    return lag.end().isPresent()
        && image
            .committed(partition)
            .filter(committed -> committed.offset() > lag.end().getAsLong())
            .isPresent();
  }
}
