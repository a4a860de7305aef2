package dev.naru.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.cli.json.JsonWriter;
import dev.naru.client.TopicPartition;
import dev.naru.client.admin.LossRange;
import dev.naru.client.admin.RecoveredPartition;
import dev.naru.client.admin.RecoveryCandidate;
import dev.naru.client.admin.RecoveryPlan;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class RecoveryTextTest {

  private static final TopicPartition PARTITION = new TopicPartition("orders", 3);

  private static final RecoveryPlan PLAN =
      new RecoveryPlan(
          PARTITION,
          OptionalInt.of(2),
          List.of(
              new RecoveryCandidate(
                  1,
                  true,
                  Optional.of("it is not here"),
                  OptionalInt.empty(),
                  0,
                  0,
                  0,
                  0,
                  Optional.empty()),
              new RecoveryCandidate(
                  2,
                  false,
                  Optional.empty(),
                  OptionalInt.of(7),
                  40,
                  39,
                  5,
                  38,
                  Optional.of(new LossRange(40, 53, false))),
              new RecoveryCandidate(
                  3,
                  false,
                  Optional.empty(),
                  OptionalInt.empty(),
                  0,
                  0,
                  0,
                  0,
                  Optional.of(new LossRange(0, 53, false)))));

  @Test
  void saysWhatEachAnsweredAndWhatItsLeadWouldCost() {
    assertThat(RecoveryText.table(PLAN, PLAN.best()))
        .containsExactly(
            "NODE  EPOCH  START  END  ON DISK  COMMITTED  SAFE  LOST IF IT LEADS",
            "1     -      -      -    -        -          yes   cannot lead: it is not here",
            "2     7      5      40   39       38         no    at least offsets 40-52 (13);"
                + " unknown from offset 53 on",
            "3     -      0      0    0        0          no    at least offsets 0-52 (53);"
                + " unknown from offset 53 on",
            "node 2 would lead orders/3; lost for good: at least offsets 40-52 (13);"
                + " unknown from offset 53 on");
  }

  @Test
  void saysThatNobodyCanLead() {
    assertThat(RecoveryText.table(PLAN, OptionalInt.empty()).getLast())
        .isEqualTo("no replica of orders/3 can lead now");
    assertThat(RecoveryText.table(PLAN, OptionalInt.of(1)).getLast())
        .isEqualTo("node 1 cannot lead orders/3");
    assertThat(RecoveryText.table(PLAN, OptionalInt.of(9)).getLast())
        .isEqualTo("node 9 has no replica of orders/3");
  }

  @Test
  void claimsNoMoreOfALossThanIsKnown() {
    assertThat(loss(40, 53, true)).isEqualTo("offsets 40-52 (13)");
    assertThat(loss(40, 40, true)).isEqualTo("nothing");
    assertThat(loss(40, 53, false))
        .isEqualTo("at least offsets 40-52 (13); unknown from offset 53 on");
    assertThat(loss(40, 40, false)).isEqualTo("nothing that is known; unknown from offset 40 on");
    assertThat(RecoveryText.loss(Optional.empty())).isEqualTo("nothing");
  }

  @Test
  void printsTheJsonOfTheApi() {
    assertThat(JsonWriter.compact(RecoveryText.json(PLAN, PLAN.best())))
        .startsWith(
            """
            {"name":"topics/orders/partitions/3","leader":2,\
            "loss":{"from":"40","to":"53","exact":false},"candidates":[{"node":1,"safe":true,\
            "whyNot":"it is not here","end":"0\"\
            """);
    var recovered = new RecoveredPartition(PARTITION, 2, Optional.of(new LossRange(40, 53, true)));
    assertThat(JsonWriter.compact(RecoveryText.json(recovered)))
        .isEqualTo(
            """
            {"name":"topics/orders/partitions/3","leader":2,\
            "loss":{"from":"40","to":"53","exact":true}}\
            """);
  }

  private static String loss(long from, long to, boolean isExact) {
    return RecoveryText.loss(Optional.of(new LossRange(from, to, isExact)));
  }
}
