package dev.naru.broker.rpc;

import dev.naru.metadata.command.CommandEnvelope;
import dev.naru.metadata.command.ElectLeaders;
import dev.naru.metadata.command.ElectionKind;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.NodeImage;
import dev.naru.metadata.image.PartitionImage;
import dev.naru.metadata.log.Applied;
import dev.naru.metadata.machine.MetadataMachine;
import dev.naru.proto.admin.v1.ElectLeadersRequest;
import dev.naru.proto.admin.v1.ElectLeadersResponse;
import dev.naru.proto.admin.v1.ElectedLeader;
import dev.naru.proto.admin.v1.PartitionName;
import dev.naru.types.ErrorCode;
import dev.naru.types.NodeId;
import dev.naru.types.PartitionId;
import dev.naru.types.Refused;
import io.grpc.protobuf.StatusProto;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** Lets the preferred leaders of partitions lead where they are in sync. */
public final class PreferredLeaders {

  private static final int PARTITIONS_MAX = 1_000;

  private final NodeId self;
  private final Supplier<ClusterSnapshot> cluster;
  private final Function<ElectLeaders, Applied> change;

  /** Changes that go this way. */
  public PreferredLeaders(NodeId self, Supplier<ClusterSnapshot> cluster, MetadataChanges changes) {
    this(self, cluster, changes::make);
  }

  PreferredLeaders(
      NodeId self, Supplier<ClusterSnapshot> cluster, Function<ElectLeaders, Applied> change) {
    this.self = self;
    this.cluster = cluster;
    this.change = change;
  }

  ElectLeadersResponse elect(ElectLeadersRequest request) {
    if (request.getPartitionsCount() > PARTITIONS_MAX) {
      throw ErrorStatus.of(
          new Refused(
              ErrorCode.LIMIT_EXCEEDED,
              "Expected at most %d partitions, but were %d"
                  .formatted(PARTITIONS_MAX, request.getPartitionsCount())));
    }
    var before = cluster.get();
    var asked = new LinkedHashMap<PartitionName, Optional<PartitionId>>();
    request.getPartitionsList().forEach(each -> asked.put(each, find(before.image(), each)));
    var command =
        new ElectLeaders(
            asked.values().stream().flatMap(Optional::stream).toList(), ElectionKind.PREFERRED);
    if (command.partitions().isEmpty()) {
      return answer(before.image(), before.image(), asked);
    }
    var after =
        request.getValidateOnly() ? wouldBe(before, command) : change.apply(command).image();
    return answer(before.image(), after, asked);
  }

  /** By the same decision that the metadata log would make now. */
  private ClusterImage wouldBe(ClusterSnapshot now, ElectLeaders command) {
    var envelope = new CommandEnvelope(self, CommandEnvelope.UNREGISTERED, 0, 0, command);
    return MetadataMachine.apply(now.image(), now.index() + 1, envelope).image();
  }

  private static Optional<PartitionId> find(ClusterImage image, PartitionName asked) {
    return asked.getPartition() < 0
        ? Optional.empty()
        : TopicCodec.topicOf(asked.getTopic())
            .flatMap(image::topicNamed)
            .map(topic -> new PartitionId(topic.id(), asked.getPartition()))
            .filter(id -> image.partition(id).isPresent());
  }

  private static ElectLeadersResponse answer(
      ClusterImage before, ClusterImage after, Map<PartitionName, Optional<PartitionId>> asked) {
    var response = ElectLeadersResponse.newBuilder();
    asked.forEach((name, id) ->
        response.addResults(
            id.flatMap(after::partition)
                .map(entry -> elected(after, id.flatMap(before::partition), entry))
                .orElseGet(() -> unknown(after, name))));
    return response.build();
  }

  private static ElectedLeader elected(
      ClusterImage image, Optional<PartitionImage> before, PartitionImage entry) {
    var result = ElectedLeader.newBuilder();
    entry.leader().ifPresent(leader -> result.setLeader(leader.value()));
    before.flatMap(PartitionImage::leader).ifPresent(old -> result.setOldLeader(old.value()));
    var preferred = entry.replicaNodes().getFirst();
    if (!entry.isLedBy(preferred)) {
      result.setError(StatusProto.fromThrowable(ErrorStatus.of(whyNot(image, entry, preferred))));
    }
    return result.build();
  }

  private static Refused whyNot(ClusterImage image, PartitionImage entry, NodeId preferred) {
    return new Refused(
        ErrorCode.INELIGIBLE_REPLICA,
        "Expected node %s, the preferred leader, to serve, to be in sync and not to be drained, but it is %s, and in sync are %s"
            .formatted(
                preferred,
                image.node(preferred).map(PreferredLeaders::inWords).orElse("unknown"),
                entry.isr()));
  }

  private static String inWords(NodeImage node) {
    return switch (node.intent()) {
      case NONE -> node.state().name();
      case DRAIN -> node.state() + ", drained";
      case REMOVE -> node.state() + ", being decommissioned";
    };
  }

  private static ElectedLeader unknown(ClusterImage image, PartitionName asked) {
    boolean isTopic = TopicCodec.topicOf(asked.getTopic()).flatMap(image::topicNamed).isPresent();
    var why =
        new Refused(
            isTopic ? ErrorCode.PARTITION_NOT_FOUND : ErrorCode.TOPIC_NOT_FOUND,
            "Expected an existing partition, but was partition %d of %s"
                .formatted(asked.getPartition(), asked.getTopic()));
    return ElectedLeader.newBuilder()
        .setError(StatusProto.fromThrowable(ErrorStatus.of(why)))
        .build();
  }
}
