package dev.naru.broker.coordinator;

import dev.naru.broker.coordinator.GroupTimers.Kind;
import dev.naru.broker.coordinator.GroupTimers.TimerKey;
import dev.naru.broker.group.Cause;
import dev.naru.broker.group.ClassicPhase;
import dev.naru.broker.group.GroupCommand;
import dev.naru.broker.group.GroupEvent;
import dev.naru.broker.group.GroupImage;
import dev.naru.broker.group.Member;
import dev.naru.broker.group.MemberId;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Which deadlines follow from what was heard and written. All of them are soft: a new coordinator
 * begins them anew.
 */
final class GroupDeadlines {

  private final ShardConfig config;
  private final GroupTimers timers = new GroupTimers();

  /** Since the last tick; by key, what each may stay silent from the next one on. */
  private final Map<TimerKey, Duration> heard = new LinkedHashMap<>();

  /**
   * Members whose time to give something back is over. What they have is not taken from them, since
   * their leases may go on: nobody hears them any more, so that their sessions end.
   */
  private final Set<TimerKey> late = new HashSet<>();

  private long nowNanos;

  GroupDeadlines(ShardConfig config, long nowNanos) {
    this.config = config;
    this.nowNanos = nowNanos;
  }

  boolean isEmpty() {
    return timers.isEmpty();
  }

  long nowNanos() {
    return nowNanos;
  }

  /** So much from now. */
  long in(Duration time) {
    return nowNanos + time.toNanos();
  }

  /**
   * The time now. If it jumped, this node stood still and heard nobody: that is nobody's silence.
   */
  void tick(long now) {
    long gap = now - nowNanos;
    if (gap > ShardLimits.TICK_LATE.toNanos()) {
      timers.postpone(gap);
    }
    nowNanos = now;
    heard.forEach((key, time) -> timers.set(key, in(time)));
    heard.clear();
  }

  /** What is due, the earliest first; not all at once when there is much. */
  List<TimerKey> due() {
    return timers.due(nowNanos, ShardLimits.DUE_MAX);
  }

  void set(TimerKey key, Duration fromNow) {
    timers.set(key, in(fromNow));
  }

  // ---- members

  /**
   * A member was heard. When exactly, the next tick bounds: to count from the last one would be to
   * take a member out before its own clock has it stop.
   */
  void heard(String group, Member member) {
    mayBeSilent(TimerKey.of(Kind.SESSION, group, member.id()), member.profile().session());
  }

  private void mayBeSilent(TimerKey key, Duration time) {
    set(key, time);
    heard.put(key, time);
  }

  /** A member has left, and its place is kept for whoever comes for it. */
  void left(String group, MemberId member) {
    clear(TimerKey.of(Kind.SESSION, group, member));
    set(TimerKey.of(Kind.LEAVE, group, member), config.leaveDelay());
  }

  /** All begins anew with this coordinator: whoever was heard by the one before has a grace. */
  void begin(GroupSlot slot) {
    var image = slot.image();
    var group = slot.group();
    for (var member : image.members().values()) {
      if (member.isAway() && !member.profile().isStatic()) {
        set(TimerKey.of(Kind.LEAVE, group, member.id()), config.leaveDelay());
      } else {
        mayBeSilent(
            TimerKey.of(Kind.SESSION, group, member.id()),
            member.profile().session().plus(config.grace()));
      }
      if (member.owesSomething()) {
        set(
            TimerKey.of(Kind.REVOCATION, group, member.id()),
            member.profile().rebalance().plus(config.grace()));
      }
    }
    if (image.isClassic()) {
      beginRound(group, image);
    }
    if (image.hasMembers() && image.isTargetDue()) {
      slot.cause(Cause.LOADED);
      set(TimerKey.of(Kind.TARGET, group), Duration.ZERO);
    }
  }

  /** Its time to give something back is over. */
  void late(String group, MemberId member) {
    late.add(TimerKey.of(Kind.REVOCATION, group, member));
  }

  /** Whether it has still not given back what it was to give back long ago. */
  boolean isLate(String group, MemberId member) {
    return late.contains(TimerKey.of(Kind.REVOCATION, group, member));
  }

  private void clear(TimerKey key) {
    heard.remove(key);
    timers.clear(key);
  }

  /** Whether it has been set again since it was due. */
  boolean isSet(TimerKey key) {
    return timers.isSet(key);
  }

  // ---- what was written

  void follow(Written written) {
    var group = written.slot().group();
    for (var event : written.events()) {
      switch (event) {
        case GroupEvent.HoldingsSet(var member, _) ->
            written
                .after()
                .member(member)
                .ifPresent(now -> {
                  followMember(group, written.before().member(member), now);
                  if (!owes(written.after(), now)) {
                    late.remove(TimerKey.of(Kind.REVOCATION, group, member));
                  }
                });
        case GroupEvent.HoldingsGone(var member) -> forget(group, member);
        case GroupEvent.GroupSet _,
            GroupEvent.GroupGone _,
            GroupEvent.WishesSet _,
            GroupEvent.WishesGone _,
            GroupEvent.OffsetSet _,
            GroupEvent.OffsetGone _ -> {}
      }
    }
    if (written.after().isClassic()) {
      followRound(group, written.before(), written.after());
    } else {
      timers.clear(TimerKey.of(Kind.ROUND, group));
      followTarget(written);
    }
  }

  /** Whether others wait for what it has: a part of that, or, in a classic group, all of it. */
  static boolean owes(GroupImage image, Member member) {
    return member.owesSomething() || image.isAwaited(member);
  }

  /** It has the whole of its time for what it is told first; more on top gives it no more. */
  private void followMember(String group, Optional<Member> before, Member member) {
    var key = TimerKey.of(Kind.REVOCATION, group, member.id());
    if (!member.owesSomething()) {
      timers.clear(key);
    } else if (before.filter(Member::owesSomething).isEmpty()) {
      set(key, member.profile().rebalance());
    }
    if (!member.isAway()) {
      timers.clear(TimerKey.of(Kind.LEAVE, group, member.id()));
    }
  }

  private void forget(String group, MemberId member) {
    clear(TimerKey.of(Kind.SESSION, group, member));
    timers.clear(TimerKey.of(Kind.REVOCATION, group, member));
    late.remove(TimerKey.of(Kind.REVOCATION, group, member));
    timers.clear(TimerKey.of(Kind.LEAVE, group, member));
  }

  /** A target that is due is made a little later for who joined, else at once. */
  private void followTarget(Written written) {
    var slot = written.slot();
    var key = TimerKey.of(Kind.TARGET, slot.group());
    if (!written.after().isTargetDue() || !written.after().hasMembers()) {
      timers.clear(key);
      slot.dueSinceNanos(OptionalLong.empty());
      return;
    }
    if (slot.isComputing()) {
      return; // what comes back will show that the interest has changed
    }
    boolean canWait =
        written.command() instanceof GroupCommand.Join
            || written.command() instanceof GroupCommand.Subscribe;
    if (canWait) {
      slot.cause(Cause.JOINED);
    }
    if (slot.dueSinceNanos().isEmpty()) {
      slot.dueSinceNanos(OptionalLong.of(nowNanos));
    }
    long latest = slot.dueSinceNanos().getAsLong() + ShardLimits.JOIN_DELAY_MAX.toNanos();
    long wanted = canWait ? in(ShardLimits.JOIN_DELAY) : nowNanos;
    timers.set(key, latest - wanted < 0 ? latest : wanted);
  }

  /** The target is being made, or what was due is no more. */
  void targetTaken(GroupSlot slot) {
    timers.clear(TimerKey.of(Kind.TARGET, slot.group()));
    slot.dueSinceNanos(OptionalLong.empty());
  }

  // ---- classic rounds

  private void followRound(String group, GroupImage before, GroupImage after) {
    boolean isSame =
        before.isClassic() && before.epoch() == after.epoch() && phase(before) == phase(after);
    if (!isSame || !after.hasMembers()) {
      beginRound(group, after);
    }
  }

  private void beginRound(String group, GroupImage image) {
    var key = TimerKey.of(Kind.ROUND, group);
    if (!image.hasMembers() || phase(image) == ClassicPhase.STABLE) {
      timers.clear(key);
      return;
    }
    set(
        key,
        switch (phase(image)) {
          case GATHERING -> ShardLimits.GATHERING;
          case PREPARING -> longestRebalance(image);
          case COMPLETING, STABLE -> rebalanceOfLeader(image);
        });
  }

  static ClassicPhase phase(GroupImage image) {
    return image
        .header()
        .flatMap(header -> header.classic())
        .map(round -> round.phase())
        .orElse(ClassicPhase.GATHERING);
  }

  private static Duration longestRebalance(GroupImage image) {
    var longest = Duration.ZERO;
    for (var member : image.members().values()) {
      var one = member.profile().rebalance();
      longest = one.compareTo(longest) > 0 ? one : longest;
    }
    return longest;
  }

  private static Duration rebalanceOfLeader(GroupImage image) {
    return image
        .header()
        .flatMap(header -> header.classic())
        .flatMap(round -> round.leader())
        .flatMap(image::member)
        .map(member -> member.profile().rebalance())
        .orElse(Duration.ZERO);
  }
}
