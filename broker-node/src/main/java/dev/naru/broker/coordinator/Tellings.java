package dev.naru.broker.coordinator;

import dev.naru.broker.coordinator.Attendant.Told;
import dev.naru.broker.coordinator.ToMember.Accepted;
import dev.naru.broker.coordinator.ToMember.Assignment;
import dev.naru.broker.coordinator.ToMember.Elected;
import dev.naru.broker.coordinator.ToMember.Handed;
import dev.naru.broker.coordinator.ToMember.Heard;
import dev.naru.broker.coordinator.ToMember.Rejoin;
import dev.naru.broker.group.ClassicMember;
import dev.naru.broker.group.ClassicPhase;
import dev.naru.broker.group.Election;
import dev.naru.broker.group.Grant;
import dev.naru.broker.group.GroupEvent;
import dev.naru.broker.group.GroupHeader;
import dev.naru.broker.group.GroupImage;
import dev.naru.broker.group.Member;
import dev.naru.types.ErrorCode;
import dev.naru.types.Refused;
import dev.naru.types.TopicId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.pcollections.TreePMap;

/**
 * Tells members what is committed, each change once, and that they were heard. Each message lets a
 * lease count from some message of the member's: the newest that was heard while this node surely
 * led, be it that its image is current now, or that something was committed since that was written
 * later.
 */
final class Tellings {

  private final Attendance attendance;
  private final Topics topics;
  private final Standing standing;

  /** Those who were heard, and are to be told so once that counts. */
  private final Set<Attendant> unproven = new LinkedHashSet<>();

  /** Those who hold partitions of a topic that this node's image does not have yet. */
  private final Set<Attendant> nameless = new LinkedHashSet<>();

  private long hearings;
  private long provenAt;
  private long committedEnd;

  Tellings(Attendance attendance, Topics topics, Standing standing) {
    this.attendance = attendance;
    this.topics = topics;
    this.standing = standing;
  }

  /** Whether somebody waits to be told what only a write, or a newer image, allows. */
  boolean isEmpty() {
    return unproven.isEmpty() && nameless.isEmpty();
  }

  /** Whether somebody waits for this node to show that it leads. */
  boolean needsProof() {
    return !unproven.isEmpty();
  }

  /** How often members were heard. What is written now proves it of all of these. */
  long hearings() {
    return hearings;
  }

  /** A member was heard; returns the how-manieth hearing this is. */
  long hear() {
    return ++hearings;
  }

  /** Whether this node surely led at that hearing. */
  boolean isProven(long hearing) {
    return lookUp() >= hearing;
  }

  /** It is to know that it was heard. */
  void acknowledge(Attendant attendant) {
    if (lookUp() >= hearings) {
      say(attendant, new Heard());
    } else {
      unproven.add(attendant);
    }
  }

  /** A write that was made after so many hearings is committed. */
  void proven(long hearingsThen) {
    if (hearingsThen > provenAt) {
      provenAt = hearingsThen;
      acknowledgeProven();
    }
  }

  /** Time has passed, and there may be a newer image. */
  void tick(GroupTable table) {
    if (!unproven.isEmpty() && lookUp() >= hearings) {
      acknowledgeProven();
    }
    for (var attendant : List.copyOf(nameless)) {
      nameless.remove(attendant);
      tell(attendant, table.slot(attendant.group()));
    }
  }

  private void acknowledgeProven() {
    for (var attendant : List.copyOf(unproven)) {
      long before = attendant.lease();
      if (attendant.leaseFrom(provenAt) > before) {
        say(attendant, new Heard());
      }
    }
  }

  /** Up to which hearing this node surely led. */
  private long lookUp() {
    if (standing.isCurrent()) {
      provenAt = hearings;
    }
    return provenAt;
  }

  private void say(Attendant attendant, ToMember message) {
    long lease = attendant.leaseFrom(lookUp());
    if (attendant.isUnproven()) {
      unproven.add(attendant);
    } else {
      unproven.remove(attendant);
    }
    attendant.stream().tell(lease, message);
  }

  /** It is nobody's business here any more. */
  void forget(Attendant attendant) {
    unproven.remove(attendant);
    nameless.remove(attendant);
  }

  // ---- what is committed

  /** All that waited for this end of the log, or one before, may be told. */
  void reached(long end) {
    committedEnd = Math.max(committedEnd, end);
  }

  /** A batch is committed. */
  void committed(Written written) {
    var group = written.slot().group();
    if (written.after().isClassic()) {
      attendance.of(group).forEach(attendant -> tell(attendant, written.slot()));
      return;
    }
    for (var event : written.events()) {
      switch (event) {
        case GroupEvent.HoldingsSet(var member, _) ->
            attendance.of(group, member).ifPresent(one -> tell(one, written.slot()));
        case GroupEvent.HoldingsGone(var member) ->
            attendance.of(group, member).ifPresent(one -> tell(one, written.slot()));
        case GroupEvent.GroupSet _,
            GroupEvent.GroupGone _,
            GroupEvent.WishesSet _,
            GroupEvent.WishesGone _,
            GroupEvent.OffsetSet _,
            GroupEvent.OffsetGone _ -> {} // nobody is told of these
      }
    }
  }

  /** Tells a member what it has not heard yet of what is committed. */
  void tell(Attendant attendant, GroupSlot slot) {
    if (attendance.of(attendant.stream()).isEmpty() || committedEnd < attendant.acceptEnd()) {
      return; // it has gone, or its join is yet to be committed
    }
    var image = slot.committed();
    var member = image.member(attendant.member());
    if (member.isEmpty() || member.get().isAway()) {
      dismiss(attendant);
      return;
    }
    if (!attendant.isAccepted()) {
      if (attendant.leaseFrom(lookUp()) == 0) {
        return; // to be accepted is a sign that the join was heard by who leads
      }
      attendant.accept();
      say(attendant, new Accepted(member.get().epoch(), heartbeatInterval(member.get())));
    }
    if (image.isClassic()) {
      tellClassic(attendant, image, member.get());
    } else if (!attendant.told().equals(new Told.Assigned(member.get().epoch()))) {
      assign(attendant, member.get(), image.told(attendant.member()));
    }
  }

  private void dismiss(Attendant attendant) {
    attendance.remove(attendant);
    forget(attendant);
    attendant.stream()
        .refuse(
            new Refused(
                ErrorCode.FENCED_MEMBER,
                "Expected a member of group %s, but %s is none any more"
                    .formatted(attendant.group(), attendant.member())));
  }

  private static Duration heartbeatInterval(Member member) {
    var third = member.profile().session().dividedBy(3);
    return third.compareTo(ShardLimits.HEARTBEAT_MAX) < 0 ? third : ShardLimits.HEARTBEAT_MAX;
  }

  /** Nothing is told by half: without a name a member would not read, and never be told again. */
  private void assign(Attendant attendant, Member member, List<Grant> all) {
    var names = TreePMap.<TopicId, String>empty();
    var grants = new ArrayList<Grant>();
    for (var grant : all) {
      var topic = grant.partition().topic();
      var name = topics.nameOf(topic);
      if (name.isPresent()) {
        names = names.containsKey(topic) ? names : names.plus(topic, name.get());
        grants.add(grant);
      } else if (!topics.isDeleted(topic)) {
        nameless.add(attendant);
        return;
      }
    }
    attendant.told(new Told.Assigned(member.epoch()));
    say(attendant, new Assignment(member.epoch(), grants, names));
  }

  // ---- classic groups

  private void tellClassic(Attendant attendant, GroupImage image, Member member) {
    var header = image.header().orElseThrow();
    if (image.isAwaited(member)) {
      once(attendant, new Told.Rejoin(member.epoch()), new Rejoin(member.epoch()));
      return;
    }
    var election = Election.of(image).filter(one -> one.leader().equals(member.id()));
    if (election.isPresent()) {
      once(attendant, new Told.Elected(image.epoch()), new Elected(election.get()));
      return;
    }
    if (phaseOf(header) == ClassicPhase.STABLE) {
      member
          .classic()
          .flatMap(ClassicMember::assignment)
          .ifPresent(assignment ->
              once(
                  attendant,
                  new Told.Handed(member.epoch()),
                  new Handed(
                      member.epoch(),
                      header.classic().flatMap(round -> round.protocol()).orElse(""),
                      assignment)));
    }
  }

  private static ClassicPhase phaseOf(GroupHeader header) {
    return header.classic().map(round -> round.phase()).orElse(ClassicPhase.GATHERING);
  }

  private void once(Attendant attendant, Told what, ToMember message) {
    if (!attendant.told().equals(what)) {
      attendant.told(what);
      say(attendant, message);
    }
  }
}
