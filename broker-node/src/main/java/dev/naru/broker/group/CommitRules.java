package dev.naru.broker.group;

import dev.naru.broker.group.GroupCommand.Commit;
import dev.naru.broker.group.GroupCommand.KnownTopics;
import dev.naru.broker.group.GroupCommand.Reset;
import dev.naru.broker.group.GroupEvent.GroupSet;
import dev.naru.broker.group.GroupEvent.OffsetSet;
import dev.naru.types.ErrorCode;
import dev.naru.types.PartitionId;
import dev.naru.types.Refused;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Optional;
import java.util.function.Function;
import org.pcollections.TreePMap;

/**
 * Rules about remembering offsets.
 *
 * <p>A native member may commit for what is in its hands under the grant by which it has it. That
 * its epoch has moved on since is no matter, nor that it is told to give the partition back: just
 * then its commit is needed most. So no commit has to be sent again because of somebody else.
 *
 * <p>What a classic member has in its hands only its leader knows. It may commit under the
 * generation it last came for, as long as it has the assignment of that one: while the next round
 * gathers the others, until it comes itself.
 */
final class CommitRules {

  private CommitRules() {}

  static Decision commit(GroupImage image, Commit command, GroupRules rules) {
    if (command.member().isEmpty()) {
      return commitWithoutMember(image, command.offsets(), command.topics(), command.nowMillis());
    }
    var known = image.member(command.member().get());
    if (known.isEmpty()) {
      return Decision.refused(
          ErrorCode.FENCED_MEMBER, HoldRules.unknown(image, command.member().get()));
    }
    var member = known.get();
    var refusal = checkSize(command.offsets()).or(() -> checkEpoch(member, command.epoch(), rules));
    if (refusal.isPresent()) {
      return new Decision.Refusal(refusal.get());
    }
    return member.classic().isPresent()
        ? taken(command.offsets(), partition -> checkExists(partition, command.topics()))
        : taken(
            command.offsets(),
            partition ->
                checkHold(member, partition, command.epoch(), rules)
                    .or(() -> checkNotDeleted(partition, command.topics())));
  }

  static Decision reset(GroupImage image, Reset command) {
    return commitWithoutMember(image, command.offsets(), command.topics(), command.nowMillis());
  }

  private static Decision commitWithoutMember(
      GroupImage image,
      TreePMap<PartitionId, Committed> offsets,
      KnownTopics topics,
      long nowMillis) {
    if (image.hasMembers()) {
      return Decision.refused(
          ErrorCode.GROUP_NOT_EMPTY,
          "Expected group %s to have no members, but it has %d"
              .formatted(image.group(), image.members().size()));
    }
    var refusal = GroupNames.check(image.group()).or(() -> checkSize(offsets));
    if (refusal.isPresent()) {
      return new Decision.Refusal(refusal.get());
    }
    var decision = taken(offsets, partition -> checkExists(partition, topics));
    return image.exists() || decision.events().isEmpty()
        ? decision
        : withHeader(decision, GroupHeader.created(GroupProtocol.NATIVE, nowMillis));
  }

  private static Decision.Accepted withHeader(Decision.Accepted decision, GroupHeader header) {
    var events = new ArrayList<>(decision.events());
    events.add(new GroupSet(header));
    return new Decision.Accepted(events, decision.refused());
  }

  private static Decision.Accepted taken(
      TreePMap<PartitionId, Committed> offsets, Function<PartitionId, Optional<Refused>> check) {
    var events = new ArrayList<GroupEvent>();
    var refused = TreePMap.<PartitionId, Refused>empty();
    for (var entry : offsets.entrySet()) {
      var partition = entry.getKey();
      var why = check.apply(partition).or(() -> checkOffset(partition, entry.getValue()));
      if (why.isPresent()) {
        refused = refused.plus(partition, why.get());
      } else {
        events.add(new OffsetSet(partition, entry.getValue()));
      }
    }
    return new Decision.Accepted(events, refused);
  }

  private static Optional<Refused> checkSize(TreePMap<PartitionId, Committed> offsets) {
    if (offsets.size() > GroupLimits.OFFSETS_MAX) {
      return refused(
          ErrorCode.LIMIT_EXCEEDED,
          "Expected at most %d offsets, but were %d"
              .formatted(GroupLimits.OFFSETS_MAX, offsets.size()));
    }
    int chars = offsets.values().stream().mapToInt(offset -> offset.metadata().length()).sum();
    return chars > GroupLimits.NOTES_CHARS_MAX
        ? refused(
            ErrorCode.LIMIT_EXCEEDED,
            "Expected at most %d characters of metadata in a commit, but were %d"
                .formatted(GroupLimits.NOTES_CHARS_MAX, chars))
        : Optional.empty();
  }

  private static Optional<Refused> checkEpoch(Member member, int epoch, GroupRules rules) {
    if (member.classic().isPresent()) {
      return rules.mayCommitIn(epoch, member, member.classic().get())
          ? Optional.empty()
          : refused(
              ErrorCode.STALE_GROUP_EPOCH,
              "Expected a generation that %s has an assignment of, but was %d"
                  .formatted(member.id(), epoch));
    }
    return epoch > member.epoch()
        ? refused(
            ErrorCode.FENCED_MEMBER,
            "Expected an epoch of at most %d, but %s says it was told %d"
                .formatted(member.epoch(), member.id(), epoch))
        : Optional.empty();
  }

  private static Optional<Refused> checkHold(
      Member member, PartitionId partition, int epoch, GroupRules rules) {
    return rules.mayCommit(member.hold(partition), epoch)
        ? Optional.empty()
        : refused(
            ErrorCode.FENCED_MEMBER,
            "Expected %s to have %s, granted at epoch %d or before, but %s"
                .formatted(
                    member.id(),
                    partition,
                    epoch,
                    member
                        .hold(partition)
                        .map(hold -> "it was granted at epoch " + hold.grantedEpoch())
                        .orElse("it has not")));
  }

  /** Of one that was granted it is known that it existed, whatever this node has heard of it. */
  private static Optional<Refused> checkNotDeleted(PartitionId partition, KnownTopics topics) {
    return topics.deleted().contains(partition.topic())
        ? refused(
            ErrorCode.TOPIC_NOT_FOUND,
            "Expected an existing topic, but %s was deleted".formatted(partition.topic()))
        : Optional.empty();
  }

  /** Else whoever makes up ids would fill the log with offsets that nobody can use. */
  private static Optional<Refused> checkExists(PartitionId partition, KnownTopics topics) {
    var partitions = topics.partitions().get(partition.topic());
    if (partitions == null) {
      return refused(
          ErrorCode.TOPIC_NOT_FOUND,
          "Expected an existing topic, but none has the id " + partition.topic());
    }
    return partition.partition() >= partitions
        ? refused(
            ErrorCode.PARTITION_NOT_FOUND,
            "Expected a partition below %d, but was %s".formatted(partitions, partition))
        : Optional.empty();
  }

  private static Optional<Refused> checkOffset(PartitionId partition, Committed committed) {
    if (committed.offset() < 0) {
      return refused(
          ErrorCode.INVALID_REQUEST,
          "Expected an offset >= 0 for %s, but was %d".formatted(partition, committed.offset()));
    }
    int bytes = committed.metadata().getBytes(StandardCharsets.UTF_8).length;
    return bytes > GroupLimits.NOTE_BYTES_MAX
        ? refused(
            ErrorCode.LIMIT_EXCEEDED,
            "Expected at most %d bytes of metadata for %s, but were %d"
                .formatted(GroupLimits.NOTE_BYTES_MAX, partition, bytes))
        : Optional.empty();
  }

  private static Optional<Refused> refused(ErrorCode code, String reason) {
    return Optional.of(new Refused(code, reason));
  }
}
