package dev.naru.client.transport;

import com.google.protobuf.ByteString;
import dev.naru.client.TopicPartition;
import dev.naru.client.core.ClassicCandidate;
import dev.naru.client.core.ClassicOffer;
import dev.naru.client.core.ClassicWord;
import dev.naru.client.core.CommittedPosition;
import dev.naru.client.core.Grant;
import dev.naru.client.core.Held;
import dev.naru.client.core.LeaderHint;
import dev.naru.client.core.MemberIdentity;
import dev.naru.client.core.MemberInput;
import dev.naru.client.core.MemberMessage;
import dev.naru.proto.v1.AssignedPartition;
import dev.naru.proto.v1.AssignedTopic;
import dev.naru.proto.v1.Assignment;
import dev.naru.proto.v1.AttendRequest;
import dev.naru.proto.v1.AttendResponse;
import dev.naru.proto.v1.ClassicElected;
import dev.naru.proto.v1.ClassicShare;
import dev.naru.proto.v1.ClassicSync;
import dev.naru.proto.v1.CommittedOffset;
import dev.naru.proto.v1.GroupProtocol;
import dev.naru.proto.v1.GroupServiceGrpc;
import dev.naru.proto.v1.Heartbeat;
import dev.naru.proto.v1.Holding;
import dev.naru.proto.v1.JoinGroup;
import dev.naru.proto.v1.LeaveGroup;
import dev.naru.proto.v1.Subscription;
import dev.naru.proto.v1.TopicPartitions;
import dev.naru.types.ErrorCode;
import dev.naru.types.HostPort;
import dev.naru.types.LeaderEpoch;
import dev.naru.types.PartitionId;
import dev.naru.types.Refused;
import dev.naru.types.TopicId;
import io.grpc.CallOptions;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ClientResponseObserver;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A member's stream to the coordinator of its group. Owned by the loop; its listener is called by
 * the event loop.
 */
public final class AttendStream {

  /** Thousands of partitions, with a few words of the application at each. */
  private static final int MESSAGE_BYTES_MAX = 32 << 20;

  private final ClientCallStreamObserver<AttendRequest> call;
  private final MemberIdentity identity;

  private AttendStream(ClientCallStreamObserver<AttendRequest> call, MemberIdentity identity) {
    this.call = call;
    this.identity = identity;
  }

  /**
   * Opens a stream. What is sent before it is connected waits.
   *
   * @param number goes into what the listener hears
   */
  public static AttendStream open(
      Channels channels, HostPort address, int number, MemberIdentity identity, Listener listener) {
    var answers = new Answers(number, listener);
    var options = CallOptions.DEFAULT.withMaxInboundMessageSize(MESSAGE_BYTES_MAX);
    ClientCalls.asyncBidiStreamingCall(
        channels
            .channel(Channels.Purpose.CONTROL, address)
            .newCall(GroupServiceGrpc.getAttendMethod(), options),
        answers);
    return new AttendStream(answers.call(), identity);
  }

  /**
   * Says this; whether it was heard only an answer tells.
   *
   * @param offers with a join to a classic group; none with one to a native group
   */
  public void send(long sequence, MemberMessage message, List<ClassicOffer> offers) {
    var request = AttendRequest.newBuilder().setSequence(sequence);
    if (message instanceof MemberMessage.Join join) {
      request.setJoin(join(join, offers));
    } else if (message instanceof MemberMessage.Heartbeat) {
      request.setHeartbeat(Heartbeat.getDefaultInstance());
    } else if (message instanceof MemberMessage.Holding holding) {
      request.setHolding(
          Holding.newBuilder()
              .setMemberEpoch(holding.held().epoch())
              .addAllPartitions(partitions(holding.held())));
    } else if (message instanceof MemberMessage.Subscribe subscribe) {
      request.setSubscribe(subscription(subscribe.topics()));
    } else if (message instanceof MemberMessage.Sync sync) {
      request.setSync(sync(sync));
    } else if (message instanceof MemberMessage.Leave leave) {
      request.setLeave(LeaveGroup.newBuilder().setStays(leave.stays()).setCause(leave.cause()));
    } else {
      throw new IllegalStateException("Expected a message of a member, but was " + message);
    }
    call.onNext(request.build());
  }

  private JoinGroup join(MemberMessage.Join join, List<ClassicOffer> offers) {
    var request =
        JoinGroup.newBuilder()
            .setGroup(identity.group())
            .setMember(Wire.uuid(identity.member()))
            .setMemberEpoch(join.held().epoch())
            .setAttempt(join.attempt())
            .setClientId(identity.clientId())
            .setSessionTimeoutMs(identity.sessionMillis())
            .setRebalanceTimeoutMs(identity.rebalanceMillis())
            .setProtocol(
                offers.isEmpty()
                    ? GroupProtocol.GROUP_PROTOCOL_NATIVE
                    : GroupProtocol.GROUP_PROTOCOL_CLASSIC)
            .setSubscription(subscription(join.topics()))
            .addAllHolding(partitions(join.held()));
    identity.instanceId().ifPresent(request::setInstanceId);
    identity.rack().ifPresent(request::setRack);
    identity.assignor().ifPresent(request::setAssignor);
    offers.forEach(offer ->
        request.addClassic(
            dev.naru.proto.v1.ClassicOffer.newBuilder()
                .setName(offer.name())
                .setMetadata(ByteString.copyFrom(offer.metadata().duplicate()))));
    return request.build();
  }

  private static ClassicSync sync(MemberMessage.Sync sync) {
    var message = ClassicSync.newBuilder().setGeneration(sync.generation());
    sync.shares()
        .forEach((member, share) ->
            message.addShares(
                ClassicShare.newBuilder()
                    .setMember(Wire.uuid(member))
                    .setAssignment(ByteString.copyFrom(share.duplicate()))));
    return message.build();
  }

  private static Subscription subscription(SortedSet<String> topics) {
    return Subscription.newBuilder().addAllTopics(topics).build();
  }

  private static List<TopicPartitions> partitions(Held held) {
    var byTopic = new TreeMap<TopicId, TopicPartitions.Builder>();
    for (var id : held.partitions()) { // in order of topics, then of numbers
      byTopic
          .computeIfAbsent(
              id.topic(), topic -> TopicPartitions.newBuilder().setTopicId(Wire.uuid(topic)))
          .addPartitions(id.partition());
    }
    return byTopic.values().stream().map(TopicPartitions.Builder::build).toList();
  }

  /** Says nothing more; the node ends the stream when it has heard everything. */
  public void end() {
    call.onCompleted();
  }

  /** Breaks the stream; the listener hears of it as of any other break. */
  public void cancel(String why) {
    call.cancel(why, null);
  }

  /** Hears what comes back. Called by the event loop. */
  public interface Listener {

    /** The coordinator has spoken. */
    void onInput(MemberInput input);

    /** The coordinator of a classic group has spoken. */
    void onWord(ClassicWord word);

    /** The stream is no more, or the member was refused. The first time counts. */
    void onClosed(Refused why, Optional<LeaderHint> leader);
  }

  private static final class Answers
      implements ClientResponseObserver<AttendRequest, AttendResponse> {

    private final int number;
    private final Listener listener;
    private @Nullable ClientCallStreamObserver<AttendRequest> call;

    Answers(int number, Listener listener) {
      this.number = number;
      this.listener = listener;
    }

    ClientCallStreamObserver<AttendRequest> call() {
      if (call == null) {
        throw new IllegalStateException("Expected the call to be opened, but it is not");
      }
      return call;
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<AttendRequest> opened) {
      call = opened;
    }

    @Override
    public void onNext(AttendResponse response) {
      long heard = response.getHeard();
      switch (response.getMessageCase()) {
        case ACCEPTED ->
            listener.onInput(
                new MemberInput.Accepted(
                    number,
                    heard,
                    response.getAccepted().getMemberEpoch(),
                    TimeUnit.MILLISECONDS.toNanos(
                        response.getAccepted().getHeartbeatIntervalMs())));
        case ASSIGNMENT -> listener.onInput(assigned(heard, response.getAssignment()));
        case REFUSAL -> {
          var told = response.getRefusal();
          listener.onClosed(
              Wire.refusal(told.getErrorValue(), told.getErrorMessage())
                  .orElseGet(Answers::refusedWithoutReason),
              Wire.leaderHint(told.getLeader()));
        }
        case REJOIN ->
            listener.onWord(
                new ClassicWord.Rejoin(number, heard, response.getRejoin().getGeneration()));
        case ELECTED -> listener.onWord(elected(heard, response.getElected()));
        case HANDED ->
            listener.onWord(
                new ClassicWord.Handed(
                    number,
                    heard,
                    response.getHanded().getGeneration(),
                    response.getHanded().getAssignment().asReadOnlyByteBuffer()));
        case ACK, MESSAGE_NOT_SET -> // the latter of a kind that is newer
            listener.onInput(new MemberInput.Heard(number, heard));
      }
    }

    private static Refused refusedWithoutReason() {
      return new Refused(
          ErrorCode.REQUEST_TIMEOUT, "Expected why the member is refused, but nothing was said");
    }

    private ClassicWord elected(long heard, ClassicElected told) {
      var members =
          told.getMembersList().stream()
              .map(member ->
                  new ClassicCandidate(
                      Wire.uuid(member.getMember()),
                      member.hasInstanceId()
                          ? Optional.of(member.getInstanceId())
                          : Optional.empty(),
                      member.getMetadata().asReadOnlyByteBuffer()))
              .toList();
      return new ClassicWord.Elected(
          number, heard, told.getGeneration(), told.getProtocol(), members);
    }

    private MemberInput assigned(long heard, Assignment assignment) {
      var grants = new TreeMap<PartitionId, Grant>();
      for (var topic : assignment.getTopicsList()) {
        for (var partition : topic.getPartitionsList()) {
          var grant = grant(topic, partition);
          grants.put(grant.id(), grant);
        }
      }
      return new MemberInput.Assigned(number, heard, assignment.getMemberEpoch(), grants);
    }

    private static Grant grant(AssignedTopic topic, AssignedPartition partition) {
      return new Grant(
          new PartitionId(Wire.topicId(topic.getTopicId()), partition.getPartition()),
          new TopicPartition(topic.getTopic(), partition.getPartition()),
          partition.getGrantedEpoch(),
          partition.hasCommitted()
              ? Optional.of(committed(partition.getCommitted()))
              : Optional.empty(),
          partition.getFromStart());
    }

    @Override
    public void onError(Throwable failure) {
      var why = Statuses.refusal(failure);
      boolean isUnclear = why.code() == ErrorCode.INTERNAL; // it may be the connection's fault
      listener.onClosed(
          isUnclear ? new Refused(ErrorCode.REQUEST_TIMEOUT, why.reason()) : why, Optional.empty());
    }

    @Override
    public void onCompleted() {
      listener.onClosed(Statuses.ended(), Optional.empty());
    }
  }

  static CommittedPosition committed(CommittedOffset offset) {
    return new CommittedPosition(
        offset.getOffset(),
        offset.hasLeaderEpoch()
            ? Optional.of(new LeaderEpoch(offset.getLeaderEpoch()))
            : Optional.empty(),
        offset.getMetadata());
  }
}
