package dev.naru.client.consumer;

import dev.naru.client.core.Held;
import dev.naru.client.core.MemberEffect;
import dev.naru.client.core.MemberIdentity;
import dev.naru.client.core.MemberInput;
import dev.naru.client.core.Membership;
import dev.naru.client.core.Membership.State;
import dev.naru.client.core.Told;
import dev.naru.client.transport.Channels;
import dev.naru.client.transport.ClientLoop;
import dev.naru.client.transport.Coordinators;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A consumer's line to its group: turns its {@link Membership} on the client's loop, which speaks
 * to the coordinator by a {@link GroupStream}, and lays out what the group says for the thread that
 * polls. That thread takes it when it polls next: nothing here waits for it.
 *
 * <p>A poll only notes its time. The loop looks at it when the membership would otherwise think
 * that nobody polls.
 */
final class GroupLink {

  private static final Logger LOG = LoggerFactory.getLogger(GroupLink.class);

  private final MemberIdentity identity;
  private final Membership member; // of the loop, as all that is not volatile
  private final GroupStream stream;
  private final ClientLoop loop;
  private final Inbox inbox;
  private final AtomicBoolean isTold = new AtomicBoolean(); // and that was not taken yet
  private OptionalLong armedNanos = OptionalLong.empty(); // when the next tick comes
  private int season;
  private long takenPollNanos;
  private @Nullable Runnable leaving; // for the inbox, once that is over
  private volatile News news = new News(0, Told.nothing(0)); // for the thread that polls
  private volatile Standing standing = Standing.NOTHING; // the same
  private volatile long polledNanos; // written by the thread that polls, read by the loop

  GroupLink(
      MemberIdentity identity,
      Optional<ClassicSide> classic,
      Membership member,
      Coordinators coordinators,
      Channels channels,
      ClientLoop loop,
      Inbox inbox) {
    this.identity = identity;
    this.member = member;
    this.stream = new GroupStream(identity, classic, coordinators, channels, loop, this::hear);
    this.loop = loop;
    this.inbox = inbox;
    this.polledNanos = loop.nanoTime();
    this.takenPollNanos = polledNanos;
  }

  /**
   * What the group said last.
   *
   * @param season to which subscription it belongs: those that were given up are over
   */
  record News(int season, Told told) {}

  /**
   * Where the membership stands.
   *
   * @param incarnation to which the lease belongs: of what was granted in an earlier one nothing is
   *     this member's, however long the lease
   */
  record Standing(State state, int incarnation, int epoch, OptionalLong leaseEndNanos) {

    private static final Standing NOTHING = new Standing(State.OUT, 0, 0, OptionalLong.empty());
  }

  MemberIdentity identity() {
    return identity;
  }

  News news() {
    return news;
  }

  Standing standing() {
    return standing;
  }

  /**
   * Whether partitions may be this member's at this time: whatever the loop comes to, nothing may
   * be handed out when the lease is over.
   *
   * @param incarnation in which they were granted
   */
  boolean hasLease(int incarnation, long nowNanos) {
    var now = standing;
    var end = now.leaseEndNanos;
    return now.incarnation == incarnation && end.isPresent() && end.getAsLong() - nowNanos > 0;
  }

  /**
   * Whether others may have been given what was this member's: the loop may not have come to say so
   * yet, such as when this process stood still.
   */
  boolean isLeaseOver(long nowNanos) {
    var end = standing.leaseEndNanos;
    return end.isPresent() && end.getAsLong() - nowNanos <= 0;
  }

  /** The application polls. */
  void polled(long nowNanos) {
    polledNanos = nowNanos;
    var state = standing.state;
    if (state == State.OUT || state == State.OVERSTAYED) {
      loop.execute(this::takePoll);
    }
  }

  /** The application wants to read these; with another season it has begun anew. */
  void subscribe(int inSeason, SortedSet<String> topics) {
    loop.execute(() -> {
      season = inSeason;
      step(new MemberInput.Subscribed(topics), loop.nanoTime());
    });
  }

  /** The thread that polls has done as it was told. */
  void holds(Held held) {
    loop.execute(() -> step(new MemberInput.Holds(held), loop.nanoTime()));
  }

  /**
   * Leaves the group. The thread that polls is told when the coordinator has heard it, or will not
   * hear it any more.
   */
  void leave(String cause, Runnable onLeft) {
    boolean isOpen =
        loop.execute(() -> {
          step(new MemberInput.Leaving(cause), loop.nanoTime());
          if (member.state() == State.LEAVING) {
            leaving = onLeft;
          } else {
            inbox.put(onLeft);
          }
        });
    if (!isOpen) {
      inbox.put(onLeft);
    }
  }

  private void takePoll() {
    long polled = polledNanos;
    if (polled - takenPollNanos > 0 || isOutside()) {
      takenPollNanos = polled;
      step(new MemberInput.Polled(), polled);
    }
  }

  private boolean isOutside() {
    return member.state() == State.OUT;
  }

  private void tick(long armed) {
    if (!armedNanos.equals(OptionalLong.of(armed))) {
      return; // an earlier one came instead
    }
    armedNanos = OptionalLong.empty();
    if (member.state() != State.OUT) {
      takePoll();
    }
    step(new MemberInput.Tick(), loop.nanoTime());
  }

  private void step(MemberInput input, long nowNanos) {
    var before = member.state();
    var effects = member.step(input, nowNanos);
    perform(effects);
    publish();
    if (member.state() != before) {
      LOG.debug(
          "Member {} of group {}: {} after {}",
          identity.member(),
          identity.group(),
          member.state(),
          input);
    }
    endLeaving();
    arm();
  }

  private void publish() {
    var now =
        new Standing(member.state(), member.incarnation(), member.epoch(), member.leaseEndNanos());
    if (!now.equals(standing)) {
      standing = now;
    }
  }

  private void endLeaving() {
    var waits = leaving;
    if (waits != null && member.state() != State.LEAVING) {
      leaving = null;
      inbox.put(waits);
    }
  }

  private void arm() {
    var due = member.dueNanos();
    if (due.isPresent() && (armedNanos.isEmpty() || due.getAsLong() - armedNanos.getAsLong() < 0)) {
      long at = due.getAsLong();
      armedNanos = OptionalLong.of(at);
      loop.schedule(Math.max(at - loop.nanoTime(), 0), () -> tick(at));
    }
  }

  private void perform(List<MemberEffect> effects) {
    for (var effect : effects) {
      if (effect instanceof MemberEffect.Open open) {
        stream.open(open.stream());
      } else if (effect instanceof MemberEffect.Send send) {
        stream.send(send);
      } else if (effect instanceof MemberEffect.Close close) {
        stream.close(close.stream(), looksElsewhere());
      } else if (effect instanceof MemberEffect.Tell tell) {
        news = new News(season, tell.told());
        if (!isTold.getAndSet(true)) {
          inbox.put(() -> isTold.set(false)); // wakes a poll that waits
        }
      } else if (effect instanceof MemberEffect.WarnOfOverstay overstay) {
        warn(overstay);
      }
    }
  }

  private void warn(MemberEffect.WarnOfOverstay overstay) {
    LOG.warn(
        "Expected a poll within max.poll.interval.ms ({}), but the last one was {} ms ago: member"
            + " {} leaves the group {} until the next one. Process less between two polls"
            + " (max.poll.records), or allow more time",
        identity.rebalanceMillis(),
        TimeUnit.NANOSECONDS.toMillis(overstay.sincePollNanos()),
        identity.member(),
        identity.group());
  }

  private void hear(MemberInput input) {
    step(input, loop.nanoTime());
  }

  /** Whether the membership has closed a stream in order to open another: nobody answered. */
  private boolean looksElsewhere() {
    return member.state() == State.JOINING || member.state() == State.REJOINING;
  }
}
