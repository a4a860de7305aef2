package dev.naru.broker.rpc;

import com.google.protobuf.Timestamp;
import dev.naru.broker.coordinator.GroupLag;
import dev.naru.broker.group.Committed;
import dev.naru.broker.group.GroupHeader;
import dev.naru.broker.group.GroupImage;
import dev.naru.broker.group.GroupMachine;
import dev.naru.broker.group.Member;
import dev.naru.broker.group.MemberState;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.TopicImage;
import dev.naru.proto.admin.v1.Group;
import dev.naru.proto.admin.v1.GroupMember;
import dev.naru.proto.admin.v1.GroupOffset;
import dev.naru.proto.admin.v1.MemberPartitions;
import dev.naru.types.NodeId;
import dev.naru.types.PartitionId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Groups as resources of the admin API. Of topics that are deleted nothing is told. */
final class GroupViews {

  private static final String PREFIX = "groups/";

  private GroupViews() {}

  static String resourceName(String group) {
    return PREFIX + group;
  }

  /** The group that a resource name names; empty when it names something else. */
  static Optional<String> groupOf(String resourceName) {
    return resourceName.startsWith(PREFIX)
        ? Optional.of(resourceName.substring(PREFIX.length()))
        : Optional.empty();
  }

  /** A group as lists show it. */
  static Group summary(GroupImage image, NodeId coordinator) {
    return Group.newBuilder()
        .setName(resourceName(image.group()))
        .setState(state(image))
        .setProtocol(
            image.isClassic() ? Group.Protocol.PROTOCOL_CLASSIC : Group.Protocol.PROTOCOL_NATIVE)
        .setAssignor(GroupMachine.assignor(image))
        .setEpoch(image.epoch())
        .setMemberCount(image.members().size())
        .setOffsetCount(image.offsets().size())
        .setCoordinator(coordinator.value())
        .setCreateTime(timestamp(image.header().map(GroupHeader::createdMillis).orElse(0L)))
        .build();
  }

  static Group.State state(GroupImage image) {
    return switch (image.state()) {
      case EMPTY -> Group.State.STATE_EMPTY;
      case STABLE -> Group.State.STATE_STABLE;
      case REBALANCING -> Group.State.STATE_REBALANCING;
    };
  }

  // ---- members

  /** In the order of their ids. */
  static List<GroupMember> members(GroupImage image, ClusterImage cluster) {
    return image.members().values().stream().map(member -> member(image, member, cluster)).toList();
  }

  private static GroupMember member(GroupImage image, Member member, ClusterImage cluster) {
    return GroupMember.newBuilder()
        .setId(member.id().toString())
        .setInstanceId(member.profile().instance().orElse(""))
        .setClientId(member.profile().clientId())
        .setHost(member.profile().host())
        .setState(state(image.stateOf(member)))
        .setEpoch(member.epoch())
        .addAllPartitions(partitions(member.held().keySet(), cluster))
        .build();
  }

  private static GroupMember.State state(MemberState state) {
    return switch (state) {
      case ACTIVE -> GroupMember.State.STATE_ACTIVE;
      case IDLE_STANDBY -> GroupMember.State.STATE_IDLE_STANDBY;
      case AWAY -> GroupMember.State.STATE_AWAY;
      case RECONCILING -> GroupMember.State.STATE_RECONCILING;
    };
  }

  private static List<MemberPartitions> partitions(
      Collection<PartitionId> held, ClusterImage cluster) {
    var byTopic = new TreeMap<String, MemberPartitions.Builder>();
    for (var partition : held) { // rising within a topic
      name(cluster, partition)
          .ifPresent(topic ->
              byTopic
                  .computeIfAbsent(
                      topic,
                      name -> MemberPartitions.newBuilder().setTopic(TopicCodec.resourceName(name)))
                  .addPartitions(partition.partition()));
    }
    return byTopic.values().stream().map(MemberPartitions.Builder::build).toList();
  }

  // ---- offsets

  /** A partition by the name of its topic, by which offsets are listed. */
  record NamedPartition(String topic, int partition, PartitionId id)
      implements Comparable<NamedPartition> {

    private static final Comparator<NamedPartition> BY_NAME =
        Comparator.comparing(NamedPartition::topic).thenComparingInt(NamedPartition::partition);

    @Override
    public int compareTo(NamedPartition other) {
      return BY_NAME.compare(this, other);
    }
  }

  /** Those whose topics exist, by topic and number. */
  static List<NamedPartition> named(Collection<PartitionId> partitions, ClusterImage cluster) {
    var named = new ArrayList<NamedPartition>();
    for (var partition : partitions) {
      name(cluster, partition)
          .ifPresent(
              topic -> named.add(new NamedPartition(topic, partition.partition(), partition)));
    }
    named.sort(Comparator.naturalOrder());
    return named;
  }

  private static Optional<String> name(ClusterImage cluster, PartitionId partition) {
    return cluster.topic(partition.topic()).map(TopicImage::name);
  }

  static GroupOffset offset(
      GroupImage image, NamedPartition at, Committed committed, Map<PartitionId, GroupLag> lags) {
    var encoded =
        GroupOffset.newBuilder()
            .setTopic(TopicCodec.resourceName(at.topic()))
            .setPartition(at.partition())
            .setCommitted(committed.offset())
            .setMetadata(committed.metadata())
            .setCommitTime(timestamp(committed.commitMillis()))
            .setMember(image.holderOf(at.id()).map(Object::toString).orElse(""));
    committed.epoch().ifPresent(epoch -> encoded.setLeaderEpoch(epoch.value()));
    var lag = lags.get(at.id());
    if (lag != null) {
      lag.end().ifPresent(encoded::setEnd);
      lag.records().ifPresent(encoded::setLagRecords);
      lag.seconds().ifPresent(encoded::setLagSeconds);
      encoded.setPassedByRetention(lag.isPassedByRetention());
    }
    return encoded.build();
  }

  private static Timestamp timestamp(long millis) {
    return Timestamp.newBuilder()
        .setSeconds(Math.floorDiv(millis, 1_000))
        .setNanos(Math.floorMod(millis, 1_000) * 1_000_000)
        .build();
  }
}
