package dev.naru.broker.rpc;

import com.google.protobuf.Timestamp;
import dev.naru.broker.coordinator.ShardInput.CommitAnswer;
import dev.naru.broker.coordinator.ShardInput.ResetAsked;
import dev.naru.broker.group.Committed;
import dev.naru.broker.group.GroupCommand.KnownTopics;
import dev.naru.broker.group.GroupCommand.Reset;
import dev.naru.broker.group.GroupImage;
import dev.naru.broker.group.GroupLimits;
import dev.naru.broker.group.GroupMachine;
import dev.naru.broker.rpc.LeaderOffsets.Found;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.TopicImage;
import dev.naru.proto.admin.v1.OffsetChange;
import dev.naru.proto.admin.v1.OffsetChoice;
import dev.naru.proto.admin.v1.OffsetReset;
import dev.naru.proto.admin.v1.ResetOffsetsRequest;
import dev.naru.proto.admin.v1.ResetOffsetsResponse;
import dev.naru.types.ErrorCode;
import dev.naru.types.PartitionId;
import dev.naru.types.Refused;
import dev.naru.types.TopicId;
import io.grpc.StatusRuntimeException;
import java.util.List;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.pcollections.TreePMap;
import org.pcollections.TreePSet;

/** Sets offsets of groups that are coordinated on this node. For threads that may wait. */
final class GroupResets {

  /** No record is older or younger, and milliseconds have room for it. */
  private static final long SECONDS_MAX = 9_999L * 366 * 86_400;

  private final Supplier<ClusterSnapshot> cluster;
  private final GroupMachine machine;
  private final LeaderOffsets leaders;
  private final ShardCalls shards;

  GroupResets(
      Supplier<ClusterSnapshot> cluster,
      GroupMachine machine,
      LeaderOffsets leaders,
      ShardCalls shards) {
    this.cluster = cluster;
    this.machine = machine;
    this.leaders = leaders;
    this.shards = shards;
  }

  /**
   * Sets them, or only says what they would be.
   *
   * @param before the group now, which may be one that nothing is known of
   * @throws StatusRuntimeException if the group has members, or a position cannot be; then nothing
   *     has changed
   */
  ResetOffsetsResponse reset(GroupImage before, ResetOffsetsRequest request) {
    var image = cluster.get().image();
    var wanted = wanted(image, request);
    refuseIfAny(machine, before, offsets(wanted, partition -> 0), image);
    var found = leaders.find(image, times(wanted));
    var offsets = offsets(wanted, partition -> position(image, partition, wanted, found));
    if (!request.getValidateOnly()) {
      commit(before.group(), offsets);
    }
    return response(image, before, offsets, found);
  }

  // ---- what is wanted

  /** Each partition once, by its position. */
  private static SortedMap<PartitionId, OffsetReset> wanted(
      ClusterImage image, ResetOffsetsRequest request) {
    if (request.getResetsCount() == 0) {
      throw NamedTopics.invalid("resets", "at least one", "none");
    }
    var wanted = new TreeMap<PartitionId, OffsetReset>();
    for (var reset : request.getResetsList()) {
      if (reset.getPositionCase() == OffsetReset.PositionCase.POSITION_NOT_SET) {
        throw NamedTopics.invalid("position", "earliest, latest, offset or time", "none of them");
      }
      var topic = NamedTopics.find(image, reset.getTopic());
      int first = reset.hasPartition() ? existing(topic, reset.getPartition()) : 0;
      int end = reset.hasPartition() ? first + 1 : topic.partitions().size();
      for (int number = first; number < end; number++) {
        if (wanted.put(new PartitionId(topic.id(), number), reset) != null) {
          throw NamedTopics.invalid("resets", "each partition once", topic.name() + "/" + number);
        }
      }
      refuseTooMany(wanted.size());
    }
    return wanted;
  }

  /**
   * Each partition that is meant, with the name of its topic.
   *
   * @throws StatusRuntimeException if there is none of that name or number, or they are too many
   */
  static TreePMap<PartitionId, String> chosen(ClusterImage image, List<OffsetChoice> choices) {
    if (choices.isEmpty()) {
      throw NamedTopics.invalid("offsets", "at least one", "none");
    }
    var chosen = new TreeMap<PartitionId, String>();
    for (var choice : choices) {
      var topic = NamedTopics.find(image, choice.getTopic());
      int first = choice.hasPartition() ? existing(topic, choice.getPartition()) : 0;
      int end = choice.hasPartition() ? first + 1 : topic.partitions().size();
      for (int number = first; number < end; number++) {
        chosen.put(new PartitionId(topic.id(), number), topic.name());
      }
      refuseTooMany(chosen.size());
    }
    return TreePMap.from(chosen);
  }

  private static int existing(TopicImage topic, int partition) {
    if (topic.partition(partition).isEmpty()) {
      throw ErrorStatus.ofField(
          new Refused(
              ErrorCode.PARTITION_NOT_FOUND,
              "Expected a partition of 0 to %d of %s, but was %d"
                  .formatted(topic.partitions().size() - 1, topic.name(), partition)),
          "partition");
    }
    return partition;
  }

  private static void refuseTooMany(int partitions) {
    if (partitions > GroupLimits.OFFSETS_MAX) {
      throw ErrorStatus.of(
          new Refused(
              ErrorCode.LIMIT_EXCEEDED,
              "Expected at most %d offsets, but were %d"
                  .formatted(GroupLimits.OFFSETS_MAX, partitions)));
    }
  }

  // ---- where that is

  private static SortedMap<PartitionId, OptionalLong> times(
      SortedMap<PartitionId, OffsetReset> wanted) {
    var times = new TreeMap<PartitionId, OptionalLong>();
    wanted.forEach((partition, reset) ->
        times.put(
            partition,
            reset.hasTime() ? OptionalLong.of(millis(reset.getTime())) : OptionalLong.empty()));
    return times;
  }

  private static long millis(Timestamp time) {
    if (Math.abs(time.getSeconds()) > SECONDS_MAX
        || time.getNanos() < 0
        || time.getNanos() >= 1_000_000_000) {
      throw NamedTopics.invalid(
          "time",
          "within 9999 years of 1970, and with less than a second of nanos",
          "%d s and %d ns".formatted(time.getSeconds(), time.getNanos()));
    }
    return time.getSeconds() * 1_000 + time.getNanos() / 1_000_000;
  }

  private static long position(
      ClusterImage image,
      PartitionId partition,
      SortedMap<PartitionId, OffsetReset> wanted,
      SortedMap<PartitionId, Found> found) {
    var reset = wanted.getOrDefault(partition, OffsetReset.getDefaultInstance());
    var log = found.getOrDefault(partition, new Found(0, 0, OptionalLong.empty()));
    return switch (reset.getPositionCase()) {
      case EARLIEST -> log.start();
      case LATEST, POSITION_NOT_SET -> log.end();
      case TIME -> log.atTime().orElse(log.end());
      case OFFSET -> bounded(image, partition, reset.getOffset(), log);
    };
  }

  private static long bounded(ClusterImage image, PartitionId partition, long offset, Found log) {
    if (offset < log.start() || offset > log.end()) {
      throw ErrorStatus.ofField(
          new Refused(
              ErrorCode.OFFSET_OUT_OF_RANGE,
              "Expected an offset of %d to %d in %s, but was %d"
                  .formatted(log.start(), log.end(), image.nameOf(partition), offset)),
          "offset");
    }
    return offset;
  }

  /** What {@link #offsets} asks of a partition. */
  @FunctionalInterface
  private interface Offset {
    long of(PartitionId partition);
  }

  /**
   * Without an epoch: a reader that begins there has read nothing before, so that there is nothing
   * to compare. The coordinator knows the time.
   */
  private static TreePMap<PartitionId, Committed> offsets(
      SortedMap<PartitionId, OffsetReset> wanted, Offset offset) {
    var offsets = TreePMap.<PartitionId, Committed>empty();
    for (var partition : wanted.keySet()) {
      offsets = offsets.plus(partition, Committed.at(offset.of(partition), 0));
    }
    return offsets;
  }

  // ---- the change

  /** By the same decision that the coordinator would make now: before leaders are asked. */
  private static void refuseIfAny(
      GroupMachine machine,
      GroupImage before,
      TreePMap<PartitionId, Committed> offsets,
      ClusterImage image) {
    var counts = TreePMap.<TopicId, Integer>empty();
    for (var partition : offsets.keySet()) {
      var topic = image.topic(partition.topic());
      if (topic.isPresent()) {
        counts = counts.plus(partition.topic(), topic.get().partitions().size());
      }
    }
    machine
        .whyNot(before, new Reset(offsets, new KnownTopics(counts, TreePSet.empty()), 0))
        .ifPresent(why -> {
          throw ErrorStatus.of(why);
        });
  }

  private void commit(String group, TreePMap<PartitionId, Committed> offsets) {
    CommitAnswer answer =
        shards.<CommitAnswer>ask(
            group, told -> new ResetAsked(group, offsets, told), CommitAnswer.NotKept::new);
    switch (answer) {
      case CommitAnswer.NotKept(var why) -> throw ErrorStatus.of(why);
      case CommitAnswer.Kept(var refused) ->
          refused.values().stream()
              .findFirst()
              .ifPresent(why -> {
                throw ErrorStatus.of(
                    new Refused(
                        why.code(),
                        "%s; the other offsets of %s are set".formatted(why.reason(), group)));
              });
    }
  }

  private static ResetOffsetsResponse response(
      ClusterImage image,
      GroupImage before,
      TreePMap<PartitionId, Committed> offsets,
      SortedMap<PartitionId, Found> found) {
    var response = ResetOffsetsResponse.newBuilder();
    for (var at : GroupViews.named(offsets.keySet(), image)) {
      var changed = OffsetChange.newBuilder();
      var now = offsets.get(at.id());
      var log = found.get(at.id());
      if (now != null && log != null) {
        changed.setNewOffset(now.offset()).setEnd(log.end());
      }
      before.committed(at.id()).ifPresent(old -> changed.setOldOffset(old.offset()));
      response.addChanges(
          changed.setTopic(TopicCodec.resourceName(at.topic())).setPartition(at.partition()));
    }
    return response.build();
  }
}
