package dev.naru.broker.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.naru.broker.coordinator.GroupLags;
import dev.naru.broker.rpc.CoordinatorFinder.Found;
import dev.naru.proto.admin.v1.GetGroupRequest;
import dev.naru.proto.admin.v1.Group;
import dev.naru.proto.internal.v1.AskCoordinatorRequest;
import dev.naru.proto.internal.v1.AskCoordinatorResponse;
import dev.naru.proto.v1.LeaderHint;
import dev.naru.types.ErrorCode;
import dev.naru.types.NodeId;
import dev.naru.types.PartitionId;
import dev.naru.types.Refused;
import dev.naru.types.TopicId;
import io.grpc.Status;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Asked at node 1 of three, about groups that it or node 2 coordinates. */
class GroupDirectoryTest {

  private static final NodeId SELF = new NodeId(1);
  private static final AskCoordinatorRequest QUESTION =
      AskCoordinatorRequest.newBuilder()
          .setGetGroup(GetGroupRequest.newBuilder().setName("groups/app"))
          .build();

  private final FakeCoordinator coordinator = new FakeCoordinator();
  private final FakePeers peers = new FakePeers();
  private final ArrayDeque<Runnable> pauses = new ArrayDeque<>();
  private ClusterSnapshot cluster = GroupClusters.led(3, 1);
  private int paused;
  private final GroupDirectory directory =
      new GroupDirectory(
          SELF,
          () -> cluster,
          group ->
              new Found.At(new PartitionId(TopicId.of(9, 9), 0), LeaderHint.getDefaultInstance()),
          new GroupDesk(
              SELF,
              () -> cluster,
              coordinator.calls(),
              FakeCoordinator.MACHINE,
              new LeaderOffsets(SELF, peers, peers::answers),
              GroupLags.UNKNOWN),
          peers,
          this::pause);

  private void pause() {
    paused++;
    if (!pauses.isEmpty()) {
      pauses.remove().run();
    }
  }

  @Test
  void answersForWhatIsCoordinatedHere() {
    coordinator.commit("app", 1);

    assertThat(directory.ask("app", QUESTION).getGroup().getCoordinator()).isEqualTo(1);
    assertThat(peers.asked).isEmpty();
  }

  @Test
  void handsOnWhatIsCoordinatedElsewhere() {
    cluster = GroupClusters.led(3, 2);
    peers.coordinators.put(2, question -> group());

    assertThat(directory.ask("app", QUESTION).getGroup().getName()).isEqualTo("groups/app");
    assertThat(peers.asked).containsExactly(2);
  }

  @Test
  void passesARefusalOnAsItIs() {
    cluster = GroupClusters.led(3, 2);
    peers.coordinators.put(
        2,
        question -> {
          throw GroupDirectory.notFound("app");
        });

    assertThat(codesOf(() -> directory.ask("app", QUESTION)))
        .containsExactly(ErrorCode.GROUP_NOT_FOUND);
    assertThat(paused).isZero();
  }

  @Test
  void waitsWhileACoordinatorLoads() {
    coordinator.commit("app", 1);
    coordinator.silence(ErrorCode.COORDINATOR_LOADING);
    pauses.add(() -> {});
    pauses.add(coordinator::speak);

    assertThat(directory.ask("app", QUESTION).getGroup().getName()).isEqualTo("groups/app");
    assertThat(paused).isEqualTo(2);
  }

  @Test
  void followsACoordinatorThatMoves() {
    coordinator.silence(ErrorCode.NOT_LEADER);
    pauses.add(() -> cluster = GroupClusters.led(3, 3));
    peers.coordinators.put(3, question -> group());

    assertThat(directory.ask("app", QUESTION).getGroup().getName()).isEqualTo("groups/app");
    assertThat(peers.asked).containsExactly(3);
  }

  @Test
  void givesUpOnOneThatNeverComes() {
    coordinator.silence(ErrorCode.NOT_LEADER);
    assertThat(codesOf(() -> directory.ask("app", QUESTION)))
        .containsExactly(ErrorCode.COORDINATOR_NOT_AVAILABLE);
    assertThat(paused).isEqualTo(19);

    coordinator.silence(ErrorCode.COORDINATOR_LOADING);
    assertThat(codesOf(() -> directory.ask("app", QUESTION)))
        .containsExactly(ErrorCode.COORDINATOR_LOADING);
  }

  /** Whether it was done is not known. */
  @Test
  void asksNobodyTwiceWhenAConnectionFails() {
    cluster = GroupClusters.led(3, 2);
    assertThat(codesOf(() -> directory.ask("app", QUESTION)))
        .containsExactly(ErrorCode.COORDINATOR_NOT_AVAILABLE);

    peers.coordinators.put(
        2,
        question -> {
          throw Status.DEADLINE_EXCEEDED.asRuntimeException();
        });
    assertThat(codesOf(() -> directory.ask("app", QUESTION)))
        .containsExactly(ErrorCode.REQUEST_TIMEOUT);
    assertThat(peers.asked).containsExactly(2, 2);
  }

  @Test
  void makesNoTopicToFindThatThereIsNoGroup() {
    cluster = GroupClusters.withoutGroups(3);

    assertThat(codesOf(() -> directory.ask("app", QUESTION)))
        .containsExactly(ErrorCode.GROUP_NOT_FOUND);
    assertThat(codesOf(() -> directory.askAnew("app", QUESTION)))
        .as("the image of this node has no such partition yet")
        .containsExactly(ErrorCode.COORDINATOR_NOT_AVAILABLE);
  }

  private static AskCoordinatorResponse group() {
    return AskCoordinatorResponse.newBuilder()
        .setGroup(Group.newBuilder().setName("groups/app"))
        .build();
  }

  private static List<ErrorCode> codesOf(ThrowingCallable call) {
    var failure = catchThrowable(call);
    return Arrays.stream(ErrorCode.values())
        .filter(code -> ErrorStatus.says(failure, code))
        .toList();
  }

  @Test
  void knowsItsOwnStatusesFromThoseOfConnections() {
    assertThat(ErrorStatus.isOurs(ErrorStatus.of(new Refused(ErrorCode.INTERNAL, "x")))).isTrue();
    assertThat(ErrorStatus.isOurs(Status.UNAVAILABLE.asRuntimeException())).isFalse();
    assertThat(ErrorStatus.isOurs(new IllegalStateException("x"))).isFalse();
  }
}
