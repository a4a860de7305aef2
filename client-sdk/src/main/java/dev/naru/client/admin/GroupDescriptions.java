package dev.naru.client.admin;

import com.google.protobuf.Timestamp;
import dev.naru.client.GroupProtocol;
import dev.naru.client.TopicPartition;
import dev.naru.proto.admin.v1.DeleteOffsetsResponse;
import dev.naru.proto.admin.v1.Group;
import dev.naru.proto.admin.v1.GroupMember;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/** From the messages about groups to the records that applications see. */
final class GroupDescriptions {

  private static final String GROUPS = "groups/";

  private GroupDescriptions() {}

  static String groupResource(String group) {
    return GROUPS + group;
  }

  private static String groupOf(String resourceName) {
    return resourceName.startsWith(GROUPS) ? resourceName.substring(GROUPS.length()) : resourceName;
  }

  static GroupSummary summary(Group group) {
    return new GroupSummary(
        groupOf(group.getName()),
        state(group.getState()),
        protocol(group.getProtocol()),
        group.getAssignor(),
        group.getEpoch(),
        group.getMemberCount(),
        group.getOffsetCount(),
        group.getCoordinator(),
        instant(group.getCreateTime()));
  }

  static GroupDescription description(Group group, List<GroupOffset> offsets) {
    return new GroupDescription(
        summary(group),
        group.getMembersList().stream().map(GroupDescriptions::member).toList(),
        offsets,
        group.getAdviceList());
  }

  private static MemberDescription member(GroupMember member) {
    var partitions = new TreeSet<TopicPartition>();
    for (var held : member.getPartitionsList()) {
      var topic = Descriptions.topicOf(held.getTopic());
      held.getPartitionsList().forEach(number -> partitions.add(new TopicPartition(topic, number)));
    }
    return new MemberDescription(
        UUID.fromString(member.getId()),
        present(member.getInstanceId()),
        member.getClientId(),
        member.getHost(),
        state(member.getState()),
        member.getEpoch(),
        partitions);
  }

  static GroupOffset offset(dev.naru.proto.admin.v1.GroupOffset offset) {
    return new GroupOffset(
        new TopicPartition(Descriptions.topicOf(offset.getTopic()), offset.getPartition()),
        offset.getCommitted(),
        offset.hasLeaderEpoch() ? OptionalInt.of(offset.getLeaderEpoch()) : OptionalInt.empty(),
        offset.getMetadata(),
        instant(offset.getCommitTime()),
        offset.hasEnd() ? OptionalLong.of(offset.getEnd()) : OptionalLong.empty(),
        offset.hasLagRecords() ? OptionalLong.of(offset.getLagRecords()) : OptionalLong.empty(),
        offset.hasLagSeconds()
            ? Optional.of(Duration.ofMillis(Math.round(offset.getLagSeconds() * 1_000)))
            : Optional.empty(),
        offset.getPassedByRetention(),
        present(offset.getMember()).map(UUID::fromString));
  }

  static OffsetChange change(dev.naru.proto.admin.v1.OffsetChange change) {
    return new OffsetChange(
        new TopicPartition(Descriptions.topicOf(change.getTopic()), change.getPartition()),
        change.hasOldOffset() ? OptionalLong.of(change.getOldOffset()) : OptionalLong.empty(),
        change.getNewOffset(),
        change.getEnd());
  }

  static SortedMap<TopicPartition, Long> deleted(DeleteOffsetsResponse answer) {
    var offsets = new TreeMap<TopicPartition, Long>();
    for (var each : answer.getOffsetsList()) {
      offsets.put(
          new TopicPartition(Descriptions.topicOf(each.getTopic()), each.getPartition()),
          each.getOffset());
    }
    return offsets;
  }

  static Group.State state(GroupSummary.State state) {
    return switch (state) {
      case EMPTY -> Group.State.STATE_EMPTY;
      case STABLE -> Group.State.STATE_STABLE;
      case REBALANCING -> Group.State.STATE_REBALANCING;
    };
  }

  private static GroupSummary.State state(Group.State state) {
    return switch (state) {
      case STATE_EMPTY -> GroupSummary.State.EMPTY;
      case STATE_STABLE -> GroupSummary.State.STABLE;
      case STATE_REBALANCING -> GroupSummary.State.REBALANCING;
      case STATE_UNSPECIFIED, UNRECOGNIZED -> throw unknown("state of a group", state);
    };
  }

  private static MemberDescription.State state(GroupMember.State state) {
    return switch (state) {
      case STATE_ACTIVE -> MemberDescription.State.ACTIVE;
      case STATE_IDLE_STANDBY -> MemberDescription.State.IDLE_STANDBY;
      case STATE_AWAY -> MemberDescription.State.AWAY;
      case STATE_RECONCILING -> MemberDescription.State.RECONCILING;
      case STATE_UNSPECIFIED, UNRECOGNIZED -> throw unknown("state of a member", state);
    };
  }

  private static GroupProtocol protocol(Group.Protocol protocol) {
    return switch (protocol) {
      case PROTOCOL_NATIVE -> GroupProtocol.NATIVE;
      case PROTOCOL_CLASSIC -> GroupProtocol.CLASSIC;
      case PROTOCOL_UNSPECIFIED, UNRECOGNIZED -> throw unknown("protocol", protocol);
    };
  }

  private static Optional<String> present(String text) {
    return text.isEmpty() ? Optional.empty() : Optional.of(text);
  }

  private static Instant instant(Timestamp time) {
    return Instant.ofEpochSecond(time.getSeconds(), time.getNanos());
  }

  private static IllegalArgumentException unknown(String what, Enum<?> value) {
    return new IllegalArgumentException(
        "Expected a " + what + " that this release knows, but was " + value);
  }
}
