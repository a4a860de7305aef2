package dev.naru.broker.grouplog;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.naru.broker.coordinator.UnreadableGroupException;
import dev.naru.broker.group.GroupEvent;
import dev.naru.broker.group.MemberId;
import dev.naru.proto.internal.v1.GroupKey;
import dev.naru.proto.internal.v1.GroupKeyKind;
import dev.naru.proto.v1.Uuid;
import dev.naru.types.ErrorCode;
import dev.naru.types.PartitionId;
import dev.naru.types.Refused;
import dev.naru.types.TopicId;
import java.nio.ByteBuffer;

/**
 * Keys of the log of groups. Compaction compares them as bytes, so what is meant by one must always
 * be the same bytes: a key that this class would encode in another way is refused.
 */
final class GroupKeys {

  static final GroupKey BARRIER =
      GroupKey.newBuilder().setKind(GroupKeyKind.GROUP_KEY_KIND_BARRIER).build();

  private GroupKeys() {}

  /** The key whose state the event is. */
  static GroupKey of(String group, GroupEvent event) {
    return switch (event) {
      case GroupEvent.GroupSet _, GroupEvent.GroupGone _ -> group(group);
      case GroupEvent.WishesSet(var member, _) -> member(group, member);
      case GroupEvent.WishesGone(var member) -> member(group, member);
      case GroupEvent.HoldingsSet(var member, _) -> holdings(group, member);
      case GroupEvent.HoldingsGone(var member) -> holdings(group, member);
      case GroupEvent.OffsetSet(var partition, _) -> offset(group, partition);
      case GroupEvent.OffsetGone(var partition) -> offset(group, partition);
    };
  }

  static GroupKey group(String group) {
    return GroupKey.newBuilder().setKind(GroupKeyKind.GROUP_KEY_KIND_GROUP).setGroup(group).build();
  }

  static GroupKey member(String group, MemberId member) {
    return GroupKey.newBuilder()
        .setKind(GroupKeyKind.GROUP_KEY_KIND_MEMBER)
        .setGroup(group)
        .setMember(uuid(member))
        .build();
  }

  static GroupKey holdings(String group, MemberId member) {
    return GroupKey.newBuilder()
        .setKind(GroupKeyKind.GROUP_KEY_KIND_HOLDINGS)
        .setGroup(group)
        .setMember(uuid(member))
        .build();
  }

  static GroupKey offset(String group, PartitionId partition) {
    return GroupKey.newBuilder()
        .setKind(GroupKeyKind.GROUP_KEY_KIND_OFFSET)
        .setGroup(group)
        .setTopicId(uuid(partition.topic()))
        .setPartition(partition.partition())
        .build();
  }

  static Uuid uuid(MemberId member) {
    return Uuid.newBuilder()
        .setHigh(member.value().getMostSignificantBits())
        .setLow(member.value().getLeastSignificantBits())
        .build();
  }

  static Uuid uuid(TopicId topic) {
    return Uuid.newBuilder().setHigh(topic.high()).setLow(topic.low()).build();
  }

  /**
   * Reads a key; its fields are those of its kind, and no others.
   *
   * @throws UnreadableGroupException if this release would not write it
   */
  static GroupKey read(ByteBuffer bytes) {
    GroupKey key;
    try {
      key = GroupKey.parseFrom(bytes.duplicate());
    } catch (InvalidProtocolBufferException e) {
      throw corrupt("Expected a key of the log of groups, but: " + e.getMessage());
    }
    var same =
        switch (key.getKind()) {
          case GROUP_KEY_KIND_GROUP -> group(key.getGroup());
          case GROUP_KEY_KIND_MEMBER -> member(key.getGroup(), memberOf(key));
          case GROUP_KEY_KIND_HOLDINGS -> holdings(key.getGroup(), memberOf(key));
          case GROUP_KEY_KIND_OFFSET -> offset(key.getGroup(), partitionOf(key));
          case GROUP_KEY_KIND_BARRIER -> BARRIER;
          case GROUP_KEY_KIND_UNSPECIFIED, UNRECOGNIZED ->
              throw new UnreadableGroupException(
                  new Refused(
                      ErrorCode.UNSUPPORTED_VERSION,
                      "Expected a known kind of key, but was " + key.getKindValue()));
        };
    if (!same.toByteString().asReadOnlyByteBuffer().equals(bytes)) {
      throw corrupt("Expected a key as this release writes it, but was another form of " + same);
    }
    return same;
  }

  static MemberId memberOf(GroupKey key) {
    return member(key.getMember());
  }

  static MemberId member(Uuid id) {
    if (id.getHigh() == 0 && id.getLow() == 0) {
      throw corrupt("Expected a member id, but was all zeros");
    }
    return MemberId.of(id.getHigh(), id.getLow());
  }

  static PartitionId partitionOf(GroupKey key) {
    return partition(key.getTopicId(), key.getPartition());
  }

  static PartitionId partition(Uuid topic, int partition) {
    if (partition < 0) {
      throw corrupt("Expected a partition >= 0, but was " + partition);
    }
    return new PartitionId(topic(topic), partition);
  }

  static TopicId topic(Uuid id) {
    if (id.getHigh() == 0 && id.getLow() == 0) {
      throw corrupt("Expected a topic id, but was all zeros");
    }
    return TopicId.of(id.getHigh(), id.getLow());
  }

  static UnreadableGroupException corrupt(String reason) {
    return new UnreadableGroupException(new Refused(ErrorCode.CORRUPT_LOG, reason));
  }
}
