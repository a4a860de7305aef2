package dev.naru.broker.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.broker.coordinator.ShardInput;
import dev.naru.broker.coordinator.ShardInput.Attends;
import dev.naru.broker.coordinator.ShardInput.Says;
import dev.naru.broker.coordinator.ShardInput.StreamEnded;
import dev.naru.broker.coordinator.ToMember;
import dev.naru.broker.partition.PartitionInput.TenantAsked;
import dev.naru.proto.v1.AttendRequest;
import dev.naru.proto.v1.AttendResponse;
import dev.naru.proto.v1.AttendResponse.MessageCase;
import dev.naru.proto.v1.ErrorCode;
import dev.naru.proto.v1.GroupProtocol;
import dev.naru.proto.v1.Heartbeat;
import dev.naru.proto.v1.JoinGroup;
import dev.naru.proto.v1.LeaderHint;
import dev.naru.proto.v1.LeaveGroup;
import dev.naru.proto.v1.Uuid;
import dev.naru.types.Refused;
import io.grpc.stub.ServerCallStreamObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.pcollections.TreePMap;

/** One member's stream, without a connection beneath it and without a coordinator behind it. */
class AttendStreamTest {

  private final RecordedCall call = new RecordedCall();
  private final List<ShardInput> asked = new ArrayList<>();
  private final List<Runnable> taken = new ArrayList<>();
  private boolean hasRoom = true;
  private final AttendStream stream =
      new AttendStream(
          "host",
          call,
          Runnable::run,
          group ->
              group.equals("here")
                  ? new AttendStream.Found.Here(new RecordedDesk())
                  : new AttendStream.Found.Elsewhere(
                      new Refused(dev.naru.types.ErrorCode.NOT_LEADER, "Expected another node")),
          group -> Optional.of(LeaderHint.newBuilder().setNodeId(2).build()));

  private final class RecordedDesk implements AttendStream.Desk {
    @Override
    public boolean ask(TenantAsked input, Runnable whenTaken) {
      asked.add((ShardInput) input.input());
      taken.add(whenTaken);
      return hasRoom;
    }

    @Override
    public void tell(TenantAsked input) {
      asked.add((ShardInput) input.input());
    }
  }

  AttendStreamTest() {
    stream.start();
  }

  @Test
  void bringsWhatTheMemberSaysToItsCoordinatorInOrder() {
    stream.onNext(join(1, "here"));
    stream.onNext(beat(2));

    assertThat(asked).hasExactlyElementsOfTypes(Attends.class, Says.class);
    assertThat(((Attends) asked.getFirst()).profile().host()).isEqualTo("host");
  }

  @Test
  void takesNoMoreThanTheCoordinatorHasDealtWith() {
    int ahead = call.requested;
    stream.onNext(join(1, "here"));
    stream.onNext(beat(2));

    assertThat(call.requested).isEqualTo(ahead);

    taken.getFirst().run();

    assertThat(call.requested).isEqualTo(ahead + 1);
  }

  @Test
  void keepsOnlyTheNewestForAMemberThatDoesNotListen() {
    stream.onNext(join(1, "here"));
    call.isReady = false;
    stream.tell(1, new ToMember.Accepted(1, Duration.ofSeconds(3)));
    for (int epoch = 2; epoch < 1_000; epoch++) {
      stream.tell(epoch, new ToMember.Assignment(epoch, List.of(), TreePMap.empty()));
      stream.tell(epoch, new ToMember.Heard());
    }

    assertThat(call.sent).isEmpty();

    call.isReady = true;
    call.whenReady.run();

    assertThat(call.sent)
        .extracting(AttendResponse::getMessageCase)
        .containsExactly(MessageCase.ACCEPTED, MessageCase.ASSIGNMENT);
    assertThat(call.sent.getLast().getAssignment().getMemberEpoch()).isEqualTo(999);
    assertThat(call.sent.getLast().getHeard()).isEqualTo(999);
  }

  @Test
  void acknowledgesOnceForAll() {
    stream.onNext(join(1, "here"));
    call.isReady = false;
    stream.tell(2, new ToMember.Heard());
    stream.tell(3, new ToMember.Heard());
    call.isReady = true;
    call.whenReady.run();

    assertThat(call.sent).hasSize(1);
    assertThat(call.sent.getFirst().hasAck()).isTrue();
    assertThat(call.sent.getFirst().getHeard()).isEqualTo(3);
  }

  @Test
  void saysWhereElseTheCoordinatorIs() {
    stream.onNext(join(1, "there"));

    assertThat(call.sent).hasSize(1);
    assertThat(call.sent.getFirst().getRefusal().getError())
        .isEqualTo(ErrorCode.ERROR_CODE_NOT_LEADER);
    assertThat(call.sent.getFirst().getRefusal().getLeader().getNodeId()).isEqualTo(2);
    assertThat(call.isCompleted).isTrue();
    assertThat(asked).isEmpty();
  }

  @Test
  void aRefusalIsTheLastMessageAlsoForWhoDoesNotListen() {
    stream.onNext(join(1, "here"));
    call.isReady = false;
    stream.tell(1, new ToMember.Assignment(1, List.of(), TreePMap.empty()));
    stream.refuse(new Refused(dev.naru.types.ErrorCode.FENCED_MEMBER, "Expected a member"));
    stream.tell(2, new ToMember.Heard());
    stream.complete();

    assertThat(call.sent.getLast().getRefusal().getError())
        .isEqualTo(ErrorCode.ERROR_CODE_FENCED_MEMBER);
    assertThat(call.sent.getLast().getRefusal().hasLeader()).isFalse();
    assertThat(call.isCompleted).isTrue();
    assertThat(stream.isOpen()).isFalse();
  }

  @Test
  void tellsTheCoordinatorOnceThatItHasEnded() {
    stream.onNext(join(1, "here"));
    call.whenCancelled.run();
    stream.onError(new IllegalStateException("cancelled"));

    assertThat(asked).hasExactlyElementsOfTypes(Attends.class, StreamEnded.class);
    assertThat(stream.isOpen()).isFalse();
  }

  @Test
  void whoLeavesMayCloseItsSideAndStillHearsOfIt() {
    stream.onNext(join(1, "here"));
    stream.onNext(
        AttendRequest.newBuilder()
            .setSequence(2)
            .setLeave(LeaveGroup.newBuilder().setCause("close"))
            .build());
    stream.onCompleted();

    assertThat(call.isCompleted).isFalse();

    stream.complete();

    assertThat(call.isCompleted).isTrue();
  }

  @Test
  void refusesWhatNoMemberSays() {
    stream.onNext(beat(1));

    assertThat(call.sent.getLast().getRefusal().getError())
        .isEqualTo(ErrorCode.ERROR_CODE_INVALID_REQUEST);
  }

  @Test
  void isOfOneMemberOfOneGroup() {
    stream.onNext(join(1, "here"));
    stream.onNext(join(2, "here"));

    assertThat(asked).hasExactlyElementsOfTypes(Attends.class, Attends.class);

    stream.onNext(join(3, "here", 7));

    assertThat(call.sent.getLast().getRefusal().getError())
        .isEqualTo(ErrorCode.ERROR_CODE_INVALID_REQUEST);
    assertThat(asked).hasExactlyElementsOfTypes(Attends.class, Attends.class, StreamEnded.class);
  }

  @Test
  void refusesSequencesThatDoNotRise() {
    stream.onNext(join(7, "here"));
    stream.onNext(beat(7));

    assertThat(call.sent.getLast().getRefusal().getError())
        .isEqualTo(ErrorCode.ERROR_CODE_INVALID_REQUEST);
  }

  @Test
  void refusesWhatTheCoordinatorHasNoRoomFor() {
    hasRoom = false;
    stream.onNext(join(1, "here"));

    assertThat(call.sent.getLast().getRefusal().getError())
        .isEqualTo(ErrorCode.ERROR_CODE_COORDINATOR_NOT_AVAILABLE);
  }

  private static AttendRequest join(long sequence, String group) {
    return join(sequence, group, 2);
  }

  private static AttendRequest join(long sequence, String group, long member) {
    return AttendRequest.newBuilder()
        .setSequence(sequence)
        .setJoin(
            JoinGroup.newBuilder()
                .setGroup(group)
                .setMember(Uuid.newBuilder().setHigh(1).setLow(member))
                .setAttempt(1)
                .setProtocol(GroupProtocol.GROUP_PROTOCOL_NATIVE)
                .setSessionTimeoutMs(10_000)
                .setRebalanceTimeoutMs(10_000))
        .build();
  }

  private static AttendRequest beat(long sequence) {
    return AttendRequest.newBuilder()
        .setSequence(sequence)
        .setHeartbeat(Heartbeat.getDefaultInstance())
        .build();
  }

  private static final class RecordedCall extends ServerCallStreamObserver<AttendResponse> {

    final List<AttendResponse> sent = new ArrayList<>();
    int requested;
    boolean isReady = true;
    boolean isCompleted;
    Runnable whenReady = () -> {};
    Runnable whenCancelled = () -> {};

    @Override
    public void onNext(AttendResponse response) {
      sent.add(response);
    }

    @Override
    public void onError(Throwable cause) {
      isCompleted = true;
    }

    @Override
    public void onCompleted() {
      isCompleted = true;
    }

    @Override
    public boolean isReady() {
      return isReady;
    }

    @Override
    public void request(int count) {
      requested += count;
    }

    @Override
    public boolean isCancelled() {
      return false;
    }

    @Override
    public void setOnCancelHandler(Runnable handler) {
      whenCancelled = handler;
    }

    @Override
    public void setOnReadyHandler(Runnable handler) {
      whenReady = handler;
    }

    @Override
    public void disableAutoRequest() {}

    @Override
    public void disableAutoInboundFlowControl() {}

    @Override
    public void setMessageCompression(boolean enable) {}

    @Override
    public void setCompression(String compression) {}
  }
}
