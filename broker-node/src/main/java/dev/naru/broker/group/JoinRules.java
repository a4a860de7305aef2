package dev.naru.broker.group;

import dev.naru.broker.group.GroupCommand.Join;
import dev.naru.types.ErrorCode;

/**
 * Rules about members that come.
 *
 * <p>A member that comes with an epoch resumes: its stream broke, or the group has another
 * coordinator. It says what it has in its hands, which counts as what it would say on its stream;
 * it is told all it may read once more, and nothing moves. A member that is known and comes without
 * an epoch has nothing in its hands, be it that its first answer was lost or that it gave all up
 * when its lease was over. It keeps its place, but everything is granted to it anew, so that what
 * it may have sent before is not taken for what it sends now.
 */
final class JoinRules {

  private final GroupConfig config;
  private final GroupRules rules;

  JoinRules(GroupConfig config, GroupRules rules) {
    this.config = config;
    this.rules = rules;
  }

  Decision join(GroupImage image, Join command) {
    var refusal = JoinChecks.check(image, command, config);
    if (refusal.isPresent()) {
      return new Decision.Refusal(refusal.get());
    }
    var known = image.member(command.member());
    if (known.isPresent() && !rules.isTimely(known.get(), command)) {
      return Decision.refused(
          ErrorCode.FENCED_MEMBER,
          "Expected a join of %s after its attempt %d, but was attempt %d"
              .formatted(command.member(), known.get().attempt(), command.attempt()));
    }
    if (command.protocol() == GroupProtocol.CLASSIC) {
      return ClassicRules.join(image, command, rules);
    }
    if (known.isEmpty()) {
      return come(image, command);
    }
    return command.knownEpoch() == 0
        ? beginAnew(image, known.get(), command)
        : resume(image, known.get(), command);
  }

  private Decision come(GroupImage image, Join command) {
    var predecessor = Places.predecessor(image, command);
    var refusal = Places.check(image, command, predecessor, rules);
    if (refusal.isPresent()) {
      return new Decision.Refusal(refusal.get());
    }
    var draft = GroupDraft.of(image, GroupProtocol.NATIVE, command.nowMillis());
    if (predecessor.isPresent()) {
      takePlace(draft, predecessor.get(), command);
    } else {
      add(draft, command);
    }
    Reconcile.of(draft, rules);
    return draft.decision(command.nowMillis());
  }

  /**
   * With empty hands and no target: that is due, and made when nobody else has come for a while.
   */
  private static void add(GroupDraft draft, Join command) {
    SubscribeRules.notice(draft, command.subscription(), command.topics());
    draft.put(
        Member.joining(
            command.member(),
            command.profile(),
            command.subscription(),
            command.attempt(),
            draft.epoch(),
            Target.NOTHING));
    draft.changeInterest();
  }

  /**
   * With the target of its predecessor, which still answers what all of them want. It is due again
   * if the predecessor was away: while it was, it was dealt nothing.
   */
  private static void takePlace(GroupDraft draft, Member old, Join command) {
    draft.remove(old.id());
    var member =
        Member.joining(
            command.member(),
            command.profile(),
            old.topics(),
            command.attempt(),
            draft.epoch(),
            old.target());
    draft.put(member);
    if (old.isAway() || !old.topics().equals(command.subscription())) {
      draft.changeInterest();
    } else {
      draft.keepTargetForNewOwner();
    }
    subscribe(draft, member, command);
  }

  private Decision beginAnew(GroupImage image, Member known, Join command) {
    var draft = GroupDraft.of(image);
    var member =
        known
            .emptyHanded(draft.epoch(), command.attempt())
            .withProfile(command.profile())
            .withAway(false);
    draft.put(member);
    if (known.isAway()) {
      draft.changeInterest();
    }
    subscribe(draft, member, command);
    Reconcile.of(draft, rules);
    return draft.decision();
  }

  private Decision resume(GroupImage image, Member known, Join command) {
    var refusal = HoldRules.check(known, command.knownEpoch(), command.holding(), rules);
    if (refusal.isPresent()) {
      return new Decision.Refusal(refusal.get());
    }
    var back = HoldRules.givenBack(known, command.knownEpoch(), command.holding(), rules);
    var draft = GroupDraft.of(image);
    var profile = command.profile().orUnmoved(known.profile());
    var member = known.without(back).withProfile(profile);
    draft.put(member);
    subscribe(draft, member, command);
    Reconcile.of(draft, rules);
    return draft.decision();
  }

  /** It may have changed its mind while nobody heard it. */
  private static void subscribe(GroupDraft draft, Member member, Join command) {
    if (!member.topics().equals(command.subscription())) {
      SubscribeRules.change(draft, member, command.subscription(), command.topics());
    }
  }
}
