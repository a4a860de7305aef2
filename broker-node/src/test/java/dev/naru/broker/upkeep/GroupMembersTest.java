package dev.naru.broker.upkeep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.broker.group.GroupImage;
import dev.naru.broker.metrics.NodeMeters;
import dev.naru.types.NodeId;
import dev.naru.types.PartitionId;
import dev.naru.types.TopicId;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GroupMembersTest {

  private static final PartitionId SHARD = new PartitionId(TopicId.of(9, 9), 0);
  private static final PartitionId OTHER = new PartitionId(TopicId.of(9, 9), 1);

  private final NodeMeters meters = NodeMeters.create(new NodeId(7));
  private final GroupMembers members = new GroupMembers(meters);

  @AfterEach
  void close() {
    meters.close();
  }

  @Test
  void countsByGroupAndState() {
    members.show(
        Map.of(
            SHARD, List.of(group("a", 3), GroupImage.empty("c")), OTHER, List.of(group("b", 1))));

    assertThat(series())
        .containsExactlyInAnyOrder(
            "naru_group_members{group=\"a\",node=\"7\",state=\"active\"} 1.0",
            "naru_group_members{group=\"a\",node=\"7\",state=\"idle_standby\"} 2.0",
            "naru_group_members{group=\"b\",node=\"7\",state=\"active\"} 1.0");
  }

  /** Its coordinator is another node now, or nobody is in it. */
  @Test
  void saysNothingMoreOfAGroupThatIsGone() {
    members.show(Map.of(SHARD, List.of(group("a", 1)), OTHER, List.of(group("b", 1))));
    members.forget(SHARD);

    assertThat(series()).singleElement().asString().contains("group=\"b\"");

    members.show(Map.of(OTHER, List.of(GroupImage.empty("b"))));

    assertThat(series()).isEmpty();
  }

  @Test
  void countsManyGroupsTogether() {
    var small = IntStream.range(0, GroupMembers.GROUPS_MAX + 9).mapToObj(i -> group("g" + i, 1));

    members.show(Map.of(SHARD, Stream.concat(small, Stream.of(group("large", 2))).toList()));

    assertThat(series())
        .contains("naru_group_members{group=\"_other\",node=\"7\",state=\"active\"} 10.0")
        .contains("naru_group_members{group=\"large\",node=\"7\",state=\"idle_standby\"} 1.0");
  }

  private List<String> series() {
    return meters.page().lines().filter(line -> line.startsWith("naru_group_members{")).toList();
  }

  /** The first member has the partition, the others stand by. */
  private static GroupImage group(String name, int count) {
    var image = Groups.join(Groups.group(name), 1, 0);
    for (int id = 2; id <= count; id++) {
      image = Groups.join(image, id);
    }
    return image;
  }
}
