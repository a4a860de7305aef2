package dev.naru.broker.rpc;

import dev.naru.broker.coordinator.GroupShard;
import dev.naru.broker.coordinator.ShardInput;
import dev.naru.broker.coordinator.ShardInput.CommitAnswer;
import dev.naru.broker.coordinator.ShardInput.DeleteAsked;
import dev.naru.broker.coordinator.ShardInput.DeleteOffsetsAsked;
import dev.naru.broker.coordinator.ShardInput.ImagesAnswer;
import dev.naru.broker.coordinator.ShardInput.ImagesAsked;
import dev.naru.broker.coordinator.ShardInput.RemoveAsked;
import dev.naru.broker.coordinator.ShardInput.ResetAsked;
import dev.naru.broker.coordinator.ShardInput.Which;
import dev.naru.broker.group.Cause;
import dev.naru.broker.group.Committed;
import dev.naru.broker.group.Decision;
import dev.naru.broker.group.GroupCommand;
import dev.naru.broker.group.GroupCommand.Delete;
import dev.naru.broker.group.GroupCommand.DeleteOffsets;
import dev.naru.broker.group.GroupCommand.Expire;
import dev.naru.broker.group.GroupCommand.Join;
import dev.naru.broker.group.GroupCommand.KnownTopics;
import dev.naru.broker.group.GroupCommand.Leave;
import dev.naru.broker.group.GroupCommand.Reset;
import dev.naru.broker.group.GroupCommand.Retarget;
import dev.naru.broker.group.GroupConfig;
import dev.naru.broker.group.GroupImage;
import dev.naru.broker.group.GroupMachine;
import dev.naru.broker.group.GroupProtocol;
import dev.naru.broker.group.GroupRules;
import dev.naru.broker.group.MemberId;
import dev.naru.broker.group.MemberProfile;
import dev.naru.broker.group.TopicSeen;
import dev.naru.broker.group.TopicsSeen;
import dev.naru.broker.partition.PartitionInput.TenantAsked;
import dev.naru.types.ErrorCode;
import dev.naru.types.PartitionId;
import dev.naru.types.Refused;
import dev.naru.types.TopicId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.pcollections.TreePMap;
import org.pcollections.TreePSet;

/**
 * Decides as the product does, agrees with itself at once, and coordinates partition 0 of the
 * groups' topic. Its groups read topic t, which has three partitions.
 */
final class FakeCoordinator {

  static final int PARTITIONS = 3;
  static final TopicId TOPIC = TopicId.of(1, 1);
  static final GroupMachine MACHINE = new GroupMachine(GroupConfig.DEFAULTS, GroupRules.PRODUCT);

  private static final TopicsSeen TOPICS =
      new TopicsSeen(1, TreePMap.singleton("t", TopicSeen.of(TOPIC, PARTITIONS, 0)));
  private static final KnownTopics KNOWN =
      new KnownTopics(TreePMap.singleton(TOPIC, PARTITIONS), TreePSet.empty());
  private static final long CREATED_MILLIS = 1_700_000_000_123L;

  private final TreeMap<String, GroupImage> groups = new TreeMap<>();
  private Optional<Refused> silent = Optional.empty();
  private int questions;

  static PartitionId partition(int number) {
    return new PartitionId(TOPIC, number);
  }

  static MemberId member(int number) {
    return MemberId.of(0, number);
  }

  // ---- what groups do

  FakeCoordinator join(String group, int member, String... instance) {
    var profile =
        new MemberProfile(
            Optional.of(instance).filter(given -> given.length > 0).map(given -> given[0]),
            Optional.empty(),
            Optional.empty(),
            "client-" + member,
            "10.0.0." + member,
            Duration.ofSeconds(10),
            Duration.ofSeconds(60));
    decide(
        group,
        new Join(
            member(member),
            0,
            1,
            GroupProtocol.NATIVE,
            profile,
            TreePSet.singleton("t"),
            TreePSet.empty(),
            List.of(),
            false,
            TOPICS,
            CREATED_MILLIS));
    return this;
  }

  FakeCoordinator share(String group) {
    decide(group, new Retarget(Cause.JOINED, TOPICS, Optional.empty()));
    return this;
  }

  FakeCoordinator leave(String group, int member, boolean stays) {
    decide(group, new Leave(member(member), stays, TOPICS, CREATED_MILLIS));
    return this;
  }

  /** Offsets of the first partitions; of a group without members. */
  FakeCoordinator commit(String group, long... offsets) {
    var all = TreePMap.<PartitionId, Committed>empty();
    for (int number = 0; number < offsets.length; number++) {
      all = all.plus(partition(number), Committed.at(offsets[number], CREATED_MILLIS));
    }
    decide(group, new Reset(all, KNOWN, CREATED_MILLIS));
    return this;
  }

  /** From now on nothing is told but this. */
  void silence(ErrorCode code) {
    silent = Optional.of(new Refused(code, "Expected to speak, but am silent"));
  }

  void speak() {
    silent = Optional.empty();
  }

  int questions() {
    return questions;
  }

  GroupImage image(String group) {
    return groups.getOrDefault(group, GroupImage.empty(group));
  }

  private Optional<Refused> decide(String group, GroupCommand command) {
    return switch (MACHINE.decide(image(group), command)) {
      case Decision.Refusal(var why) -> Optional.of(why);
      case Decision.Accepted accepted -> {
        var after = image(group);
        for (var event : accepted.events()) {
          after = GroupMachine.evolve(after, event);
        }
        groups.put(group, after);
        yield Optional.empty();
      }
    };
  }

  // ---- what is asked of it

  ShardCalls calls() {
    return new ShardCalls(
        group -> new ShardCalls.Place.Here(this::take),
        () -> new TreeMap<Integer, Predicate<TenantAsked>>(Map.of(0, this::take)),
        Duration.ofSeconds(10));
  }

  private boolean take(TenantAsked asked) {
    questions++;
    var input = (ShardInput) asked.input();
    silent.ifPresentOrElse(why -> GroupShard.refuse(input, why), () -> answer(input));
    return true;
  }

  private void answer(ShardInput input) {
    switch (input) {
      case ImagesAsked(var group, var answer) ->
          answer.accept(
              new ImagesAnswer.Found(
                  groups.values().stream()
                      .filter(GroupImage::exists)
                      .filter(image -> group.isEmpty() || image.group().equals(group.get()))
                      .toList()));
      case ResetAsked(var group, var offsets, var answer) ->
          decide(group, new Reset(offsets, KNOWN, CREATED_MILLIS))
              .ifPresentOrElse(
                  why -> answer.accept(new CommitAnswer.NotKept(why)),
                  () -> answer.accept(new CommitAnswer.Kept(TreePMap.empty())));
      case DeleteAsked(var group, var done) -> done.accept(decide(group, new Delete()));
      case DeleteOffsetsAsked(var group, var partitions, var done) ->
          done.accept(decide(group, new DeleteOffsets(partitions)));
      case RemoveAsked(var group, var which, var done) -> {
        var id = which instanceof Which.ById(var known) ? known : member(0);
        done.accept(decide(group, new Expire(id, Cause.ASKED, TOPICS, CREATED_MILLIS)));
      }
      default -> throw new AssertionError("Expected nothing like " + input);
    }
  }
}
