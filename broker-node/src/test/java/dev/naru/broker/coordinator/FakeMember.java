package dev.naru.broker.coordinator;

import dev.naru.broker.coordinator.ShardInput.Attends;
import dev.naru.broker.coordinator.ShardInput.Says;
import dev.naru.broker.coordinator.ShardInput.StreamEnded;
import dev.naru.broker.coordinator.ToMember.Assignment;
import dev.naru.broker.group.ClassicOffer;
import dev.naru.broker.group.Grant;
import dev.naru.broker.group.GroupProtocol;
import dev.naru.broker.group.MemberId;
import dev.naru.broker.group.MemberProfile;
import dev.naru.broker.group.Opaque;
import dev.naru.types.ErrorCode;
import dev.naru.types.PartitionId;
import dev.naru.types.Refused;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.pcollections.TreePMap;
import org.pcollections.TreePSet;

/** One stream of a member, and what it was told on it. */
final class FakeMember implements MemberStream {

  static final Duration SESSION = Duration.ofSeconds(10);
  static final Duration REBALANCE = Duration.ofSeconds(60);

  private final OneShard shard;
  private final MemberId id;
  private final List<ToMember> told = new ArrayList<>();
  private String group = OneShard.GROUP;
  private Optional<String> instance = Optional.empty();
  private long sequence;
  private long heard;
  private Optional<Refused> refused = Optional.empty();
  private boolean isComplete;
  private boolean isOpen = true;

  FakeMember(OneShard shard, int id) {
    this.shard = shard;
    this.id = MemberId.of(0, id);
  }

  FakeMember named(String groupInstance) {
    instance = Optional.of(groupInstance);
    return this;
  }

  /** It has joined before, on that stream. */
  FakeMember after(FakeMember before) {
    attempts = before.attempts;
    return this;
  }

  /** One of its joins is under way elsewhere. */
  FakeMember skip() {
    attempts++;
    return this;
  }

  FakeMember in(String other) {
    group = other;
    return this;
  }

  MemberId id() {
    return id;
  }

  // ---- what it does

  FakeMember join(String... topics) {
    return join(0, List.of(), topics);
  }

  FakeMember join(int knownEpoch, List<PartitionId> holding, String... topics) {
    shard.take(attends(GroupProtocol.NATIVE, knownEpoch, holding, List.of(), topics));
    return this;
  }

  FakeMember joinClassic(int generation, String... topics) {
    var offer = new ClassicOffer("range", Opaque.of((byte) id.value().getLeastSignificantBits()));
    shard.take(attends(GroupProtocol.CLASSIC, generation, List.of(), List.of(offer), topics));
    return this;
  }

  private int attempts;

  private Attends attends(
      GroupProtocol protocol,
      int knownEpoch,
      List<PartitionId> holding,
      List<ClassicOffer> offers,
      String... topics) {
    return new Attends(
        this,
        ++sequence,
        group,
        id,
        knownEpoch,
        ++attempts,
        protocol,
        new MemberProfile(
            instance, Optional.empty(), Optional.empty(), "test", "host", SESSION, REBALANCE),
        TreePSet.from(List.of(topics)),
        TreePSet.from(holding),
        offers);
  }

  void beat() {
    say(new FromMember.Heartbeat());
  }

  /** Says that it has what it was told last. */
  void hold() {
    hold(assignment().epoch(), partitions().toArray(PartitionId[]::new));
  }

  void hold(int epoch, PartitionId... partitions) {
    say(new FromMember.Holds(epoch, TreePSet.from(List.of(partitions))));
  }

  void sync(int generation, FakeMember... members) {
    var shares = TreePMap.<MemberId, Opaque>empty();
    for (var member : members) {
      shares = shares.plus(member.id, Opaque.of((byte) 7));
    }
    say(new FromMember.Syncs(generation, shares));
  }

  void leave(boolean stays) {
    say(new FromMember.Leaves(stays, "close"));
  }

  void say(FromMember message) {
    shard.take(new Says(this, ++sequence, message));
  }

  void breakStream() {
    isOpen = false;
    shard.take(new StreamEnded(this));
  }

  // ---- what it was told

  List<ToMember> told() {
    return List.copyOf(told);
  }

  void forget() {
    told.clear();
  }

  <T extends ToMember> Optional<T> last(Class<T> type) {
    return told.stream().filter(type::isInstance).map(type::cast).reduce((a, b) -> b);
  }

  Assignment assignment() {
    return last(Assignment.class).orElseThrow();
  }

  List<PartitionId> partitions() {
    return assignment().grants().stream().map(Grant::partition).toList();
  }

  Grant grant(PartitionId partition) {
    return assignment().grants().stream()
        .filter(grant -> grant.partition().equals(partition))
        .findFirst()
        .orElseThrow();
  }

  /** Which of its messages it knows to have been heard. */
  long heard() {
    return heard;
  }

  long sequence() {
    return sequence;
  }

  Optional<ErrorCode> refused() {
    return refused.map(Refused::code);
  }

  boolean isComplete() {
    return isComplete;
  }

  @Override
  public boolean isOpen() {
    return isOpen;
  }

  @Override
  public void tell(long heardNow, ToMember message) {
    if (Stream.of(refused.isPresent(), isComplete).anyMatch(ended -> ended)) {
      throw new AssertionError("Expected nothing after the end, but was " + message);
    }
    heard = heardNow;
    told.add(message);
  }

  @Override
  public void refuse(Refused why) {
    refused = Optional.of(why);
    isOpen = false;
  }

  @Override
  public void complete() {
    isComplete = true;
    isOpen = false;
  }
}
