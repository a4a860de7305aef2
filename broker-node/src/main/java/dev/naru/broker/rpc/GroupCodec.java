package dev.naru.broker.rpc;

import dev.naru.broker.coordinator.FromMember;
import dev.naru.broker.coordinator.MemberStream;
import dev.naru.broker.coordinator.ShardInput.Attends;
import dev.naru.broker.coordinator.ShardInput.Commits;
import dev.naru.broker.group.ClassicOffer;
import dev.naru.broker.group.Committed;
import dev.naru.broker.group.GroupLimits;
import dev.naru.broker.group.GroupProtocol;
import dev.naru.broker.group.MemberId;
import dev.naru.broker.group.MemberProfile;
import dev.naru.broker.group.Opaque;
import dev.naru.proto.v1.AttendRequest;
import dev.naru.proto.v1.CommitOffsetsRequest;
import dev.naru.proto.v1.FetchOffsetsRequest;
import dev.naru.proto.v1.JoinGroup;
import dev.naru.proto.v1.OffsetToCommit;
import dev.naru.proto.v1.TopicPartitions;
import dev.naru.proto.v1.Uuid;
import dev.naru.types.ErrorCode;
import dev.naru.types.LeaderEpoch;
import dev.naru.types.PartitionId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.pcollections.TreePMap;
import org.pcollections.TreePSet;

/**
 * What members and others say about groups, as values. What is checked here is what values cannot
 * hold, and what would be too much to hold; the rest the machine of groups decides.
 */
final class GroupCodec {

  /** Ways to assign that a classic member may know; there are a handful. */
  private static final int OFFERS_MAX = 100;

  private GroupCodec() {}

  /** A member that comes; throws what is wrong with it. */
  static Attends attends(MemberStream stream, String host, AttendRequest request) {
    var join = request.getJoin();
    expect("at most " + OFFERS_MAX + " protocols", join.getClassicCount(), OFFERS_MAX);
    return new Attends(
        stream,
        request.getSequence(),
        join.getGroup(),
        member(join.getMember()),
        epoch(join.getMemberEpoch()),
        join.getAttempt(), // a negative one is refused with the join
        protocol(join),
        profile(join, host),
        topics(join.getSubscription().getTopicsList()),
        partitions(join.getHoldingList(), GroupLimits.PARTITIONS_MAX),
        join.getClassicList().stream()
            .map(offer ->
                new ClassicOffer(
                    name("protocol", offer.getName()),
                    Opaque.of(offer.getMetadata().toByteArray())))
            .toList());
  }

  private static GroupProtocol protocol(JoinGroup join) {
    return switch (join.getProtocol()) {
      case GROUP_PROTOCOL_NATIVE -> GroupProtocol.NATIVE;
      case GROUP_PROTOCOL_CLASSIC -> GroupProtocol.CLASSIC;
      case GROUP_PROTOCOL_UNSPECIFIED, UNRECOGNIZED ->
          throw invalid("a native or classic protocol", "" + join.getProtocolValue());
    };
  }

  private static MemberProfile profile(JoinGroup join, String host) {
    return new MemberProfile(
        join.hasInstanceId() ? Optional.of(join.getInstanceId()) : Optional.empty(),
        join.hasRack() ? Optional.of(join.getRack()) : Optional.empty(),
        join.getAssignor().isEmpty()
            ? Optional.empty()
            : Optional.of(name("assignor", join.getAssignor())),
        name("client id", join.getClientId()),
        host,
        Duration.ofMillis(join.getSessionTimeoutMs()),
        Duration.ofMillis(join.getRebalanceTimeoutMs()));
  }

  /** Any later message of a member; throws what is wrong with it. */
  static FromMember message(AttendRequest request) {
    return switch (request.getMessageCase()) {
      case HEARTBEAT -> new FromMember.Heartbeat();
      case HOLDING ->
          new FromMember.Holds(
              epoch(request.getHolding().getMemberEpoch()),
              partitions(request.getHolding().getPartitionsList(), GroupLimits.PARTITIONS_MAX));
      case SUBSCRIBE -> new FromMember.Subscribes(topics(request.getSubscribe().getTopicsList()));
      case SYNC -> {
        var sync = request.getSync();
        expect("a share for each member", sync.getSharesCount(), GroupLimits.MEMBERS_MAX);
        var shares = TreePMap.<MemberId, Opaque>empty();
        for (var share : sync.getSharesList()) {
          shares =
              shares.plus(
                  member(share.getMember()), Opaque.of(share.getAssignment().toByteArray()));
        }
        yield new FromMember.Syncs(sync.getGeneration(), shares);
      }
      case LEAVE ->
          new FromMember.Leaves(
              request.getLeave().getStays(), name("cause", request.getLeave().getCause()));
      case JOIN, MESSAGE_NOT_SET ->
          throw invalid("a message of a member", request.getMessageCase().name());
    };
  }

  /** Offsets to keep; throws what is wrong with them. */
  static Commits commits(CommitOffsetsRequest request) {
    expect("that many offsets", request.getOffsetsCount(), GroupLimits.OFFSETS_MAX);
    var offsets = TreePMap.<PartitionId, Committed>empty();
    for (var offset : request.getOffsetsList()) {
      var partition = partition(offset.getTopicId(), offset.getPartition());
      if (offsets.containsKey(partition)) {
        throw invalid("each partition once", partition + " twice");
      }
      offsets = offsets.plus(partition, committed(offset));
    }
    return new Commits(
        request.getGroup(),
        request.hasMember() ? Optional.of(member(request.getMember())) : Optional.empty(),
        epoch(request.getMemberEpoch()),
        offsets);
  }

  /** When it is kept, the coordinator says. */
  private static Committed committed(OffsetToCommit offset) {
    if (offset.hasLeaderEpoch() && offset.getLeaderEpoch() < 0) {
      throw invalid("a leader epoch >= 0", "" + offset.getLeaderEpoch());
    }
    return new Committed(
        offset.getOffset(),
        offset.hasLeaderEpoch()
            ? Optional.of(new LeaderEpoch(offset.getLeaderEpoch()))
            : Optional.empty(),
        offset.getMetadata(),
        0);
  }

  /** Which offsets are asked for; none if all are. Throws what is wrong with them. */
  static Optional<TreePSet<PartitionId>> asked(FetchOffsetsRequest request) {
    if (!request.getAll()) {
      return Optional.of(partitions(request.getPartitionsList(), GroupLimits.OFFSETS_MAX));
    }
    if (request.getPartitionsCount() > 0) {
      throw invalid("all offsets or a list of partitions", "both");
    }
    return Optional.empty();
  }

  // ---- parts

  private static TreePSet<PartitionId> partitions(List<TopicPartitions> topics, int max) {
    var partitions = TreePSet.<PartitionId>empty();
    for (var topic : topics) {
      expect("that many partitions", partitions.size() + topic.getPartitionsCount(), max);
      for (int partition : topic.getPartitionsList()) {
        partitions = partitions.plus(partition(topic.getTopicId(), partition));
      }
    }
    return partitions;
  }

  static PartitionId partition(Uuid topic, int partition) {
    return ProtoIds.partition(topic, partition)
        .orElseThrow(() -> invalid("a topic id and a partition >= 0", "all zeros or less"));
  }

  private static TreePSet<String> topics(List<String> names) {
    expect("that many topics", names.size(), GroupLimits.TOPICS_MAX);
    names.forEach(name -> name("topic", name));
    return TreePSet.from(names);
  }

  static MemberId member(Uuid id) {
    if (id.getHigh() == 0 && id.getLow() == 0) {
      throw invalid("a member id", "all zeros");
    }
    return MemberId.of(id.getHigh(), id.getLow());
  }

  private static int epoch(int epoch) {
    if (epoch < 0) {
      throw invalid("an epoch >= 0", "" + epoch);
    }
    return epoch;
  }

  private static String name(String what, String text) {
    if (text.length() > GroupLimits.NAME_CHARS_MAX) {
      throw invalid(
          "a %s of at most %d characters".formatted(what, GroupLimits.NAME_CHARS_MAX),
          text.length() + " long");
    }
    return text;
  }

  private static void expect(String what, int count, int max) {
    if (count > max) {
      throw new BadGroupRequestException(
          ErrorCode.LIMIT_EXCEEDED,
          "Expected %s, at most %d, but were %d".formatted(what, max, count));
    }
  }

  private static BadGroupRequestException invalid(String expected, String found) {
    return new BadGroupRequestException(
        ErrorCode.INVALID_REQUEST, "Expected " + expected + ", but was " + found);
  }
}
