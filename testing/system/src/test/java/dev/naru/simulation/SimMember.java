package dev.naru.simulation;

import dev.naru.broker.group.MemberId;
import dev.naru.client.core.MemberEffect;
import dev.naru.client.core.MemberInput;
import dev.naru.client.core.Membership;
import dev.naru.client.core.MembershipConfig;
import dev.naru.client.core.RetryPolicy;
import dev.naru.simulation.invariant.GroupReader;
import dev.naru.types.PartitionId;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedSet;

/** One process that consumes in a group: the SDK's membership, and a stream that it wants. */
final class SimMember implements GroupReader {

  private static final RetryPolicy BACK_OFF = new RetryPolicy(20 * World.MILLI, 200 * World.MILLI);

  private final SimCluster cluster;
  private final World world;
  private final SimGroup group;
  private final int client;
  private final Optional<String> instance;
  private final MemberId id;
  private final Dice dice;
  private final Membership membership;
  private final SimApplication application;
  private final SimMemberLink link;
  private final SimLife life = new SimLife();
  private SortedSet<String> topics;
  private OptionalLong armedNanos = OptionalLong.empty();

  SimMember(
      SimCluster cluster,
      SimGroup group,
      int client,
      Optional<String> instance,
      SortedSet<String> topics,
      Dice dice) {
    this.cluster = cluster;
    this.world = cluster.world();
    this.group = group;
    this.client = client;
    this.instance = instance;
    this.topics = topics;
    this.dice = dice;
    id = MemberId.of(dice.nextLong(), dice.nextLong());
    var plan = cluster.scenario().groups();
    membership =
        new Membership(
            new MembershipConfig(
                false,
                instance.isPresent(),
                plan.sessionMillis() * World.MILLI,
                plan.heartbeatMillis() * World.MILLI,
                plan.rebalanceMillis() * World.MILLI,
                BACK_OFF),
            dice.named("membership"));
    application = new SimApplication(cluster, this, dice.named("application"));
    link = new SimMemberLink(cluster, this, dice.named("link"));
  }

  void begin() {
    step(new MemberInput.Subscribed(topics));
    application.begin();
  }

  // ---- its process

  /** Dies without a word; at times with the whole machine, of which no connection tells. */
  void kill() {
    life.end();
    if (dice.chance(0.7)) {
      link.cut();
    }
  }

  void pause() {
    life.pause();
  }

  void resume() {
    life.resume();
  }

  /** Leaves the group in order, and ends. */
  void leave() {
    application.close();
  }

  void subscribe(SortedSet<String> wanted) {
    topics = wanted;
    step(new MemberInput.Subscribed(wanted));
  }

  @Override
  public boolean isAlive() {
    return !life.isEnded();
  }

  boolean isRunning() {
    return life.isRunning();
  }

  boolean isLeaving() {
    return application.isClosing();
  }

  void later(long delayNanos, Runnable action) {
    world.after(delayNanos, () -> life.asSoonAsRunning(action));
  }

  void asSoonAsRunning(Runnable action) {
    life.asSoonAsRunning(action);
  }

  // ---- its membership

  void step(MemberInput input) {
    var effects = membership.step(input, world.nowNanos());
    effects.forEach(this::perform);
    if (application.isClosing() && membership.state() == Membership.State.OUT) {
      life.end();
    }
    arm();
  }

  private void perform(MemberEffect effect) {
    switch (effect) {
      case MemberEffect.Open open -> link.open(open.stream());
      case MemberEffect.Send send -> link.send(send, membership);
      case MemberEffect.Close close -> link.close(close.stream());
      case MemberEffect.Tell tell -> application.tell(tell.told());
      case MemberEffect.WarnOfOverstay _ -> cluster.tally().count("members overstayed");
    }
  }

  private void arm() {
    var due = membership.dueNanos();
    if (due.isPresent() && (armedNanos.isEmpty() || due.getAsLong() < armedNanos.getAsLong())) {
      long at = due.getAsLong();
      armedNanos = OptionalLong.of(at);
      later(at - world.nowNanos(), () -> tick(at));
    }
  }

  private void tick(long at) {
    if (armedNanos.equals(OptionalLong.of(at))) {
      armedNanos = OptionalLong.empty();
      step(new MemberInput.Tick());
    }
  }

  OptionalLong leaseEndNanos() {
    return membership.leaseEndNanos();
  }

  SimMemberLink link() {
    return link;
  }

  void note(String kind, Object what, long number) {
    world.trace().note(group.log(), client, kind, what, number);
  }

  // ---- as it is seen

  /** Whether it has done with all numbers there are, and its group knows. */
  boolean hasReadAll() {
    return application.hasReadAll();
  }

  SimGroup simGroup() {
    return group;
  }

  int client() {
    return client;
  }

  @Override
  public String group() {
    return group.name();
  }

  @Override
  public MemberId id() {
    return id;
  }

  @Override
  public Optional<String> instance() {
    return instance;
  }

  @Override
  public Set<String> topics() {
    return topics;
  }

  @Override
  public boolean isReading(PartitionId partition) {
    var end = membership.leaseEndNanos();
    return isAlive()
        && application.has(partition)
        && end.isPresent()
        && end.getAsLong() > world.nowNanos();
  }

  @Override
  public Set<PartitionId> reads() {
    return application.reads();
  }

  @Override
  public String toString() {
    return "member %s of %s at client %d, %s, reading %s"
        .formatted(
            id,
            group.name(),
            client,
            life.isRunning() ? membership.state() : "standing still",
            reads());
  }
}
