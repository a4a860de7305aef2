package dev.naru.broker.rpc;

import dev.naru.metadata.command.AddPartitions;
import dev.naru.metadata.command.AlterTopicConfigs;
import dev.naru.metadata.command.CommandEnvelope;
import dev.naru.metadata.command.MetadataCommand;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.Outcome;
import dev.naru.metadata.image.TopicImage;
import dev.naru.metadata.log.Applied;
import dev.naru.metadata.machine.ConfigSubmission;
import dev.naru.metadata.machine.ConfigWarnings;
import dev.naru.metadata.machine.MetadataMachine;
import dev.naru.proto.admin.v1.AddPartitionsRequest;
import dev.naru.proto.admin.v1.AlterTopicConfigsRequest;
import dev.naru.proto.admin.v1.Topic;
import dev.naru.proto.admin.v1.Warning;
import dev.naru.types.ErrorCode;
import dev.naru.types.NodeId;
import dev.naru.types.Refused;
import java.util.Collection;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.pcollections.TreePSet;

/** Gives topics more partitions and other settings. */
final class TopicChanges {

  private final NodeId self;
  private final Supplier<ClusterSnapshot> cluster;
  private final Function<MetadataCommand, Applied> changes;
  private final RandomGenerator dice;
  private final Supplier<String> caller;

  /**
   * Makes changes by this function, which gives what this node has applied with them in it.
   *
   * @param caller who asks in the call under way
   */
  TopicChanges(
      NodeId self,
      Supplier<ClusterSnapshot> cluster,
      Function<MetadataCommand, Applied> changes,
      RandomGenerator dice,
      Supplier<String> caller) {
    this.self = self;
    this.cluster = cluster;
    this.changes = changes;
    this.dice = dice;
    this.caller = caller;
  }

  /**
   * The topic with its new partitions, or as it would be with them.
   *
   * @throws io.grpc.StatusRuntimeException if that is refused, or nothing is known of it in time
   */
  Topic add(AddPartitionsRequest request) {
    var now = cluster.get();
    var topic = NamedTopics.find(now.image(), request.getName());
    NamedTopics.requireEtag(topic, request.getEtag());
    var command = new AddPartitions(topic.id(), request.getPartitionCount(), dice.nextLong());
    var after = find(imageAfter(now, command, request.getValidateOnly()), topic);
    var encoded = TopicCodec.encode(after).toBuilder();
    keysMove(topic, after).ifPresent(encoded::addWarnings);
    return encoded.build();
  }

  /**
   * The topic with its new settings, or as it would be with them.
   *
   * @throws io.grpc.StatusRuntimeException if that is refused, or nothing is known of it in time
   */
  Topic alter(AlterTopicConfigsRequest request) {
    refuseTooMany(request.getSetList());
    refuseTooMany(request.getUnsetList());
    var now = cluster.get();
    var topic = NamedTopics.find(now.image(), request.getName());
    NamedTopics.requireEtag(topic, request.getEtag());
    var command =
        new AlterTopicConfigs(
            topic.id(),
            TopicCodec.configs(request.getSetList(), "set"),
            TreePSet.from(request.getUnsetList()),
            // Whoever names an etag has seen these, and nobody may have changed them in between.
            request.getEtag().isEmpty() ? Optional.empty() : Optional.of(topic.configs()),
            caller.get());
    ConfigSubmission.whyNot(now.image(), command)
        .ifPresent(why -> {
          throw ErrorStatus.of(why);
        });
    var after = imageAfter(now, command, request.getValidateOnly());
    var encoded = TopicCodec.encode(find(after, topic)).toBuilder();
    ConfigWarnings.ofChange(now.image(), after)
        .forEach(warning -> encoded.addWarnings(ConfigCodec.encode(warning)));
    return encoded.build();
  }

  private static void refuseTooMany(Collection<?> configs) {
    if (configs.size() > TopicCodec.CONFIGS_MAX) {
      throw ErrorStatus.of(
          new Refused(
              ErrorCode.LIMIT_EXCEEDED,
              "Expected at most %d configs, but were %d"
                  .formatted(TopicCodec.CONFIGS_MAX, configs.size())));
    }
  }

  private ClusterImage imageAfter(ClusterSnapshot now, MetadataCommand command, boolean isDryRun) {
    return isDryRun ? wouldBe(now, command) : changes.apply(command).image();
  }

  private static TopicImage find(ClusterImage after, TopicImage topic) {
    return after
        .topic(topic.id())
        .orElseThrow(() -> NamedTopics.notFound(topic.name())); // deleted in the meantime
  }

  /** By the same decision that the metadata log would make now. */
  private ClusterImage wouldBe(ClusterSnapshot now, MetadataCommand command) {
    var envelope = new CommandEnvelope(self, CommandEnvelope.UNREGISTERED, 0, 0, command);
    var transition = MetadataMachine.apply(now.image(), now.index() + 1, envelope);
    if (transition.outcome() instanceof Outcome.Refusal(_, var why)) {
      throw ErrorStatus.of(why);
    }
    return transition.image();
  }

  private static Optional<Warning> keysMove(TopicImage before, TopicImage after) {
    int more = after.partitions().size();
    if (more == before.partitions().size()) {
      return Optional.empty();
    }
    var message =
        "Records with a key may go to another partition of %s than those before, as there are %d instead of %d: the order of a key does not hold across the change"
            .formatted(before.name(), more, before.partitions().size());
    return Optional.of(
        Warning.newBuilder()
            .setCode("KEYS_MOVE")
            .setMessage(
                before.settings().cleanup().compacts()
                    ? message + ", and compaction keeps an older value in the former partition"
                    : message)
            .build());
  }
}
