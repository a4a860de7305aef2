package dev.naru.broker.rpc;

import dev.naru.controller.LogSurvey;
import dev.naru.metadata.command.LogAnswer;
import dev.naru.metadata.command.RecoverPartitions;
import dev.naru.metadata.command.Recovery;
import dev.naru.metadata.command.ShownLoss;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.DeclaredLoss;
import dev.naru.metadata.image.LogEnd;
import dev.naru.metadata.image.LossCause;
import dev.naru.metadata.image.NodeImage;
import dev.naru.metadata.image.PartitionImage;
import dev.naru.metadata.image.TopicImage;
import dev.naru.metadata.liveness.LogQuestion;
import dev.naru.metadata.log.Applied;
import dev.naru.metadata.machine.RecoveryChoice;
import dev.naru.proto.admin.v1.ConfirmedLoss;
import dev.naru.proto.admin.v1.LossRange;
import dev.naru.proto.admin.v1.RecoverPartitionRequest;
import dev.naru.proto.admin.v1.RecoverPartitionResponse;
import dev.naru.proto.admin.v1.RecoveryCandidate;
import dev.naru.types.ErrorCode;
import dev.naru.types.LeaderEpoch;
import dev.naru.types.NodeId;
import dev.naru.types.PartitionId;
import dev.naru.types.Refused;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Lets an operator choose the replica that leads a partition that has nobody safe left. He chooses
 * by what the replicas say they hold, and his choice is made only while they still say so.
 */
public final class PartitionRecovery {

  private final Supplier<ClusterSnapshot> cluster;
  private final LogSurvey logs;
  private final Function<RecoverPartitions, Applied> change;

  /**
   * What was heard of a partition.
   *
   * @param returning nodes with replicas that hold everything, which are starting just now
   */
  private record Heard(
      ClusterImage image,
      PartitionId id,
      TopicImage topic,
      PartitionImage entry,
      SortedMap<NodeId, LogAnswer> answers,
      SortedSet<NodeId> returning) {

    DeclaredLoss loss(LogAnswer choice) {
      return RecoveryChoice.loss(entry, answers.values(), choice, LossCause.OPERATOR);
    }

    Optional<LogAnswer> usable(NodeId node) {
      return Optional.ofNullable(answers.get(node))
          .filter(answer -> RecoveryChoice.isUsable(topic, answer));
    }
  }

  /** Changes that go this way, after such questions. */
  public PartitionRecovery(
      Supplier<ClusterSnapshot> cluster, LogSurvey logs, MetadataChanges changes) {
    this(cluster, logs, changes::make);
  }

  PartitionRecovery(
      Supplier<ClusterSnapshot> cluster,
      LogSurvey logs,
      Function<RecoverPartitions, Applied> change) {
    this.cluster = cluster;
    this.logs = logs;
    this.change = change;
  }

  RecoverPartitionResponse recover(RecoverPartitionRequest request) {
    var heard = ask(request);
    var choice =
        request.hasNode()
            ? usable(heard, request.getNode())
            : RecoveryChoice.bestUnasked(heard.topic(), heard.entry(), heard.answers().values());
    if (request.getValidateOnly()) {
      return answer(heard, choice, choice.map(heard::loss));
    }
    checkNobodyReturns(heard);
    var chosen =
        choice.orElseThrow(() -> refused(ErrorCode.INELIGIBLE_REPLICA, "node", none(heard)));
    var shown = confirmed(request);
    checkConfirmation(heard.loss(chosen), shown);
    var after =
        change.apply(
            new RecoverPartitions(
                List.of(
                    new Recovery(
                        heard.id(),
                        heard.entry().partitionEpoch(),
                        List.copyOf(heard.answers().values()),
                        chosen.node(),
                        Optional.of(shown)))));
    return answer(heard, Optional.of(chosen), declared(after, heard));
  }

  /** As the metadata log has it. */
  private static Optional<DeclaredLoss> declared(Applied after, Heard heard) {
    return after
        .image()
        .partition(heard.id())
        .flatMap(entry -> entry.losses().at(heard.entry().leaderEpoch().next()));
  }

  // ---- what is there

  private Heard ask(RecoverPartitionRequest request) {
    var image = cluster.get().image();
    var topic =
        TopicCodec.topicOf(request.getTopic())
            .flatMap(image::topicNamed)
            .orElseThrow(() ->
                refused(
                    ErrorCode.TOPIC_NOT_FOUND,
                    "topic",
                    "Expected topic to be the topics/{topic} of one that exists, but was "
                        + request.getTopic()));
    var entry =
        topic
            .partition(request.getPartition())
            .orElseThrow(() ->
                refused(
                    ErrorCode.PARTITION_NOT_FOUND,
                    "partition",
                    "Expected a partition of 0 to %d, but was %d"
                        .formatted(topic.partitions().size() - 1, request.getPartition())));
    var id = new PartitionId(topic.id(), request.getPartition());
    if (!RecoveryChoice.isDue(image, entry)) {
      throw refused(
          ErrorCode.INVALID_REQUEST,
          "partition",
          "Expected %s to have nobody safe who could lead, but it %s"
              .formatted(
                  image.nameOf(id),
                  entry.hasLeader()
                      ? "is led by node " + entry.leader().orElseThrow()
                      : "waits for replicas that are coming back"));
    }
    var question = List.of(new LogQuestion(id, entry.partitionEpoch()));
    var returning = returning(image, entry, question);
    var answers = answers(image, id, entry, question);
    return new Heard(image, id, topic, entry, answers, awaited(returning));
  }

  /**
   * Nodes that have registered anew and are not there yet may be so in a moment, or have died
   * since. Their processes know.
   */
  private SortedMap<NodeId, CompletableFuture<Boolean>> returning(
      ClusterImage image, PartitionImage entry, List<LogQuestion> question) {
    var asked = new TreeMap<NodeId, CompletableFuture<Boolean>>();
    entry.elr().keySet().stream()
        .flatMap(node -> image.node(node).stream())
        .filter(NodeImage::isStarting)
        .forEach(node ->
            asked.put(node.id(), logs.ask(node, question).handle(PartitionRecovery::isAlive)));
    return asked;
  }

  private static boolean isAlive(@Nullable Object answer, @Nullable Throwable fault) {
    return fault == null || ErrorStatus.says(fault, ErrorCode.NODE_STARTING);
  }

  private static SortedSet<NodeId> awaited(
      SortedMap<NodeId, CompletableFuture<Boolean>> returning) {
    var alive = new TreeSet<NodeId>();
    returning.forEach((node, answer) -> {
      if (Deadlines.await(answer, PartitionRecovery::explain)) {
        alive.add(node);
      }
    });
    return alive;
  }

  private SortedMap<NodeId, LogAnswer> answers(
      ClusterImage image, PartitionId id, PartitionImage entry, List<LogQuestion> question) {
    var asked = new ArrayList<CompletableFuture<Map<PartitionId, LogAnswer>>>();
    entry.replicaNodes().stream()
        .filter(image::isEligible)
        .flatMap(node -> image.node(node).stream())
        .forEach(node -> asked.add(logs.ask(node, question).exceptionally(_ -> Map.of())));
    var answers = new TreeMap<NodeId, LogAnswer>();
    for (var each : asked) {
      Optional.ofNullable(Deadlines.await(each, PartitionRecovery::explain).get(id))
          .ifPresent(answer -> answers.put(answer.node(), answer));
    }
    return answers;
  }

  private static Refused explain(Throwable fault) {
    return new Refused(ErrorCode.INTERNAL, "Expected answers of replicas, but: " + fault);
  }

  // ---- what is wanted

  /** Nothing is given up that is seconds away. */
  private static void checkNobodyReturns(Heard heard) {
    if (!heard.returning().isEmpty()) {
      throw refused(
          ErrorCode.NODE_STARTING,
          "partition",
          "Expected no replica of %s that holds everything to be coming back, but on node %s one is: wait for it; if it does not get there, stop it"
              .formatted(
                  heard.image().nameOf(heard.id()),
                  heard.returning().stream()
                      .map(NodeId::toString)
                      .collect(Collectors.joining(" and "))));
    }
  }

  private static Optional<LogAnswer> usable(Heard heard, int node) {
    if (node < 0 || heard.entry().replicaOn(new NodeId(node)).isEmpty()) {
      throw refused(
          ErrorCode.INELIGIBLE_REPLICA,
          "node",
          "Expected one of %s, but was node %d".formatted(heard.entry().replicaNodes(), node));
    }
    return heard.usable(new NodeId(node));
  }

  private static String none(Heard heard) {
    return "Expected a replica that is there, undamaged and on its disk, and was named if moves have added all such, but answered have %s"
        .formatted(heard.answers().values());
  }

  private static ShownLoss confirmed(RecoverPartitionRequest request) {
    ConfirmedLoss confirmed = request.getConfirmed();
    var range = confirmed.getLoss();
    if (!request.hasConfirmed() || confirmed.getEnd() < 0 || confirmed.getLastEpoch() < 0) {
      throw refused(
          ErrorCode.INVALID_REQUEST,
          "confirmed",
          "Expected the loss as it was shown, but it is missing or cannot be");
    }
    return new ShownLoss(
        new LogEnd(
            confirmed.hasLastEpoch()
                ? Optional.of(new LeaderEpoch(confirmed.getLastEpoch()))
                : Optional.empty(),
            confirmed.getEnd()),
        range.getFrom(),
        range.getTo(),
        range.getExact());
  }

  private static void checkConfirmation(DeclaredLoss loss, ShownLoss shown) {
    var now = ShownLoss.of(loss);
    if (!now.equals(shown)) {
      throw refused(
          ErrorCode.PARTITION_EPOCH_MISMATCH,
          "confirmed",
          "Expected the loss to be as it was shown, %s, but it is %s now: look again"
              .formatted(shown, now));
    }
  }

  // ---- what is answered

  private static RecoverPartitionResponse answer(
      Heard heard, Optional<LogAnswer> choice, Optional<DeclaredLoss> loss) {
    var response =
        RecoverPartitionResponse.newBuilder()
            .setPartitionEpoch(heard.entry().partitionEpoch().value());
    choice.ifPresent(chosen -> response.setLeader(chosen.node().value()));
    loss.ifPresent(declared -> response.setLoss(range(declared)));
    heard.entry().replicaNodes().forEach(node -> response.addCandidates(candidate(heard, node)));
    return response.build();
  }

  private static RecoveryCandidate candidate(Heard heard, NodeId node) {
    var candidate =
        RecoveryCandidate.newBuilder().setNode(node.value()).setSafe(heard.entry().involves(node));
    var answer = Optional.ofNullable(heard.answers().get(node));
    answer.ifPresent(found -> {
      found.log().lastEpoch().ifPresent(epoch -> candidate.setLastEpoch(epoch.value()));
      candidate
          .setEnd(found.log().end())
          .setDurableEnd(found.durableEnd())
          .setLogStart(found.logStart())
          .setHighWatermark(found.highWatermark());
    });
    heard
        .usable(node)
        .ifPresentOrElse(
            usable -> candidate.setLoss(range(heard.loss(usable))),
            () -> candidate.setWhyNot(whyNot(heard, node, answer)));
    return candidate.build();
  }

  private static String whyNot(Heard heard, NodeId node, Optional<LogAnswer> answer) {
    if (heard.returning().contains(node)) {
      return "it is coming back, and holds everything: wait for it";
    }
    if (!heard.image().isEligible(node)) {
      return "the node is "
          + heard.image().node(node).map(NodeImage::state).map(Enum::name).orElse("unknown");
    }
    return answer
        .map(found ->
            found.isDamaged()
                ? "its log is damaged"
                : "its log is on disk only up to " + found.durableEnd() + ", try again")
        .orElse("it gave no answer, try again");
  }

  private static LossRange range(DeclaredLoss loss) {
    return LossRange.newBuilder()
        .setFrom(loss.from())
        .setTo(loss.to())
        .setExact(loss.isExact())
        .build();
  }

  private static RuntimeException refused(ErrorCode code, String field, String reason) {
    return ErrorStatus.ofField(new Refused(code, reason), field);
  }
}
