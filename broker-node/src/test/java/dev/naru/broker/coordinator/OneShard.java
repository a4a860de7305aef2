package dev.naru.broker.coordinator;

import dev.naru.broker.coordinator.ShardInput.CommitAnswer;
import dev.naru.broker.coordinator.ShardInput.CommitAsked;
import dev.naru.broker.coordinator.ShardInput.Commits;
import dev.naru.broker.coordinator.ShardInput.OffsetsAnswer;
import dev.naru.broker.coordinator.ShardInput.OffsetsAsked;
import dev.naru.broker.group.Committed;
import dev.naru.broker.group.GroupConfig;
import dev.naru.broker.group.GroupImage;
import dev.naru.broker.group.GroupMachine;
import dev.naru.broker.group.GroupRules;
import dev.naru.broker.group.TopicSeen;
import dev.naru.broker.group.TopicsSeen;
import dev.naru.broker.grouplog.GroupLogCodec;
import dev.naru.broker.partition.TenantInput;
import dev.naru.broker.partition.TenantLog;
import dev.naru.record.BatchBytes;
import dev.naru.types.PartitionId;
import dev.naru.types.Refused;
import dev.naru.types.TopicId;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.TreeSet;
import org.pcollections.TreePMap;

/** A shard under test: its log, its clock and all it hears of are the test's. */
final class OneShard implements GroupWork, Topics, ShardNotices {

  static final String GROUP = "app";
  static final Duration GRACE = Duration.ofSeconds(6);
  static final Duration RETENTION = Duration.ofDays(7);

  private static final Duration TICK = Duration.ofMillis(100);

  private final FakeTenantLog log;
  private final GroupLogFormat format = new GroupLogCodec();
  private final TreeMap<String, TopicSeen> topics = new TreeMap<>();
  private final TreeSet<TopicId> deleted = new TreeSet<>();
  private final List<String> notices = new ArrayList<>();

  /** What the shard has asked for beside the loop. */
  final ArrayDeque<Runnable> work = new ArrayDeque<>();

  private final GroupShard shard;
  private long index = 1;
  private int looks;
  private long nowNanos = 1_000_000_000L;
  private long nowMillis = 1_000_000L;
  private boolean isCurrent = true;

  /** One that serves already. */
  OneShard() {
    this(new FakeTenantLog(), Duration.ZERO);
    commit();
  }

  OneShard(FakeTenantLog log) {
    this(log, Duration.ZERO);
  }

  OneShard(FakeTenantLog log, Duration leaveDelay) {
    this(log, leaveDelay, GRACE);
  }

  OneShard(FakeTenantLog log, Duration leaveDelay, Duration grace) {
    this.log = log;
    var config = new ShardConfig(GroupConfig.DEFAULTS, grace, leaveDelay);
    var ports =
        new ShardPorts(format, this, this, () -> isCurrent, this, () -> nowMillis, () -> nowMillis);
    shard =
        GroupShard.begin(
            log,
            new GroupMachine(GroupConfig.DEFAULTS, GroupRules.PRODUCT),
            config,
            ports,
            nowNanos);
  }

  GroupShard shard() {
    return shard;
  }

  FakeTenantLog log() {
    return log;
  }

  List<String> notices() {
    return notices;
  }

  FakeMember member(int id) {
    return new FakeMember(this, id);
  }

  /** The same member on another stream. */
  FakeMember member(int id, FakeMember before) {
    return new FakeMember(this, id).after(before);
  }

  OneShard topic(String name, int partitions) {
    topics.put(name, TopicSeen.of(topicId(name), partitions, nowMillis));
    index++;
    return this;
  }

  OneShard delete(String name) {
    topics.remove(name);
    deleted.add(topicId(name));
    index++;
    return this;
  }

  static TopicId topicId(String name) {
    return TopicId.of(1, name.charAt(0));
  }

  static PartitionId partition(String topic, int number) {
    return new PartitionId(topicId(topic), number);
  }

  void isCurrent(boolean isOn) {
    isCurrent = isOn;
  }

  // ---- what happens

  void take(TenantInput input) {
    shard.take(input);
  }

  /** A turn is over, and all that was written by then is committed. */
  void commit() {
    shard.settle();
    shard.committed(log.end());
  }

  void commit(long highWatermark) {
    shard.committed(highWatermark);
  }

  /** Time passes, tick by tick; nothing is committed meanwhile. */
  void pass(Duration time) {
    for (long left = time.toMillis(); left > 0; left -= TICK.toMillis()) {
      tick(TICK);
    }
  }

  /** Time passes, and everything is committed at once. */
  void passCommitting(Duration time) {
    for (long left = time.toMillis(); left > 0; left -= TICK.toMillis()) {
      tick(TICK);
      commit();
    }
  }

  /** One tick that comes after so long. */
  void tick(Duration time) {
    nowNanos += time.toNanos();
    nowMillis += time.toMillis();
    shard.tick(nowNanos);
    shard.settle();
  }

  /** The wall clock alone goes on. */
  void passWall(Duration time) {
    nowMillis += time.toMillis();
  }

  /** Members that have joined get what is theirs. */
  void share() {
    passCommitting(Duration.ofMillis(400));
  }

  void doWork() {
    while (!work.isEmpty()) {
      work.remove().run();
    }
  }

  // ---- calls

  List<CommitAnswer> commitOffset(FakeMember member, int epoch, PartitionId partition, long at) {
    return commitOffset(
        new Commits(
            GROUP,
            Optional.of(member.id()),
            epoch,
            TreePMap.<PartitionId, Committed>empty().plus(partition, Committed.at(at, nowMillis))));
  }

  List<CommitAnswer> commitOffset(PartitionId partition, long at) {
    return commitOffset(
        new Commits(
            GROUP,
            Optional.empty(),
            0,
            TreePMap.<PartitionId, Committed>empty().plus(partition, Committed.at(at, nowMillis))));
  }

  private List<CommitAnswer> commitOffset(Commits commits) {
    var answers = new ArrayList<CommitAnswer>();
    take(new CommitAsked(commits, answers::add));
    return answers;
  }

  /** Empty until it is answered. */
  List<OffsetsAnswer> askOffsets() {
    var answers = new ArrayList<OffsetsAnswer>();
    take(new OffsetsAsked(GROUP, Optional.empty(), answers::add));
    return answers;
  }

  /** What is committed, with all that is needed to know it. */
  TreePMap<PartitionId, Committed> offsets() {
    var answers = askOffsets();
    commit();
    return switch (answers.getFirst()) {
      case OffsetsAnswer.Found(var found) -> found;
      case OffsetsAnswer.Unknown(var why) -> throw new AssertionError(why.toString());
    };
  }

  /** What is in the log, less the records that say nothing. */
  List<GroupChange> written() {
    return log.batches().stream()
        .flatMap(batch -> GroupLogPage.read(batch, format).stream())
        .toList();
  }

  // ---- ports

  @Override
  public void read(TenantLog asked, long from) {
    work.add(() -> take(page(from)));
  }

  private ShardInput page(long from) {
    long at = 0;
    for (BatchBytes batch : log.batches()) {
      long next = at + batch.header().recordCount();
      if (at >= from) {
        try {
          return new ShardInput.PageRead(from, next, GroupLogPage.read(batch, format));
        } catch (UnreadableGroupException unreadable) {
          return new ShardInput.PageUnreadable(unreadable.why());
        }
      }
      at = next;
    }
    throw new AssertionError("Expected a batch at " + from);
  }

  @Override
  public void compute(TenantLog asked, GroupImage image, TopicsSeen seen) {
    work.add(() ->
        take(
            new ShardInput.TargetComputed(
                image.group(),
                GroupMachine.target(image, seen),
                image.header().orElseThrow().interestEpoch(),
                seen)));
  }

  @Override
  public long index() {
    return index;
  }

  /** How often the topics of some names were looked up. */
  int looks() {
    return looks;
  }

  @Override
  public TopicsSeen seen(Collection<String> names) {
    looks++;
    var seen = TreePMap.<String, TopicSeen>empty();
    for (var name : names) {
      var topic = topics.get(name);
      if (topic != null) {
        seen = seen.plus(name, topic);
      }
    }
    return new TopicsSeen(index, seen);
  }

  @Override
  public Optional<String> nameOf(TopicId topic) {
    return topics.entrySet().stream()
        .filter(entry -> entry.getValue().id().equals(topic))
        .map(entry -> entry.getKey())
        .findFirst();
  }

  @Override
  public OptionalInt partitionsOf(TopicId topic) {
    return topics.values().stream()
        .filter(one -> one.id().equals(topic))
        .mapToInt(TopicSeen::partitions)
        .findFirst();
  }

  @Override
  public boolean isDeleted(TopicId topic) {
    return deleted.contains(topic);
  }

  @Override
  public void loaded(PartitionId partition, int groups, int keys) {
    notices.add("loaded " + groups + " " + keys);
  }

  @Override
  public void unreadable(PartitionId partition, Refused why) {
    notices.add("unreadable " + why.code());
  }

  @Override
  public void ended(PartitionId partition) {
    notices.add("ended");
  }

  @Override
  public void rebalanced(String group, int epoch, String cause, int moved) {
    notices.add("rebalanced " + cause + " " + moved);
  }

  @Override
  public void memberGone(String group, String member, String cause) {
    notices.add("gone " + cause);
  }
}
