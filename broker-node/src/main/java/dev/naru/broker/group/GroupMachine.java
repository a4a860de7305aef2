package dev.naru.broker.group;

import dev.naru.broker.group.GroupCommand.CloseRound;
import dev.naru.broker.group.GroupCommand.Commit;
import dev.naru.broker.group.GroupCommand.Delete;
import dev.naru.broker.group.GroupCommand.DeleteOffsets;
import dev.naru.broker.group.GroupCommand.Expire;
import dev.naru.broker.group.GroupCommand.ForgetOffsets;
import dev.naru.broker.group.GroupCommand.ForgetTopics;
import dev.naru.broker.group.GroupCommand.Holding;
import dev.naru.broker.group.GroupCommand.Join;
import dev.naru.broker.group.GroupCommand.Leave;
import dev.naru.broker.group.GroupCommand.Reset;
import dev.naru.broker.group.GroupCommand.Retarget;
import dev.naru.broker.group.GroupCommand.Subscribe;
import dev.naru.broker.group.GroupCommand.Sync;
import dev.naru.broker.group.GroupEvent.GroupGone;
import dev.naru.broker.group.GroupEvent.GroupSet;
import dev.naru.broker.group.GroupEvent.HoldingsGone;
import dev.naru.broker.group.GroupEvent.HoldingsSet;
import dev.naru.broker.group.GroupEvent.OffsetGone;
import dev.naru.broker.group.GroupEvent.OffsetSet;
import dev.naru.broker.group.GroupEvent.WishesGone;
import dev.naru.broker.group.GroupEvent.WishesSet;
import dev.naru.types.Refused;
import java.util.Optional;

/**
 * The rules of a group: what a command leads to, and what an event does to the image. Pure: the
 * same commands give the same group wherever and whenever they are decided.
 */
public final class GroupMachine {

  private final GroupConfig config;
  private final GroupRules rules;

  /** Decides by these rules. */
  public GroupMachine(GroupConfig config, GroupRules rules) {
    this.config = config;
    this.rules = rules;
  }

  /** What the command leads to. Never throws for what a command can hold. */
  public Decision decide(GroupImage image, GroupCommand command) {
    return switch (command) {
      case Join join -> new JoinRules(config, rules).join(image, join);
      case Holding holding -> HoldRules.holding(image, holding, rules);
      case Subscribe subscribe -> SubscribeRules.subscribe(image, subscribe, rules);
      case Leave leave -> LeaveRules.leave(image, leave, rules);
      case Expire expire -> LeaveRules.expire(image, expire, rules);
      case Retarget retarget -> TargetRules.retarget(image, retarget, rules);
      case Sync sync -> ClassicRules.sync(image, sync);
      case CloseRound close -> ClassicRules.closeRound(image, close);
      case Commit commit -> CommitRules.commit(image, commit, rules);
      case Reset reset -> CommitRules.reset(image, reset);
      case DeleteOffsets delete -> ExpiryRules.deleteOffsets(image, delete);
      case Delete _ -> ExpiryRules.delete(image);
      case ForgetOffsets forget -> ExpiryRules.forgetOffsets(image, forget, rules);
      case ForgetTopics forget -> ExpiryRules.forgetTopics(image, forget);
    };
  }

  /** The image after the event. Never refuses: each event is the whole state of its key. */
  public static GroupImage evolve(GroupImage image, GroupEvent event) {
    return switch (event) {
      case GroupSet(var header) -> image.with(header);
      case GroupGone() -> image.withoutHeader();
      case WishesSet(var member, var wishes) -> image.with(member, wishes);
      case WishesGone(var member) -> image.withoutWishes(member);
      case HoldingsSet(var member, var holdings) -> image.with(member, holdings);
      case HoldingsGone(var member) -> image.withoutHoldings(member);
      case OffsetSet(var partition, var committed) -> image.with(partition, committed);
      case OffsetGone(var partition) -> image.without(partition);
    };
  }

  /**
   * Why this command would be refused by the group as it is, or parts of it would; empty if all of
   * it would be done. Changes nothing.
   */
  public Optional<Refused> whyNot(GroupImage image, GroupCommand command) {
    return switch (decide(image, command)) {
      case Decision.Refusal(var why) -> Optional.of(why);
      case Decision.Accepted accepted -> accepted.refused().values().stream().findFirst();
    };
  }

  /** By which rules the group shares, for people: its assignor, or what classic members chose. */
  public static String assignor(GroupImage image) {
    return image.isClassic()
        ? image.header().flatMap(header -> header.round().protocol()).orElse("")
        : TargetRules.assignor(image).name();
  }

  /**
   * Who should read what. Takes its time for large groups: to be asked beside the loop, and to be
   * told to the group by {@link Retarget}.
   */
  public static Target target(GroupImage image, TopicsSeen topics) {
    return TargetRules.compute(image, topics);
  }
}
