package dev.naru.broker.group;

import static dev.naru.broker.group.TestGroup.id;

import dev.naru.broker.group.Decision.Accepted;
import dev.naru.broker.group.Decision.Refusal;
import dev.naru.broker.group.GroupCommand.Holding;
import dev.naru.broker.group.GroupEvent.GroupGone;
import dev.naru.broker.group.GroupEvent.GroupSet;
import dev.naru.broker.group.GroupEvent.HoldingsGone;
import dev.naru.broker.group.GroupEvent.HoldingsSet;
import dev.naru.broker.group.GroupEvent.OffsetGone;
import dev.naru.broker.group.GroupEvent.OffsetSet;
import dev.naru.broker.group.GroupEvent.WishesGone;
import dev.naru.broker.group.GroupEvent.WishesSet;
import dev.naru.testing.Golden;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** How groups come to share, as plays that can be read in review. */
class GroupTraceTest {

  private final Golden golden = Golden.of(GroupTraceTest.class);
  private final TestGroup group = new TestGroup().topic("p", 2);
  private final StringBuilder play = new StringBuilder();

  @Test
  void movesOnePartitionFromOneMemberToAnother() {
    scene("A reads on while B comes");
    act("A joins", group.joining(1, "p").command(group.topics(), 0));
    act("nobody else comes", retarget());
    act("A has what it was told", holding(1));
    act("A commits", group.commit(1, group.epoch(1), "p1", 4_000));
    act("B joins", group.joining(2, "p").command(group.topics(), 0));

    scene("p1 moves; p0 never stands still");
    act("nobody else comes", retarget());
    act("B has nothing yet", holding(2));
    act("A commits what it has read of p1", group.commit(1, group.epoch(1), "p1", 4_711));
    act("A gives p1 back", holding(1));
    act("a late commit of A's", group.commit(1, group.epoch(1), "p1", 4_712));
    act("B goes on", group.commit(2, group.epoch(2), "p1", 4_800));

    scene("A dies");
    act("A is silent for too long", group.expire(1));
    act("A wakes up and commits", group.commit(1, 8, "p0", 17));

    golden.assertText("group/one-partition-moves.txt", play.toString());
  }

  @Test
  void takesARoundForEveryChangeOfAClassicGroup() {
    scene("two members start together");
    act("A joins", group.joining(1, "p").offering("range").command(group.topics(), 0));
    act("B joins", group.joining(2, "p").offering("range").command(group.topics(), 0));
    act("three seconds are over", group.closeRound());
    act("A shares out", ClassicRulesTest.sync(1, group.image().epoch(), 1, 2));

    scene("C comes: everybody stops, gives back and comes again");
    act("C joins", group.joining(3, "p").offering("range").command(group.topics(), 0));
    act("B commits what it has read", group.commit(2, 1, "p1", 4_711));
    act("B comes again", again(2));
    act("a late commit of B's", group.commit(2, 1, "p1", 4_712));
    act("A comes again", again(1));
    act("A shares out", ClassicRulesTest.sync(1, group.image().epoch(), 1, 2, 3));

    golden.assertText("group/classic-round.txt", play.toString());
  }

  private GroupCommand again(int member) {
    return group
        .joining(member, "p")
        .offering("range")
        .knowing(group.epoch(member))
        .command(group.topics(), 0);
  }

  private GroupCommand retarget() {
    return new GroupCommand.Retarget(Cause.JOINED, group.topics(), java.util.Optional.empty());
  }

  /** The member has done as it was told last. */
  private Holding holding(int member) {
    return new Holding(id(member), group.epoch(member), group.member(member).allowed());
  }

  private void scene(String title) {
    play.append(play.isEmpty() ? "" : "\n").append("--- ").append(title).append('\n');
  }

  private void act(String what, GroupCommand command) {
    play.append(what).append('\n');
    switch (group.submit(command)) {
      case Accepted(var events, var refused) -> {
        events.forEach(event -> play.append("    ").append(text(event)).append('\n'));
        refused
            .values()
            .forEach(why -> play.append("    refused: ").append(why.code()).append('\n'));
        if (events.isEmpty() && refused.isEmpty()) {
          play.append("    nothing to do\n");
        }
      }
      case Refusal(var why) -> play.append("    refused: ").append(why.code()).append('\n');
    }
  }

  private static String text(GroupEvent event) {
    return switch (event) {
      case GroupSet(var header) ->
          "group   epoch %d, %s"
              .formatted(
                  header.epoch(),
                  header
                      .classic()
                      .map(round -> round.phase().toString())
                      .orElse(header.isTargetDue() ? "target due" : "target made"));
      case GroupGone _ -> "group   gone";
      case WishesSet(var member, var wishes) ->
          "%s       wants %s".formatted(name(member), wishes.topics());
      case WishesGone(var member) -> name(member) + "       gone";
      case HoldingsSet(var member, var holdings) ->
          "%s       epoch %d, has [%s], is to have %s%s"
              .formatted(
                  name(member),
                  holdings.epoch(),
                  holds(holdings),
                  TestGroup.texts(holdings.target()),
                  holdings.assignment().map(assignment -> ", assigned").orElse(""));
      case HoldingsGone(var member) -> name(member) + "       has nothing any more";
      case OffsetSet(var partition, var committed) ->
          "offset  %s %d"
              .formatted(
                  (char) partition.topic().low() + "" + partition.partition(), committed.offset());
      case OffsetGone(var partition) -> "offset  " + partition + " gone";
    };
  }

  private static String holds(Holdings holdings) {
    return holdings.held().entrySet().stream()
        .map(entry ->
            (char) entry.getKey().topic().low()
                + ""
                + entry.getKey().partition()
                + "@"
                + entry.getValue().grantedEpoch()
                + (entry.getValue().isRevoked()
                    ? " revoked@" + entry.getValue().revokedEpoch().getAsInt()
                    : ""))
        .collect(Collectors.joining(", "));
  }

  private static String name(MemberId member) {
    return Character.toString((char) ('A' + member.value().getLeastSignificantBits() - 1));
  }
}
