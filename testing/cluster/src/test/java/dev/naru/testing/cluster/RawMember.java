package dev.naru.testing.cluster;

import dev.naru.proto.v1.AssignedPartition;
import dev.naru.proto.v1.Assignment;
import dev.naru.proto.v1.AttendRefusal;
import dev.naru.proto.v1.AttendRequest;
import dev.naru.proto.v1.AttendResponse;
import dev.naru.proto.v1.GroupProtocol;
import dev.naru.proto.v1.GroupServiceGrpc;
import dev.naru.proto.v1.Heartbeat;
import dev.naru.proto.v1.Holding;
import dev.naru.proto.v1.JoinGroup;
import dev.naru.proto.v1.LeaveGroup;
import dev.naru.proto.v1.Subscription;
import dev.naru.proto.v1.TopicPartitions;
import dev.naru.proto.v1.Uuid;
import io.grpc.Channel;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** A member of a group on a stream of its own, which does what the test says and nothing else. */
final class RawMember implements StreamObserver<AttendResponse> {

  private static final AtomicInteger ATTEMPTS = new AtomicInteger(); // of all: each rises

  private final Uuid id;
  private final String group;
  private final StreamObserver<AttendRequest> requests;
  private long sequence;

  // Guarded by this object: gRPC tells on its threads, the test asks on its own.
  private final List<AttendResponse> told = new ArrayList<>();
  private boolean isOver;

  private RawMember(Channel channel, String group, Uuid id) {
    this.group = group;
    this.id = id;
    requests = GroupServiceGrpc.newStub(channel).attend(this);
  }

  /** A stream that is open and has said nothing. */
  static RawMember open(Channel channel, String group, Uuid id) {
    return new RawMember(channel, group, id);
  }

  static Uuid id(long number) {
    return Uuid.newBuilder().setHigh(1).setLow(number).build();
  }

  Uuid id() {
    return id;
  }

  // ---- what it says

  RawMember join(int sessionMillis, String... topics) {
    return join(sessionMillis, 0, List.of(), topics);
  }

  RawMember join(
      int sessionMillis, int knownEpoch, List<TopicPartitions> holding, String... topics) {
    send(
        AttendRequest.newBuilder()
            .setJoin(
                JoinGroup.newBuilder()
                    .setGroup(group)
                    .setMember(id)
                    .setMemberEpoch(knownEpoch)
                    .setAttempt(ATTEMPTS.incrementAndGet())
                    .setClientId("raw")
                    .setProtocol(GroupProtocol.GROUP_PROTOCOL_NATIVE)
                    .setSessionTimeoutMs(sessionMillis)
                    .setRebalanceTimeoutMs(60_000)
                    .addAllHolding(holding)
                    .setSubscription(Subscription.newBuilder().addAllTopics(List.of(topics)))));
    return this;
  }

  void beat() {
    send(AttendRequest.newBuilder().setHeartbeat(Heartbeat.getDefaultInstance()));
  }

  /** Says that it has what it was told last. */
  void hold() {
    var assignment = assignment().orElseThrow();
    send(
        AttendRequest.newBuilder()
            .setHolding(
                Holding.newBuilder()
                    .setMemberEpoch(assignment.getMemberEpoch())
                    .addAllPartitions(holding(assignment))));
  }

  void leave() {
    send(AttendRequest.newBuilder().setLeave(LeaveGroup.newBuilder().setCause("close")));
    requests.onCompleted();
  }

  private synchronized void send(AttendRequest.Builder request) {
    if (!isOver) {
      requests.onNext(request.setSequence(++sequence).build());
    }
  }

  /** Breaks the stream, as when its process ends. */
  void abort() {
    requests.onError(new IllegalStateException("killed"));
  }

  static List<TopicPartitions> holding(Assignment assignment) {
    return assignment.getTopicsList().stream()
        .map(topic ->
            TopicPartitions.newBuilder()
                .setTopicId(topic.getTopicId())
                .addAllPartitions(
                    topic.getPartitionsList().stream()
                        .map(AssignedPartition::getPartition)
                        .toList())
                .build())
        .toList();
  }

  // ---- what it was told

  synchronized Stream<AttendResponse> told() {
    return List.copyOf(told).stream();
  }

  synchronized boolean isOver() {
    return isOver;
  }

  boolean isAccepted() {
    return told().anyMatch(AttendResponse::hasAccepted);
  }

  /** The newest. */
  Optional<Assignment> assignment() {
    return told()
        .filter(AttendResponse::hasAssignment)
        .map(AttendResponse::getAssignment)
        .reduce((a, b) -> b);
  }

  /** Numbers of what it may hold, of all topics. */
  List<Integer> partitions() {
    return assignment().stream()
        .flatMap(assignment -> assignment.getTopicsList().stream())
        .flatMap(topic -> topic.getPartitionsList().stream())
        .map(AssignedPartition::getPartition)
        .toList();
  }

  Optional<AssignedPartition> partition(int number) {
    return assignment().stream()
        .flatMap(assignment -> assignment.getTopicsList().stream())
        .flatMap(topic -> topic.getPartitionsList().stream())
        .filter(partition -> partition.getPartition() == number)
        .findFirst();
  }

  Optional<AttendRefusal> refusal() {
    return told().filter(AttendResponse::hasRefusal).map(AttendResponse::getRefusal).findFirst();
  }

  /** Sequence of the newest of its messages that it knows to have been heard. */
  long heard() {
    return told().mapToLong(AttendResponse::getHeard).max().orElse(0);
  }

  synchronized long sequence() {
    return sequence;
  }

  @Override
  public synchronized void onNext(AttendResponse response) {
    told.add(response);
  }

  @Override
  public synchronized void onError(Throwable cause) {
    isOver = true;
  }

  @Override
  public synchronized void onCompleted() {
    isOver = true;
  }
}
