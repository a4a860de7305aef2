package dev.naru.broker.rpc;

import dev.naru.broker.group.GroupNames;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.NodeImage;
import dev.naru.metadata.machine.InternalTopics;
import dev.naru.proto.internal.v1.AskCoordinatorRequest;
import dev.naru.proto.internal.v1.AskCoordinatorResponse;
import dev.naru.types.ErrorCode;
import dev.naru.types.NodeId;
import dev.naru.types.PartitionId;
import dev.naru.types.Refused;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Hands questions about one group to the node that coordinates it, which may be this one. For
 * threads that may wait.
 */
final class GroupDirectory {

  /**
   * A new coordinator loads in less, as a rule. Nothing was done by one that refused for this
   * reason, so that asking again is harmless, whatever was asked.
   */
  private static final int TRIES_MAX = 20;

  private static final String NAME = "groups/{group}";

  private final NodeId self;
  private final Supplier<ClusterSnapshot> cluster;
  private final Function<String, CoordinatorFinder.Found> finder;
  private final GroupDesk here;
  private final GroupPeers peers;
  private final Runnable pause;

  /**
   * Asks these.
   *
   * @param finder of coordinators; makes the topic that groups are kept in, if there is none
   * @param pause between two tries
   */
  GroupDirectory(
      NodeId self,
      Supplier<ClusterSnapshot> cluster,
      Function<String, CoordinatorFinder.Found> finder,
      GroupDesk here,
      GroupPeers peers,
      Runnable pause) {
    this.self = self;
    this.cluster = cluster;
    this.finder = finder;
    this.here = here;
    this.peers = peers;
    this.pause = pause;
  }

  /**
   * The group that a resource name names.
   *
   * @throws StatusRuntimeException INVALID_REQUEST or INVALID_GROUP_ID
   */
  static String groupOf(String resourceName) {
    var group =
        GroupViews.groupOf(resourceName)
            .orElseThrow(() -> NamedTopics.invalid("name", NAME, resourceName));
    GroupNames.check(group)
        .ifPresent(why -> {
          throw ErrorStatus.ofField(why, "name");
        });
    return group;
  }

  static StatusRuntimeException notFound(String group) {
    return ErrorStatus.of(
        new Refused(
            ErrorCode.GROUP_NOT_FOUND,
            "Expected an existing group, but there is none called " + group));
  }

  /**
   * What the coordinator of an existing group says.
   *
   * @throws StatusRuntimeException the refusal, or that there is nobody to ask
   */
  AskCoordinatorResponse ask(String group, AskCoordinatorRequest question) {
    if (cluster.get().image().topicNamed(InternalTopics.CONSUMER_OFFSETS).isEmpty()) {
      throw notFound(group); // nobody was ever a member of any
    }
    return askAnew(group, question);
  }

  /** The same of a group that need not exist. */
  AskCoordinatorResponse askAnew(String group, AskCoordinatorRequest question) {
    for (int left = TRIES_MAX; ; left--) {
      try {
        return askOnce(group, question);
      } catch (StatusRuntimeException refused) {
        boolean isUndone =
            ErrorStatus.says(refused, ErrorCode.NOT_LEADER)
                || ErrorStatus.says(refused, ErrorCode.COORDINATOR_LOADING);
        if (!isUndone || left <= 1 || Deadlines.leftMillis() <= 0) {
          throw told(group, refused);
        }
        pause.run();
      }
    }
  }

  /** Whom to ask is no matter of the caller's. */
  private static StatusRuntimeException told(String group, StatusRuntimeException refused) {
    return ErrorStatus.says(refused, ErrorCode.NOT_LEADER)
        ? ErrorStatus.of(
            new Refused(
                ErrorCode.COORDINATOR_NOT_AVAILABLE,
                "Expected the coordinator of group %s, but it is moving: %s"
                    .formatted(group, refused.getStatus().getDescription())))
        : refused;
  }

  private AskCoordinatorResponse askOnce(String group, AskCoordinatorRequest question) {
    return switch (finder.apply(group)) {
      case CoordinatorFinder.Found.Nowhere(var why) -> throw ErrorStatus.of(why);
      case CoordinatorFinder.Found.At(var partition, _) -> {
        var leader = leaderOf(cluster.get().image(), partition);
        yield leader.id().equals(self) ? here.answer(question) : askOther(leader, question);
      }
    };
  }

  private static NodeImage leaderOf(ClusterImage image, PartitionId partition) {
    return image
        .partition(partition)
        .flatMap(entry -> entry.leader())
        .flatMap(image::node)
        .orElseThrow(() ->
            ErrorStatus.of(
                new Refused(
                    ErrorCode.COORDINATOR_NOT_AVAILABLE,
                    "Expected %s to have a leader, but it has none now"
                        .formatted(image.nameOf(partition)))));
  }

  private AskCoordinatorResponse askOther(NodeImage node, AskCoordinatorRequest question) {
    var limit = Duration.ofMillis(Math.max(1, Deadlines.leftMillis()));
    var answer = PeerAnswer.of(node.id(), peers.ask(node, question, limit));
    return switch (PeerAnswer.await(node.id(), answer)) {
      case PeerAnswer.Told(var response) -> response;
      case PeerAnswer.Refusal(var why) -> throw why;
    };
  }
}
