package dev.naru.broker.upkeep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.broker.group.Cause;
import dev.naru.broker.group.Decision;
import dev.naru.broker.group.GroupCommand;
import dev.naru.broker.group.GroupCommand.Join;
import dev.naru.broker.group.GroupCommand.Retarget;
import dev.naru.broker.group.GroupConfig;
import dev.naru.broker.group.GroupImage;
import dev.naru.broker.group.GroupMachine;
import dev.naru.broker.group.GroupProtocol;
import dev.naru.broker.group.GroupRules;
import dev.naru.broker.group.MemberId;
import dev.naru.broker.group.MemberProfile;
import dev.naru.broker.group.TopicSeen;
import dev.naru.broker.group.TopicsSeen;
import dev.naru.broker.metrics.NodeMeters;
import dev.naru.types.NodeId;
import dev.naru.types.TopicId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.pcollections.TreePMap;
import org.pcollections.TreePSet;

/** Groups read topic t, which has one partition. */
class GroupMembersTest {

  private static final GroupMachine MACHINE =
      new GroupMachine(GroupConfig.DEFAULTS, GroupRules.PRODUCT);
  private static final TopicsSeen TOPICS =
      new TopicsSeen(1, TreePMap.singleton("t", TopicSeen.of(TopicId.of(1, 1), 1, 0)));

  private final NodeMeters meters = NodeMeters.create(new NodeId(7));
  private final GroupMembers members = new GroupMembers(meters);

  @AfterEach
  void close() {
    meters.close();
  }

  @Test
  void countsByGroupAndState() {
    members.show(List.of(group("a", 3), group("b", 1), GroupImage.empty("c")));

    assertThat(series())
        .containsExactlyInAnyOrder(
            "naru_group_members{group=\"a\",node=\"7\",state=\"active\"} 1.0",
            "naru_group_members{group=\"a\",node=\"7\",state=\"idle_standby\"} 2.0",
            "naru_group_members{group=\"b\",node=\"7\",state=\"active\"} 1.0");
  }

  /** Its coordinator is another node now, or nobody is in it. */
  @Test
  void saysNothingMoreOfAGroupThatIsGone() {
    members.show(List.of(group("a", 1), group("b", 1)));
    members.show(List.of(group("b", 1)));

    assertThat(series()).singleElement().asString().contains("group=\"b\"");
  }

  @Test
  void countsManyGroupsTogether() {
    var small = IntStream.range(0, GroupMembers.GROUPS_MAX + 9).mapToObj(i -> group("g" + i, 1));

    members.show(Stream.concat(small, Stream.of(group("large", 2))).toList());

    assertThat(series())
        .contains("naru_group_members{group=\"_other\",node=\"7\",state=\"active\"} 10.0")
        .contains("naru_group_members{group=\"large\",node=\"7\",state=\"idle_standby\"} 1.0");
  }

  private List<String> series() {
    return meters.page().lines().filter(line -> line.startsWith("naru_group_members{")).toList();
  }

  private static GroupImage group(String name, int count) {
    var image = GroupImage.empty(name);
    for (int id = 1; id <= count; id++) {
      image =
          after(
              image,
              new Join(
                  MemberId.of(0, id),
                  0,
                  1,
                  GroupProtocol.NATIVE,
                  new MemberProfile(
                      Optional.empty(),
                      Optional.empty(),
                      Optional.empty(),
                      "client",
                      "host",
                      Duration.ofSeconds(10),
                      Duration.ofSeconds(60)),
                  TreePSet.singleton("t"),
                  TreePSet.empty(),
                  List.of(),
                  false,
                  TOPICS,
                  0));
    }
    return after(image, new Retarget(Cause.JOINED, TOPICS, Optional.empty()));
  }

  private static GroupImage after(GroupImage image, GroupCommand command) {
    var after = image;
    for (var event : ((Decision.Accepted) MACHINE.decide(image, command)).events()) {
      after = GroupMachine.evolve(after, event);
    }
    return after;
  }
}
