package dev.naru.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.cli.json.JsonWriter;
import dev.naru.client.GroupProtocol;
import dev.naru.client.TopicPartition;
import dev.naru.client.admin.GroupDescription;
import dev.naru.client.admin.GroupOffset;
import dev.naru.client.admin.GroupSummary;
import dev.naru.client.admin.MemberDescription;
import dev.naru.client.admin.OffsetChange;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class GroupTextTest {

  private static final UUID MEMBER = new UUID(0, 7);

  private final GroupSummary busy =
      new GroupSummary(
          "billing",
          GroupSummary.State.STABLE,
          GroupProtocol.NATIVE,
          "sticky",
          3,
          2,
          2,
          1,
          Instant.EPOCH);
  private final GroupSummary empty =
      new GroupSummary(
          "old", GroupSummary.State.EMPTY, GroupProtocol.CLASSIC, "", 9, 0, 12, 2, Instant.EPOCH);
  private final GroupDescription described =
      new GroupDescription(
          busy,
          List.of(
              new MemberDescription(
                  MEMBER,
                  Optional.of("seven"),
                  "app",
                  "10.0.0.7",
                  MemberDescription.State.ACTIVE,
                  3,
                  new TreeSet<>(List.of(orders(0), orders(2)))),
              new MemberDescription(
                  new UUID(0, 8),
                  Optional.empty(),
                  "",
                  "10.0.0.8",
                  MemberDescription.State.IDLE_STANDBY,
                  2,
                  new TreeSet<>())),
          List.of(
              offset(0, OptionalLong.of(60), Optional.of(Duration.ofMillis(1_540)), true),
              offset(1, OptionalLong.empty(), Optional.empty(), false)),
          List.of("add partitions, then members"));

  @Test
  void listsGroups() {
    assertThat(GroupText.table(List.of(busy, empty)))
        .containsExactly(
            "GROUP    STATE   MEMBERS  OFFSETS  COORDINATOR",
            "billing  stable  2        2        1",
            "old      empty   0        12       2");
    assertThat(GroupText.wide(List.of(empty)))
        .last()
        .asString()
        .isEqualTo(
            "old    empty  0        12       2            classic   -         9     "
                + " 1970-01-01T00:00:00Z");
  }

  @Test
  void describesWhoReadsWhatAndHowFarBehind() {
    assertThat(GroupText.describe(described))
        .containsExactly(
            "GROUP        billing",
            "state        stable",
            "protocol     native",
            "assignor     sticky",
            "epoch        3",
            "coordinator  node 1",
            "created      1970-01-01T00:00:00Z",
            "lag          60 records, 1.5 s, not known of 1 partitions",
            "",
            "MEMBER                                INSTANCE  CLIENT  HOST      STATE         EPOCH "
                + " PARTITIONS",
            "00000000-0000-0000-0000-000000000007  seven     app     10.0.0.7  active        3     "
                + " 2",
            "00000000-0000-0000-0000-000000000008  -         -       10.0.0.8  idle standby  2     "
                + " 0",
            "",
            "PARTITION  COMMITTED  END  LAG  LAG TIME  MEMBER                                NOTE",
            "orders/0   40         100  60   1.5 s     00000000-0000-0000-0000-000000000007  passed"
                + " by retention",
            "orders/1   40         -    -    -         -                                     -",
            "orders/2   -          -    -    -         00000000-0000-0000-0000-000000000007  -",
            "",
            "advice: add partitions, then members");
  }

  @Test
  void saysLittleOfAGroupThatHasNothing() {
    assertThat(GroupText.describe(new GroupDescription(empty, List.of(), List.of(), List.of())))
        .hasSize(8)
        .endsWith("lag          -");
  }

  @Test
  void showsOffsetsBeforeAndAfterAndTheLagOfBoth() {
    assertThat(
            GroupText.changes(
                List.of(
                    new OffsetChange(orders(0), OptionalLong.of(5), 70, 100),
                    new OffsetChange(orders(1), OptionalLong.empty(), 0, 0))))
        .containsExactly(
            "PARTITION  OLD  NEW  END  OLD LAG  NEW LAG",
            "orders/0   5    70   100  95       30",
            "orders/1   -    0    0    -        0");
  }

  @Test
  void showsOffsetsThatAreForgotten() {
    var forgotten = Map.entry(orders(3), 5L);

    assertThat(GroupText.forgotten(List.of(forgotten)))
        .containsExactly("PARTITION  COMMITTED", "orders/3   5");
    assertThat(JsonWriter.compact(GroupText.json(forgotten)))
        .isEqualTo("{\"topic\":\"topics/orders\",\"partition\":3,\"offset\":\"5\"}");
  }

  @Test
  void givesProgramsTheMessagesOfTheApi() {
    assertThat(JsonWriter.compact(GroupText.json(empty)))
        .isEqualTo(
            "{\"name\":\"groups/old\",\"state\":\"STATE_EMPTY\",\"protocol\":\"PROTOCOL_CLASSIC\","
                + "\"assignor\":\"\",\"epoch\":9,\"memberCount\":0,\"offsetCount\":12,"
                + "\"coordinator\":2,\"createTime\":\"1970-01-01T00:00:00Z\"}");
    assertThat(JsonWriter.compact(GroupText.json(described)))
        .contains(
            "\"partitions\":[{\"topic\":\"topics/orders\",\"partitions\":[0,2]}]",
            "{\"topic\":\"topics/orders\",\"partition\":0,\"committed\":\"40\",\"leaderEpoch\":5,"
                + "\"metadata\":\"note\",\"commitTime\":\"1970-01-01T00:00:00Z\",\"end\":\"100\","
                + "\"lagRecords\":\"60\",\"lagSeconds\":1.54,\"passedByRetention\":true,"
                + "\"member\":\"00000000-0000-0000-0000-000000000007\"}",
            "\"partition\":1,\"committed\":\"40\",\"leaderEpoch\":5,\"metadata\":\"note\","
                + "\"commitTime\":\"1970-01-01T00:00:00Z\",\"passedByRetention\":false")
        .endsWith("\"advice\":[\"add partitions, then members\"]}");
    assertThat(
            JsonWriter.compact(
                GroupText.json(new OffsetChange(orders(1), OptionalLong.empty(), 3, 10))))
        .isEqualTo(
            "{\"topic\":\"topics/orders\",\"partition\":1,\"newOffset\":\"3\",\"end\":\"10\","
                + "\"newLag\":\"7\"}");
  }

  private static TopicPartition orders(int partition) {
    return new TopicPartition("orders", partition);
  }

  private static GroupOffset offset(
      int partition, OptionalLong records, Optional<Duration> time, boolean isPassed) {
    return new GroupOffset(
        orders(partition),
        40,
        OptionalInt.of(5),
        "note",
        Instant.EPOCH,
        records.isPresent() ? OptionalLong.of(100) : OptionalLong.empty(),
        records,
        time,
        isPassed,
        partition == 0 ? Optional.of(MEMBER) : Optional.empty());
  }
}
