package dev.naru.kafka.clients.admin;

import dev.naru.client.GroupProtocol;
import dev.naru.client.NaruException;
import dev.naru.client.Position;
import dev.naru.client.admin.Admin;
import dev.naru.client.admin.GroupDescription;
import dev.naru.client.admin.GroupListing;
import dev.naru.client.admin.GroupOffset;
import dev.naru.client.admin.GroupSummary;
import dev.naru.kafka.clients.Translation;
import dev.naru.kafka.clients.consumer.OffsetAndMetadata;
import dev.naru.kafka.common.GroupState;
import dev.naru.kafka.common.GroupType;
import dev.naru.kafka.common.KafkaException;
import dev.naru.kafka.common.KafkaFuture;
import dev.naru.kafka.common.Node;
import dev.naru.kafka.common.TopicPartition;
import dev.naru.kafka.common.errors.GroupSubscribedToTopicException;
import dev.naru.kafka.common.errors.InvalidRequestException;
import dev.naru.types.ErrorCode;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Lists, describes, changes and deletes groups and their offsets, by Kafka's names. */
final class GroupRequests {

  private final Admin admin;

  GroupRequests(Admin admin) {
    this.admin = admin;
  }

  ListConsumerGroupsResult list() {
    return new ListConsumerGroupsResult(
        Answers.translated(admin.listGroups(), GroupRequests::found));
  }

  private static ListConsumerGroupsResult.Found found(GroupListing listing) {
    return new ListConsumerGroupsResult.Found(
        listing.groups().stream().map(GroupRequests::listing).toList(),
        listing.warnings().stream()
            .<Throwable>map(
                warning -> new KafkaException(warning.code() + ": " + warning.message()))
            .toList());
  }

  private static ConsumerGroupListing listing(GroupSummary group) {
    return new ConsumerGroupListing(group.group(), stateOf(group), typeOf(group));
  }

  private static GroupType typeOf(GroupSummary group) {
    return group.protocol() == GroupProtocol.CLASSIC ? GroupType.CLASSIC : GroupType.CONSUMER;
  }

  private static GroupState stateOf(GroupSummary group) {
    return switch (group.state()) {
      case EMPTY -> GroupState.EMPTY;
      case STABLE -> GroupState.STABLE;
      case REBALANCING ->
          typeOf(group) == GroupType.CLASSIC
              ? GroupState.PREPARING_REBALANCE
              : GroupState.RECONCILING;
    };
  }

  DescribeConsumerGroupsResult describe(Collection<String> groups) {
    var nodes = admin.listNodes().thenApply(Translation::byId);
    var futures = new HashMap<String, CompletableFuture<ConsumerGroupDescription>>();
    for (var group : groups) {
      futures.put(
          group,
          Answers.translated(
              admin.describeGroup(group).thenCombine(nodes, GroupRequests::described),
              Function.identity()));
    }
    return new DescribeConsumerGroupsResult(futures);
  }

  private static ConsumerGroupDescription described(
      GroupDescription group, Map<Integer, Node> nodes) {
    var summary = group.summary();
    return new ConsumerGroupDescription(
        group.group(),
        group.members().stream().map(GroupRequests::member).toList(),
        summary.assignor(),
        typeOf(summary),
        stateOf(summary),
        Translation.node(summary.coordinator(), nodes),
        summary.epoch());
  }

  private static MemberDescription member(dev.naru.client.admin.MemberDescription member) {
    return new MemberDescription(
        member.id().toString(),
        member.instance(),
        member.clientId(),
        member.host(),
        new MemberAssignment(Translation.kafka(member.partitions())),
        member.epoch());
  }

  /** Of a group that there is not, none, as Kafka has it. */
  CompletableFuture<Map<TopicPartition, @Nullable OffsetAndMetadata>> offsets(
      String group, ListConsumerGroupOffsetsSpec wanted) {
    var offsets =
        admin
            .describeGroup(group)
            .thenApply(GroupDescription::offsets)
            .exceptionallyCompose(failure ->
                isOfNoGroup(failure)
                    ? CompletableFuture.completedFuture(List.<GroupOffset>of())
                    : CompletableFuture.failedFuture(failure));
    return Answers.translated(offsets, found -> chosen(found, wanted.topicPartitions()));
  }

  private static boolean isOfNoGroup(Throwable failure) {
    return Answers.causeOf(failure) instanceof NaruException known
        && known.code() == ErrorCode.GROUP_NOT_FOUND;
  }

  private static Map<TopicPartition, @Nullable OffsetAndMetadata> chosen(
      List<GroupOffset> offsets, @Nullable Collection<TopicPartition> wanted) {
    var found = new HashMap<TopicPartition, @Nullable OffsetAndMetadata>();
    offsets.forEach(offset -> found.put(Translation.kafka(offset.partition()), place(offset)));
    if (wanted == null) {
      return found;
    }
    var chosen = new HashMap<TopicPartition, @Nullable OffsetAndMetadata>();
    wanted.forEach(partition -> chosen.put(partition, found.get(partition)));
    return chosen;
  }

  private static OffsetAndMetadata place(GroupOffset offset) {
    var epoch = offset.leaderEpoch();
    return new OffsetAndMetadata(
        offset.committed(),
        epoch.isPresent() ? Optional.of(epoch.getAsInt()) : Optional.empty(),
        offset.metadata());
  }

  AlterConsumerGroupOffsetsResult alter(
      String group, Map<TopicPartition, OffsetAndMetadata> offsets) {
    var to = new HashMap<dev.naru.client.TopicPartition, Position>();
    for (var offset : offsets.entrySet()) {
      var place = offset.getValue();
      if (!place.metadata().isEmpty()) {
        return new AlterConsumerGroupOffsetsResult(
            offsets.keySet(), Answers.failed(noRoomFor(offset.getKey(), place)));
      }
      to.put(Translation.naru(offset.getKey()), Position.offset(place.offset()));
    }
    return new AlterConsumerGroupOffsetsResult(
        offsets.keySet(), Answers.done(admin.resetOffsets(group, to)));
  }

  private static InvalidRequestException noRoomFor(
      TopicPartition partition, OffsetAndMetadata place) {
    return new InvalidRequestException(
        "Expected positions without metadata, which only a consumer commits, but "
            + partition
            + " has '"
            + place.metadata()
            + "'");
  }

  DeleteConsumerGroupOffsetsResult deleteOffsets(String group, Set<TopicPartition> partitions) {
    var deleted =
        admin
            .deleteOffsets(group, partitions.stream().map(Translation::naru).toList())
            .exceptionallyCompose(
                failure -> CompletableFuture.failedFuture(ofDeletedOffsets(failure)));
    return new DeleteConsumerGroupOffsetsResult(partitions, Answers.done(deleted));
  }

  /** Who has members is not the question with Kafka, but what they read. */
  private static Throwable ofDeletedOffsets(Throwable failure) {
    return Answers.causeOf(failure) instanceof NaruException known
            && known.code() == ErrorCode.GROUP_NOT_EMPTY
        ? new GroupSubscribedToTopicException(String.valueOf(known.getMessage()), known)
        : failure;
  }

  RemoveMembersFromConsumerGroupResult remove(
      String group, RemoveMembersFromConsumerGroupOptions options) {
    if (options.removeAll()) {
      return new RemoveMembersFromConsumerGroupResult(Map.of(), Answers.done(removedAll(group)));
    }
    var futures = new HashMap<MemberToRemove, KafkaFuture<@Nullable Void>>();
    for (var member : options.members()) {
      futures.put(member, Answers.done(admin.removeMember(group, member.groupInstanceId())));
    }
    return new RemoveMembersFromConsumerGroupResult(
        futures, KafkaFuture.allOf(futures.values().toArray(new KafkaFuture<?>[0])));
  }

  private CompletableFuture<?> removedAll(String group) {
    return admin
        .describeGroup(group)
        .thenCompose(described ->
            CompletableFuture.allOf(
                described.members().stream()
                    .map(member -> admin.removeMember(group, member.id()))
                    .toArray(CompletableFuture<?>[]::new)));
  }

  DeleteConsumerGroupsResult delete(Collection<String> groups) {
    var futures = new HashMap<String, KafkaFuture<@Nullable Void>>();
    groups.forEach(group -> futures.put(group, Answers.done(admin.deleteGroup(group))));
    return new DeleteConsumerGroupsResult(futures);
  }
}
