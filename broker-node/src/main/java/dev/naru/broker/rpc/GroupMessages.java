package dev.naru.broker.rpc;

import com.google.protobuf.ByteString;
import dev.naru.broker.coordinator.ToMember;
import dev.naru.broker.group.Committed;
import dev.naru.broker.group.Election;
import dev.naru.broker.group.Grant;
import dev.naru.broker.group.MemberId;
import dev.naru.broker.group.Opaque;
import dev.naru.proto.v1.Accepted;
import dev.naru.proto.v1.AssignedPartition;
import dev.naru.proto.v1.AssignedTopic;
import dev.naru.proto.v1.Assignment;
import dev.naru.proto.v1.AttendRefusal;
import dev.naru.proto.v1.AttendResponse;
import dev.naru.proto.v1.ClassicAssignment;
import dev.naru.proto.v1.ClassicCandidate;
import dev.naru.proto.v1.ClassicElected;
import dev.naru.proto.v1.CommittedOffset;
import dev.naru.proto.v1.FetchedOffset;
import dev.naru.proto.v1.Heard;
import dev.naru.proto.v1.LeaderHint;
import dev.naru.proto.v1.Rejoin;
import dev.naru.proto.v1.Uuid;
import dev.naru.types.PartitionId;
import dev.naru.types.Refused;
import java.util.Optional;

/** What coordinators say, as messages. */
final class GroupMessages {

  private GroupMessages() {}

  /** For a member's stream. */
  static AttendResponse told(long heard, ToMember message) {
    var response = AttendResponse.newBuilder().setHeard(heard);
    switch (message) {
      case ToMember.Accepted(int epoch, var interval) ->
          response.setAccepted(
              Accepted.newBuilder()
                  .setMemberEpoch(epoch)
                  .setHeartbeatIntervalMs((int) interval.toMillis()));
      case ToMember.Assignment assignment -> response.setAssignment(assignment(assignment));
      case ToMember.Rejoin(int generation) ->
          response.setRejoin(Rejoin.newBuilder().setGeneration(generation));
      case ToMember.Elected(var election) -> response.setElected(elected(election));
      case ToMember.Handed(int generation, var protocol, var assignment) ->
          response.setHanded(
              ClassicAssignment.newBuilder()
                  .setGeneration(generation)
                  .setProtocol(protocol)
                  .setAssignment(bytes(assignment)));
      case ToMember.Heard() -> response.setAck(Heard.getDefaultInstance());
    }
    return response.build();
  }

  /** The last message of a member's stream. */
  static AttendResponse refusal(long heard, Refused why, Optional<LeaderHint> leader) {
    var refusal =
        AttendRefusal.newBuilder()
            .setError(ProtoIds.code(why.code()))
            .setErrorMessage(why.reason());
    leader.ifPresent(refusal::setLeader);
    return AttendResponse.newBuilder().setHeard(heard).setRefusal(refusal).build();
  }

  /** The grants are in order, so those of a topic are together. */
  private static Assignment assignment(ToMember.Assignment told) {
    var assignment = Assignment.newBuilder().setMemberEpoch(told.epoch());
    AssignedTopic.Builder topic = AssignedTopic.newBuilder();
    for (var grant : told.grants()) {
      var id = ProtoIds.uuid(grant.partition().topic());
      if (topic.getPartitionsCount() == 0 || !topic.getTopicId().equals(id)) {
        add(assignment, topic);
        topic =
            AssignedTopic.newBuilder()
                .setTopicId(id)
                .setTopic(
                    Optional.ofNullable(told.names().get(grant.partition().topic())).orElse(""));
      }
      topic.addPartitions(assigned(grant));
    }
    add(assignment, topic);
    return assignment.build();
  }

  private static void add(Assignment.Builder assignment, AssignedTopic.Builder topic) {
    if (topic.getPartitionsCount() > 0) {
      assignment.addTopics(topic);
    }
  }

  private static AssignedPartition assigned(Grant grant) {
    var assigned =
        AssignedPartition.newBuilder()
            .setPartition(grant.partition().partition())
            .setGrantedEpoch(grant.grantedEpoch())
            .setFromStart(grant.isFromStart());
    grant.committed().ifPresent(committed -> assigned.setCommitted(committed(committed)));
    return assigned.build();
  }

  private static CommittedOffset committed(Committed committed) {
    var message =
        CommittedOffset.newBuilder()
            .setOffset(committed.offset())
            .setMetadata(committed.metadata())
            .setCommitMs(committed.commitMillis());
    committed.epoch().ifPresent(epoch -> message.setLeaderEpoch(epoch.value()));
    return message.build();
  }

  static FetchedOffset fetched(PartitionId partition, Committed committed) {
    return FetchedOffset.newBuilder()
        .setTopicId(ProtoIds.uuid(partition.topic()))
        .setPartition(partition.partition())
        .setCommitted(committed(committed))
        .build();
  }

  private static ClassicElected elected(Election election) {
    var elected =
        ClassicElected.newBuilder()
            .setGeneration(election.generation())
            .setProtocol(election.protocol());
    for (var candidate : election.candidates()) {
      var message =
          ClassicCandidate.newBuilder()
              .setMember(uuid(candidate.member()))
              .setMetadata(bytes(candidate.metadata()));
      candidate.instance().ifPresent(message::setInstanceId);
      elected.addMembers(message);
    }
    return elected.build();
  }

  private static Uuid uuid(MemberId member) {
    return Uuid.newBuilder()
        .setHigh(member.value().getMostSignificantBits())
        .setLow(member.value().getLeastSignificantBits())
        .build();
  }

  private static ByteString bytes(Opaque opaque) {
    return ByteString.copyFrom(opaque.toBytes());
  }
}
