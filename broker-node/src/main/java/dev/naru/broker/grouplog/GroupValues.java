package dev.naru.broker.grouplog;

import static dev.naru.broker.grouplog.GroupKeys.corrupt;

import com.google.protobuf.ByteString;
import dev.naru.broker.coordinator.UnreadableGroupException;
import dev.naru.broker.group.ClassicOffer;
import dev.naru.broker.group.ClassicPhase;
import dev.naru.broker.group.ClassicState;
import dev.naru.broker.group.Committed;
import dev.naru.broker.group.GroupHeader;
import dev.naru.broker.group.GroupProtocol;
import dev.naru.broker.group.Hold;
import dev.naru.broker.group.Holdings;
import dev.naru.broker.group.Interest;
import dev.naru.broker.group.MemberProfile;
import dev.naru.broker.group.Opaque;
import dev.naru.broker.group.Wishes;
import dev.naru.proto.internal.v1.GroupValue;
import dev.naru.proto.internal.v1.HeldPartition;
import dev.naru.proto.internal.v1.HeldTopic;
import dev.naru.proto.internal.v1.HoldingsValue;
import dev.naru.proto.internal.v1.MemberValue;
import dev.naru.proto.internal.v1.OffsetValue;
import dev.naru.proto.internal.v1.SeenTopic;
import dev.naru.proto.v1.TopicPartitions;
import dev.naru.types.ErrorCode;
import dev.naru.types.LeaderEpoch;
import dev.naru.types.PartitionId;
import dev.naru.types.Refused;
import dev.naru.types.TopicId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.pcollections.TreePMap;
import org.pcollections.TreePSet;

/** Values of the log of groups: each is the whole state of its key. */
final class GroupValues {

  private static final int VERSION = 1;

  private GroupValues() {}

  /** A value of a later release must not be taken for what this one makes of it. */
  private static void check(int version) {
    if (version != VERSION) {
      throw new UnreadableGroupException(
          new Refused(
              ErrorCode.UNSUPPORTED_VERSION,
              "Expected a value of version %d, but was %d".formatted(VERSION, version)));
    }
  }

  // ---- the group

  static GroupValue group(GroupHeader header) {
    var value =
        GroupValue.newBuilder()
            .setVersion(VERSION)
            .setProtocol(
                header.protocol() == GroupProtocol.NATIVE
                    ? dev.naru.proto.v1.GroupProtocol.GROUP_PROTOCOL_NATIVE
                    : dev.naru.proto.v1.GroupProtocol.GROUP_PROTOCOL_CLASSIC)
            .setEpoch(header.epoch())
            .setInterestEpoch(header.interestEpoch())
            .setTargetEpoch(header.targetEpoch())
            .setTopicsIndex(header.interest().topicsIndex())
            .setTopicsDigest(header.interest().topicsDigest())
            .setCreatedMs(header.createdMillis());
    header.emptySinceMillis().ifPresent(value::setEmptySinceMs);
    header
        .firstSeen()
        .forEach((topic, partitions) ->
            value.addSeen(
                SeenTopic.newBuilder()
                    .setTopicId(GroupKeys.uuid(topic))
                    .setPartitions(partitions)));
    header.classic().ifPresent(round -> value.setClassic(classic(round)));
    return value.build();
  }

  private static dev.naru.proto.internal.v1.ClassicState classic(ClassicState round) {
    var value =
        dev.naru.proto.internal.v1.ClassicState.newBuilder()
            .setPhase(
                switch (round.phase()) {
                  case GATHERING -> dev.naru.proto.internal.v1.ClassicPhase.CLASSIC_PHASE_GATHERING;
                  case PREPARING -> dev.naru.proto.internal.v1.ClassicPhase.CLASSIC_PHASE_PREPARING;
                  case COMPLETING ->
                      dev.naru.proto.internal.v1.ClassicPhase.CLASSIC_PHASE_COMPLETING;
                  case STABLE -> dev.naru.proto.internal.v1.ClassicPhase.CLASSIC_PHASE_STABLE;
                });
    round.protocol().ifPresent(value::setProtocol);
    round.leader().ifPresent(leader -> value.setLeader(GroupKeys.uuid(leader)));
    return value.build();
  }

  static GroupHeader header(GroupValue value) {
    check(value.getVersion());
    var seen = TreePMap.<TopicId, Integer>empty();
    for (var topic : value.getSeenList()) {
      seen = seen.plus(GroupKeys.topic(topic.getTopicId()), topic.getPartitions());
    }
    return new GroupHeader(
        switch (value.getProtocol()) {
          case GROUP_PROTOCOL_NATIVE -> GroupProtocol.NATIVE;
          case GROUP_PROTOCOL_CLASSIC -> GroupProtocol.CLASSIC;
          case GROUP_PROTOCOL_UNSPECIFIED, UNRECOGNIZED ->
              throw unknown("protocol", value.getProtocolValue());
        },
        value.getEpoch(),
        new Interest(
            value.getInterestEpoch(),
            value.getTargetEpoch(),
            value.getTopicsIndex(),
            value.getTopicsDigest()),
        value.getCreatedMs(),
        value.hasEmptySinceMs() ? OptionalLong.of(value.getEmptySinceMs()) : OptionalLong.empty(),
        seen,
        value.hasClassic() ? Optional.of(classic(value.getClassic())) : Optional.empty());
  }

  private static ClassicState classic(dev.naru.proto.internal.v1.ClassicState value) {
    return new ClassicState(
        switch (value.getPhase()) {
          case CLASSIC_PHASE_GATHERING -> ClassicPhase.GATHERING;
          case CLASSIC_PHASE_PREPARING -> ClassicPhase.PREPARING;
          case CLASSIC_PHASE_COMPLETING -> ClassicPhase.COMPLETING;
          case CLASSIC_PHASE_STABLE -> ClassicPhase.STABLE;
          case CLASSIC_PHASE_UNSPECIFIED, UNRECOGNIZED ->
              throw unknown("phase", value.getPhaseValue());
        },
        value.hasLeader() ? Optional.of(GroupKeys.member(value.getLeader())) : Optional.empty(),
        value.getProtocol().isEmpty() ? Optional.empty() : Optional.of(value.getProtocol()));
  }

  private static UnreadableGroupException unknown(String what, int number) {
    return new UnreadableGroupException(
        new Refused(
            ErrorCode.UNSUPPORTED_VERSION,
            "Expected a known %s of a group, but was %d".formatted(what, number)));
  }

  // ---- a member

  static MemberValue member(Wishes wishes) {
    var profile = wishes.profile();
    var value =
        MemberValue.newBuilder()
            .setVersion(VERSION)
            .setClientId(profile.clientId())
            .setHost(profile.host())
            .setSessionTimeoutMs((int) profile.session().toMillis())
            .setRebalanceTimeoutMs((int) profile.rebalance().toMillis())
            .addAllTopics(wishes.topics());
    profile.instance().ifPresent(value::setInstanceId);
    profile.rack().ifPresent(value::setRack);
    profile.assignor().ifPresent(value::setAssignor);
    wishes.offers().forEach(offer -> value.addClassicOffers(offer(offer)));
    return value.build();
  }

  static HoldingsValue holdings(Holdings holdings) {
    var value =
        HoldingsValue.newBuilder()
            .setVersion(VERSION)
            .setEpoch(holdings.epoch())
            .setAttempt(holdings.attempt())
            .addAllHeld(held(holdings))
            .addAllTarget(target(holdings))
            .setAway(holdings.isAway());
    holdings.assignment().ifPresent(assignment -> value.setClassicAssignment(bytes(assignment)));
    return value.build();
  }

  private static dev.naru.proto.v1.ClassicOffer offer(ClassicOffer offer) {
    return dev.naru.proto.v1.ClassicOffer.newBuilder()
        .setName(offer.name())
        .setMetadata(bytes(offer.metadata()))
        .build();
  }

  private static ByteString bytes(Opaque opaque) {
    return ByteString.copyFrom(opaque.toBytes());
  }

  private static List<HeldTopic> held(Holdings holdings) {
    var topics = new ArrayList<HeldTopic.Builder>();
    for (var entry : holdings.held().entrySet()) {
      var id = GroupKeys.uuid(entry.getKey().topic());
      if (topics.isEmpty() || !topics.getLast().getTopicId().equals(id)) {
        topics.add(HeldTopic.newBuilder().setTopicId(id));
      }
      var partition =
          HeldPartition.newBuilder()
              .setPartition(entry.getKey().partition())
              .setGrantedEpoch(entry.getValue().grantedEpoch());
      entry.getValue().revokedEpoch().ifPresent(partition::setRevokedEpoch);
      topics.getLast().addPartitions(partition);
    }
    return topics.stream().map(HeldTopic.Builder::build).toList();
  }

  private static List<TopicPartitions> target(Holdings holdings) {
    var topics = new ArrayList<TopicPartitions.Builder>();
    for (var partition : holdings.target()) {
      var id = GroupKeys.uuid(partition.topic());
      if (topics.isEmpty() || !topics.getLast().getTopicId().equals(id)) {
        topics.add(TopicPartitions.newBuilder().setTopicId(id));
      }
      topics.getLast().addPartitions(partition.partition());
    }
    return topics.stream().map(TopicPartitions.Builder::build).toList();
  }

  static Wishes wishes(MemberValue value) {
    check(value.getVersion());
    return new Wishes(profile(value), TreePSet.from(value.getTopicsList()), offers(value));
  }

  static Holdings holdings(HoldingsValue value) {
    check(value.getVersion());
    var held = TreePMap.<PartitionId, Hold>empty();
    for (var topic : value.getHeldList()) {
      for (var partition : topic.getPartitionsList()) {
        held =
            held.plus(
                GroupKeys.partition(topic.getTopicId(), partition.getPartition()), hold(partition));
      }
    }
    var target = TreePSet.<PartitionId>empty();
    for (var topic : value.getTargetList()) {
      for (int partition : topic.getPartitionsList()) {
        target = target.plus(GroupKeys.partition(topic.getTopicId(), partition));
      }
    }
    return new Holdings(
        value.getEpoch(),
        value.getAttempt(),
        held,
        target,
        value.getAway(),
        value.hasClassicAssignment()
            ? Optional.of(Opaque.of(value.getClassicAssignment().toByteArray()))
            : Optional.empty());
  }

  private static Hold hold(HeldPartition partition) {
    var revoked =
        partition.hasRevokedEpoch()
            ? OptionalInt.of(partition.getRevokedEpoch())
            : OptionalInt.empty();
    if (revoked.isPresent() && revoked.getAsInt() <= partition.getGrantedEpoch()) {
      throw corrupt(
          "Expected a partition to be revoked after epoch %d, but was at %d"
              .formatted(partition.getGrantedEpoch(), revoked.getAsInt()));
    }
    return new Hold(partition.getGrantedEpoch(), revoked);
  }

  private static MemberProfile profile(MemberValue value) {
    return new MemberProfile(
        value.hasInstanceId() ? Optional.of(value.getInstanceId()) : Optional.empty(),
        value.hasRack() ? Optional.of(value.getRack()) : Optional.empty(),
        value.hasAssignor() ? Optional.of(value.getAssignor()) : Optional.empty(),
        value.getClientId(),
        value.getHost(),
        Duration.ofMillis(value.getSessionTimeoutMs()),
        Duration.ofMillis(value.getRebalanceTimeoutMs()));
  }

  private static List<ClassicOffer> offers(MemberValue value) {
    return value.getClassicOffersList().stream()
        .map(offer ->
            new ClassicOffer(offer.getName(), Opaque.of(offer.getMetadata().toByteArray())))
        .toList();
  }

  // ---- an offset

  static OffsetValue offset(Committed committed) {
    var value =
        OffsetValue.newBuilder()
            .setVersion(VERSION)
            .setOffset(committed.offset())
            .setMetadata(committed.metadata())
            .setCommitMs(committed.commitMillis());
    committed.epoch().ifPresent(epoch -> value.setLeaderEpoch(epoch.value()));
    return value.build();
  }

  static Committed committed(OffsetValue value) {
    check(value.getVersion());
    return new Committed(
        value.getOffset(),
        value.hasLeaderEpoch()
            ? Optional.of(new LeaderEpoch(value.getLeaderEpoch()))
            : Optional.empty(),
        value.getMetadata(),
        value.getCommitMs());
  }
}
