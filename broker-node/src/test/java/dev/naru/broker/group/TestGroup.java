package dev.naru.broker.group;

import dev.naru.broker.group.Decision.Accepted;
import dev.naru.broker.group.Decision.Refusal;
import dev.naru.broker.group.GroupCommand.CloseRound;
import dev.naru.broker.group.GroupCommand.Commit;
import dev.naru.broker.group.GroupCommand.Computed;
import dev.naru.broker.group.GroupCommand.Expire;
import dev.naru.broker.group.GroupCommand.Holding;
import dev.naru.broker.group.GroupCommand.KnownTopics;
import dev.naru.broker.group.GroupCommand.Leave;
import dev.naru.broker.group.GroupCommand.Retarget;
import dev.naru.broker.group.GroupCommand.Subscribe;
import dev.naru.types.ErrorCode;
import dev.naru.types.PartitionId;
import dev.naru.types.TopicId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.pcollections.TreePMap;
import org.pcollections.TreePSet;

/**
 * A group under test, with the topics it can see. Members have numbers, topics are called by one
 * letter; the time is the test's.
 */
final class TestGroup {

  private final GroupMachine machine;
  private final List<GroupEvent> log = new ArrayList<>();
  private GroupImage image = GroupImage.empty("app");
  private TopicsSeen topics = TopicsSeen.NONE;
  private long nowMillis = 1_000;
  private int attempts;

  TestGroup() {
    this(GroupRules.PRODUCT);
  }

  TestGroup(GroupRules rules) {
    machine = new GroupMachine(GroupConfig.DEFAULTS, rules);
  }

  static MemberId id(int member) {
    return MemberId.of(0, member);
  }

  static TopicId topicId(String name) {
    return TopicId.of(1, name.charAt(0));
  }

  /** Partition {@code a3} is number 3 of topic a. */
  static PartitionId partition(String text) {
    return new PartitionId(topicId(text), Integer.parseInt(text.substring(1)));
  }

  static TreePSet<PartitionId> partitions(String... texts) {
    return TreePSet.from(Stream.of(texts).map(TestGroup::partition).toList());
  }

  static PartitionId[] array(String... texts) {
    return Stream.of(texts).map(TestGroup::partition).toArray(PartitionId[]::new);
  }

  /** The other way round: what people write of these. */
  static List<String> texts(Iterable<PartitionId> partitions) {
    var texts = new ArrayList<String>();
    partitions.forEach(
        partition -> texts.add((char) partition.topic().low() + "" + partition.partition()));
    return texts;
  }

  /** The topic has so many partitions from now on. */
  TestGroup topic(String name, int partitions) {
    return topic(name, TopicSeen.of(topicId(name), partitions, nowMillis));
  }

  TestGroup topic(String name, TopicSeen topic) {
    topics = new TopicsSeen(topics.imageIndex() + 1, topics.topics().plus(name, topic));
    return this;
  }

  /** As another node sees the topics. */
  TestGroup seeing(TopicsSeen others) {
    topics = others;
    return this;
  }

  TestGroup withoutTopic(String name) {
    topics = new TopicsSeen(topics.imageIndex() + 1, topics.topics().minus(name));
    return this;
  }

  GroupImage image() {
    return image;
  }

  TopicsSeen topics() {
    return topics;
  }

  List<GroupEvent> log() {
    return log;
  }

  long nowMillis() {
    return nowMillis;
  }

  void pass(long millis) {
    nowMillis += millis;
  }

  Decision decide(GroupCommand command) {
    return machine.decide(image, command);
  }

  /** Decides, and evolves if that is accepted. */
  Decision submit(GroupCommand command) {
    var decision = decide(command);
    if (decision instanceof Accepted accepted) {
      for (var event : accepted.events()) {
        log.add(event);
        image = GroupMachine.evolve(image, event);
      }
    }
    return decision;
  }

  /** Submits, and fails the test if that is refused. */
  Accepted accept(GroupCommand command) {
    return switch (submit(command)) {
      case Accepted accepted -> accepted;
      case Refusal refusal ->
          throw new AssertionError("Expected " + command + " to be accepted: " + refusal);
    };
  }

  /** Submits, and fails the test if that is accepted. */
  ErrorCode refusal(GroupCommand command) {
    return switch (submit(command)) {
      case Accepted accepted ->
          throw new AssertionError("Expected " + command + " to be refused: " + accepted);
      case Refusal(var why) -> why.code();
    };
  }

  Joining joining(int member, String... names) {
    return sent(Joining.of(id(member), names));
  }

  private Joining sent(Joining joining) {
    return joining.attempt() == 0 ? joining.attempt(++attempts) : joining;
  }

  Accepted accept(Joining joining) {
    return accept(sent(joining).command(topics, nowMillis));
  }

  ErrorCode refusal(Joining joining) {
    return refusal(sent(joining).command(topics, nowMillis));
  }

  /** These join topic a, share it, and do as they are told until nothing moves. */
  TestGroup settledWith(int... members) {
    IntStream.of(members).forEach(member -> accept(joining(member, "a")));
    retarget();
    return settle();
  }

  /** All members do as they are told until nothing moves. */
  TestGroup settle() {
    for (int i = 0; i < 10; i++) {
      for (var member : image.members().values()) {
        if (!member.isAway()) {
          accept(new Holding(member.id(), member.epoch(), member.allowed()));
        }
      }
    }
    return this;
  }

  Accepted retarget() {
    return accept(new Retarget(Cause.JOINED, topics, Optional.empty()));
  }

  /** A target for the group as it was then, and the topics as they were. */
  Retarget computed(GroupImage from, TopicsSeen of) {
    var target = GroupMachine.target(from, of);
    int basedOn = from.header().orElseThrow().interestEpoch();
    return new Retarget(Cause.JOINED, topics, Optional.of(new Computed(target, basedOn, of)));
  }

  /** A target that was computed is told while the topics are as they are now. */
  Retarget arriving(Retarget slow) {
    return new Retarget(slow.cause(), topics, slow.computed());
  }

  /** Time is up for the round there is. */
  CloseRound closeRound() {
    var header = image.header().orElseThrow();
    return new CloseRound(header.epoch(), header.round().phase(), topics, nowMillis);
  }

  Accepted holding(int member, int epoch, String... partitions) {
    return accept(new Holding(id(member), epoch, partitions(partitions)));
  }

  Subscribe subscribe(int member, String... names) {
    return new Subscribe(id(member), TreePSet.from(List.of(names)), topics);
  }

  Leave leave(int member) {
    return new Leave(id(member), false, topics, nowMillis);
  }

  Leave goAway(int member) {
    return new Leave(id(member), true, topics, nowMillis);
  }

  Expire expire(int member) {
    return new Expire(id(member), Cause.SESSION_TIMEOUT, topics, nowMillis);
  }

  Commit commit(int member, int epoch, String partition, long offset) {
    return commit(Optional.of(id(member)), epoch, partition, offset);
  }

  Commit commit(Optional<MemberId> member, int epoch, String partition, long offset) {
    return new Commit(
        member,
        epoch,
        TreePMap.singleton(partition(partition), Committed.at(offset, nowMillis)),
        knownTopics(),
        nowMillis);
  }

  /** All topics that exist; none was deleted. */
  KnownTopics knownTopics() {
    var partitions = TreePMap.<TopicId, Integer>empty();
    for (var topic : topics.topics().values()) {
      partitions = partitions.plus(topic.id(), topic.partitions());
    }
    return new KnownTopics(partitions, TreePSet.empty());
  }

  Member member(int member) {
    return image.member(id(member)).orElseThrow();
  }

  int epoch(int member) {
    return member(member).epoch();
  }

  List<String> allowed(int member) {
    return texts(member(member).allowed());
  }

  List<String> held(int member) {
    return texts(member(member).held().keySet());
  }

  List<String> target(int member) {
    return texts(member(member).target());
  }

  Hold hold(int member, String partition) {
    return member(member).hold(partition(partition)).orElseThrow();
  }
}
