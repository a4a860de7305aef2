package dev.naru.client.core;

import dev.naru.client.core.MemberEffect.Close;
import dev.naru.client.core.MemberEffect.Open;
import dev.naru.client.core.MemberEffect.Send;
import dev.naru.client.core.MemberEffect.Tell;
import dev.naru.client.core.MemberEffect.WarnOfOverstay;
import dev.naru.client.core.MemberInput.Accepted;
import dev.naru.client.core.MemberInput.Assigned;
import dev.naru.client.core.MemberInput.GivesBackAll;
import dev.naru.client.core.MemberMessage.Heartbeat;
import dev.naru.client.core.MemberMessage.Holding;
import dev.naru.client.core.MemberMessage.Join;
import dev.naru.client.core.MemberMessage.Subscribe;
import dev.naru.client.core.MemberMessage.Sync;
import dev.naru.types.ErrorCode;
import dev.naru.types.Refused;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;

/**
 * A consumer's membership in its group, as its side of the protocol: when it joins, what it
 * answers, and above all until when it may believe that its partitions are its own.
 *
 * <p>It may as long as its {@link Lease} lasts, connected or not. So a lost stream or another
 * coordinator takes nothing from it: it goes on reading, and comes back saying what it holds. But
 * when the lease is over everything is lost at once, before anything else is looked at: a late
 * answer must not seem to renew it, since the coordinator may have given its partitions away.
 *
 * <p>What it says to hold is what the thread that polls has confirmed, together with the epoch up
 * to which that thread has done as it was told, never the epoch of what was merely told: a
 * partition that was granted and taken back in between may be read at this moment.
 *
 * <pre>
 *   state       what happens                              next        and is done
 *   OUT         subscribed, and polls                     JOINING     looks for the coordinator
 *   JOINING     accepted                                  IN          beats
 *   IN          told something newer                      IN          tells the thread that polls
 *   IN          stream lost, coordinator silent or gone   REJOINING   waits, looks again; reads on
 *   REJOINING   accepted                                  IN          goes on where it was
 *   IN, REJ.    its lease is over, or it is fenced        JOINING     everything is lost
 *   J., IN, R.  no poll for too long                      OVERSTAYED  leaves; everything is lost
 *   OVERSTAYED  polls                                     JOINING     looks for the coordinator
 *   J., IN, R.  the application goes, a stream is open    LEAVING     leaves
 *   LEAVING     that was heard, or nobody will            OUT
 *   J., IN, R.  refused for good                          FAILED      the application is told why
 *   FAILED      subscribes anew                           OUT
 * </pre>
 *
 * <p>Owned by one thread. Time and what is random come in.
 */
public final class Membership {

  /** Where it stands. */
  public enum State {
    /** Not a member, and does not want to be one, or has not polled yet. */
    OUT,
    /** Not a member yet; holds nothing. */
    JOINING,
    /** A member that is connected. */
    IN,
    /** A member that looks for its coordinator, and goes on reading. */
    REJOINING,
    /** Has left, because the application does not poll; comes back when it does. */
    OVERSTAYED,
    /** Has said that it goes, and waits for that to be heard. */
    LEAVING,
    /** Will not be taken; the application was told why. */
    FAILED
  }

  private enum Link {
    NONE,
    OPENING,
    OPEN
  }

  /** A coordinator that has been silent for a third of a session is looked for elsewhere. */
  private static final int SILENCES_A_SESSION = 3;

  /**
   * For so many sessions it asks for a place that another process with its instance id has. If that
   * one is dead its place is free after one, and a little more when the coordinator has moved.
   */
  private static final int INSTANCE_SESSIONS = 2;

  private final MembershipConfig config;
  private final RandomGenerator dice;
  private final Lease lease;
  private State state = State.OUT;
  private Link link = Link.NONE;
  private SortedSet<String> topics = new TreeSet<>();
  private boolean isSubscribed;
  private int stream; // the newest, or the one before it is opened
  private long openingNanos; // since when it is being opened
  private int incarnation;
  private int attempts; // to join
  private int toldEpoch; // in this incarnation
  private OptionalInt rejoinEpoch = OptionalInt.empty(); // with which it joins again when done
  private Held held = Held.nothing(0, 0);
  private long heartbeatNanos;
  private long polledNanos;
  private int failures; // in a row
  private long retryNanos; // while there is no link
  private OptionalLong instanceInUseSinceNanos = OptionalLong.empty();
  private long leaveSequence;
  private long leaveEndNanos;

  /** Does nothing before it is told to. */
  public Membership(MembershipConfig config, RandomGenerator dice) {
    this.config = config;
    this.dice = dice;
    this.lease = new Lease(config.sessionNanos());
    this.heartbeatNanos = config.heartbeatNanos();
  }

  /** Where it stands. */
  public State state() {
    return state;
  }

  /** The newest epoch of the group of which it was told its partitions; zero before. */
  public int epoch() {
    return toldEpoch;
  }

  /** Rises each time that everything is lost. */
  public int incarnation() {
    return incarnation;
  }

  /** Until when its partitions are its own, come what may; empty if it has none. */
  public OptionalLong leaseEndNanos() {
    return lease.endNanos();
  }

  /** Takes what happened, and returns what is to be done. */
  public List<MemberEffect> step(MemberInput input, long nowNanos) {
    var effects = new ArrayList<MemberEffect>();
    if (mayHold() && lease.isOver(nowNanos)) {
      lose(effects);
      joinAnew(nowNanos, effects);
    }
    input.turn(this, nowNanos, effects);
    return effects;
  }

  /** When it wants a tick, unless something happens before; empty if never. */
  public OptionalLong dueNanos() {
    var due = new ArrayList<Long>();
    if (isWilling()) {
      due.add(polledNanos + config.pollIntervalNanos());
      if (mayHold()) {
        lease.endNanos().ifPresent(due::add);
      }
      if (link == Link.NONE) {
        due.add(retryNanos);
      }
      if (link == Link.OPENING) {
        due.add(openingNanos + silenceNanos());
      }
      if (link == Link.OPEN) {
        due.add(lease.lastSentNanos() + heartbeatNanos);
        lease.unheardSinceNanos().ifPresent(since -> due.add(since + silenceNanos()));
      }
    }
    if (state == State.LEAVING) {
      due.add(leaveEndNanos);
    }
    return due.stream().mapToLong(Long::longValue).reduce((a, b) -> a - b < 0 ? a : b);
  }

  private boolean isWilling() {
    return state == State.JOINING || mayHold();
  }

  /** Whether partitions may be its own. */
  private boolean mayHold() {
    return state == State.IN || state == State.REJOINING;
  }

  private long silenceNanos() {
    return config.sessionNanos() / SILENCES_A_SESSION;
  }

  void onTick(long nowNanos, List<MemberEffect> effects) {
    if (state == State.LEAVING && nowNanos - leaveEndNanos >= 0) {
      goOut(effects);
    } else if (isWilling() && nowNanos - polledNanos >= config.pollIntervalNanos()) {
      overstay(nowNanos, effects);
    } else if (isWilling()) {
      keepInTouch(nowNanos, effects);
    }
  }

  private void keepInTouch(long nowNanos, List<MemberEffect> effects) {
    var silentSince = lease.unheardSinceNanos();
    if (link == Link.OPEN
        && silentSince.isPresent()
        && nowNanos - silentSince.getAsLong() >= silenceNanos()) {
      closeLink(effects);
      lookAgain(nowNanos);
    } else if (link == Link.OPEN && nowNanos - lease.lastSentNanos() >= heartbeatNanos) {
      send(new Heartbeat(), nowNanos, effects);
    } else if (link == Link.OPENING && nowNanos - openingNanos >= silenceNanos()) {
      closeLink(effects); // a search that is never answered must not be waited for
      lookAgain(nowNanos);
    } else if (link == Link.NONE && nowNanos - retryNanos >= 0) {
      open(nowNanos, effects);
    }
  }

  private void overstay(long nowNanos, List<MemberEffect> effects) {
    effects.add(new WarnOfOverstay(nowNanos - polledNanos));
    if (link == Link.OPEN) {
      send(config.leave("poll_interval"), nowNanos, effects);
    }
    if (mayHold()) {
      lose(effects);
    }
    closeLink(effects);
    state = State.OVERSTAYED;
  }

  void onPolled(long nowNanos, List<MemberEffect> effects) {
    polledNanos = nowNanos;
    if (isSubscribed && (state == State.OUT || state == State.OVERSTAYED)) {
      state = State.JOINING;
      failures = 0;
      instanceInUseSinceNanos = OptionalLong.empty();
      lease.end();
      open(nowNanos, effects);
    }
  }

  void onSubscribed(SortedSet<String> wanted, long nowNanos, List<MemberEffect> effects) {
    if (state == State.LEAVING || state == State.FAILED) {
      goOut(effects);
    }
    boolean isNew = !topics.equals(wanted);
    topics = wanted;
    isSubscribed = true;
    if (isNew && isWilling() && link == Link.OPEN) {
      send(config.isClassic() ? join() : new Subscribe(wanted), nowNanos, effects);
    }
  }

  void onHolds(Held now, long nowNanos, List<MemberEffect> effects) {
    if (!mayHold() || now.incarnation() != incarnation || now.epoch() < held.epoch()) {
      return; // of what is lost meanwhile, or old
    }
    held = now;
    boolean isToJoin = rejoinEpoch.equals(OptionalInt.of(now.epoch()));
    if (link == Link.OPEN) {
      send(isToJoin ? join() : new Holding(now), nowNanos, effects);
    }
  }

  void onLeaving(String cause, long nowNanos, List<MemberEffect> effects) {
    isSubscribed = false;
    if (isWilling() && link == Link.OPEN) {
      leaveSequence = send(config.leave(cause), nowNanos, effects);
      leaveEndNanos = nowNanos + config.sessionNanos();
      state = State.LEAVING;
      begin();
    } else if (state != State.LEAVING) {
      goOut(effects); // there is nobody to say it to: the session decides
    }
  }

  void onOpened(int opened, long nowNanos, List<MemberEffect> effects) {
    if (isCurrent(opened)) {
      link = Link.OPEN;
      lease.beginStream();
      send(join(), nowNanos, effects);
    }
  }

  void onBroken(int broken, Refused why, long nowNanos, List<MemberEffect> effects) {
    if (!isCurrent(broken)) {
      return;
    }
    link = Link.NONE;
    if (state == State.LEAVING) {
      goOut(effects);
    } else if (why.code() == ErrorCode.FENCED_MEMBER) {
      if (mayHold()) {
        lose(effects);
      }
      joinAnew(nowNanos, effects);
    } else if (isHopeless(why, nowNanos)) {
      fail(why, effects);
    } else {
      lookAgain(nowNanos);
    }
  }

  /**
   * Whether it will not be taken however often it comes. A member of the same instance id may be
   * one whose end nobody has noticed yet; and a fault of one node is no verdict on this member.
   */
  private boolean isHopeless(Refused why, long nowNanos) {
    if (why.code() != ErrorCode.INSTANCE_ID_IN_USE) {
      return !why.code().isRetriable() && why.code() != ErrorCode.INTERNAL;
    }
    if (instanceInUseSinceNanos.isEmpty()) {
      instanceInUseSinceNanos = OptionalLong.of(nowNanos);
    }
    long patience = INSTANCE_SESSIONS * config.sessionNanos();
    return nowNanos - instanceInUseSinceNanos.getAsLong() >= patience;
  }

  void onAccepted(Accepted accepted) {
    if (!isOpen(accepted.stream())) {
      return;
    }
    lease.heard(accepted.heard());
    if (state == State.JOINING) {
      held = Held.nothing(incarnation, accepted.epoch());
    }
    if (isWilling()) {
      state = State.IN;
      failures = 0;
      instanceInUseSinceNanos = OptionalLong.empty();
      heartbeatNanos = Math.max(1, Math.min(config.heartbeatNanos(), accepted.heartbeatNanos()));
    }
  }

  void onAssigned(Assigned assigned, List<MemberEffect> effects) {
    if (!isOpen(assigned.stream())) {
      return;
    }
    lease.heard(assigned.heard());
    if (state == State.IN && assigned.epoch() > toldEpoch) {
      toldEpoch = assigned.epoch();
      effects.add(new Tell(new Told(incarnation, toldEpoch, assigned.grants(), Optional.empty())));
    }
  }

  void onGivesBackAll(GivesBackAll order, List<MemberEffect> effects) {
    if (!isOpen(order.stream())) {
      return;
    }
    lease.heard(order.heard());
    if (state == State.IN && order.epoch() > toldEpoch) {
      toldEpoch = order.epoch();
      rejoinEpoch = OptionalInt.of(toldEpoch);
      effects.add(new Tell(new Told(incarnation, toldEpoch, new TreeMap<>(), Optional.empty())));
    }
  }

  void onSyncs(Sync result, long nowNanos, List<MemberEffect> effects) {
    if (state == State.IN && link == Link.OPEN) {
      send(result, nowNanos, effects);
    }
  }

  void onHeard(int on, long sequence, List<MemberEffect> effects) {
    if (!isOpen(on)) {
      return;
    }
    lease.heard(sequence);
    if (state == State.LEAVING && sequence >= leaveSequence) {
      goOut(effects);
    }
  }

  /** What comes on a stream that was given up is too late. */
  private boolean isCurrent(int number) {
    return number == stream && link != Link.NONE;
  }

  private boolean isOpen(int number) {
    return number == stream && link == Link.OPEN;
  }

  private Join join() {
    return new Join(topics, held, ++attempts);
  }

  private long send(MemberMessage message, long nowNanos, List<MemberEffect> effects) {
    long sequence = lease.sent(nowNanos);
    effects.add(new Send(stream, sequence, message));
    return sequence;
  }

  private void open(long nowNanos, List<MemberEffect> effects) {
    link = Link.OPENING;
    openingNanos = nowNanos;
    effects.add(new Open(++stream));
  }

  private void closeLink(List<MemberEffect> effects) {
    if (link != Link.NONE) {
      link = Link.NONE;
      effects.add(new Close(stream));
    }
  }

  /** Finds the coordinator again, after a wait; what it holds it keeps. */
  private void lookAgain(long nowNanos) {
    if (state == State.IN) {
      state = State.REJOINING;
    }
    retryNanos = nowNanos + config.backOff().waitNanos(++failures, dice);
  }

  private void joinAnew(long nowNanos, List<MemberEffect> effects) {
    closeLink(effects);
    state = State.JOINING;
    lease.end();
    lookAgain(nowNanos);
  }

  /** Nothing is its own any more, whatever it was told. */
  private void lose(List<MemberEffect> effects) {
    begin();
    effects.add(new Tell(Told.nothing(incarnation)));
  }

  private void fail(Refused why, List<MemberEffect> effects) {
    begin();
    state = State.FAILED;
    effects.add(new Tell(Told.failed(incarnation, why)));
  }

  private void goOut(List<MemberEffect> effects) {
    closeLink(effects);
    begin();
    state = State.OUT;
  }

  /** Begins another incarnation, which holds nothing. */
  private void begin() {
    incarnation++;
    toldEpoch = 0;
    rejoinEpoch = OptionalInt.empty();
    held = Held.nothing(incarnation, 0);
    lease.end();
  }
}
