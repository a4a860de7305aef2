package dev.naru.broker.rpc;

import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.TopicImage;
import dev.naru.proto.admin.v1.PartitionPlacement;
import dev.naru.types.ErrorCode;
import dev.naru.types.Refused;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Refuses placements that were planned for what is no more. It is asked before the command is
 * submitted, and what changes in the moment between is judged by the metadata log's own rules: they
 * refuse a partition that moves already, and a node that no longer serves.
 */
final class PlanAge {

  /** Named in the refusal; it says how many there are beyond. */
  private static final int NAMED_MAX = 5;

  private PlanAge() {}

  /**
   * Looks at those that say what they were planned for.
   *
   * @throws io.grpc.StatusRuntimeException PARTITION_EPOCH_MISMATCH, and what is different now
   */
  static void refuse(ClusterImage image, List<PartitionPlacement> placements) {
    var changed = new ArrayList<String>();
    for (var placement : placements) {
      difference(image, placement).ifPresent(changed::add);
    }
    if (!changed.isEmpty()) {
      var some = changed.subList(0, Math.min(NAMED_MAX, changed.size()));
      int more = changed.size() - some.size();
      throw ErrorStatus.of(
          new Refused(
              ErrorCode.PARTITION_EPOCH_MISMATCH,
              "Expected partitions as they were when the plan was made, but %s%s; make a new plan"
                  .formatted(
                      String.join("; ", some), more > 0 ? "; and %d more".formatted(more) : "")));
    }
  }

  private static Optional<String> difference(ClusterImage image, PartitionPlacement placement) {
    var topic = TopicCodec.topicOf(placement.getTopic()).flatMap(image::topicNamed);
    if (topic.isEmpty() || placement.getPartition() < 0) {
      return Optional.empty(); // refused for that, plan or not
    }
    if (!placement.getTopicUid().isEmpty()
        && !placement.getTopicUid().equals(topic.get().id().toString())) {
      return Optional.of(
          "topic %s is another one of this name, %s instead of %s"
              .formatted(topic.get().name(), topic.get().id(), placement.getTopicUid()));
    }
    return placement.hasPartitionEpoch() ? difference(topic.get(), placement) : Optional.empty();
  }

  private static Optional<String> difference(TopicImage topic, PartitionPlacement placement) {
    return topic
        .partition(placement.getPartition())
        .filter(entry -> entry.partitionEpoch().value() != placement.getPartitionEpoch())
        .map(entry ->
            "%s/%d has partition epoch %s instead of %d: replicas %s, leader %s, in sync %s"
                .formatted(
                    topic.name(),
                    placement.getPartition(),
                    entry.partitionEpoch().value(),
                    placement.getPartitionEpoch(),
                    entry.replicaNodes(),
                    entry.leader().map(Object::toString).orElse("none"),
                    entry.isr()));
  }
}
