package dev.naru.broker.upkeep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.broker.metrics.NodeMeters;
import dev.naru.broker.replica.LedCluster;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.DeclaredLoss;
import dev.naru.metadata.image.ImageDelta;
import dev.naru.metadata.image.LogEnd;
import dev.naru.metadata.image.LossCause;
import dev.naru.metadata.image.Losses;
import dev.naru.metadata.image.PartitionImage;
import dev.naru.metadata.log.Applied;
import dev.naru.types.LeaderEpoch;
import dev.naru.types.NodeId;
import dev.naru.types.PartitionId;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.pcollections.TreePSet;

class LossNoticesTest {

  private ClusterImage image = LedCluster.of(3, 3, 3);
  private final PartitionId id = image.partitionIds().findFirst().orElseThrow();
  private final NodeId leader = image.partition(id).flatMap(PartitionImage::leader).orElseThrow();
  private final NodeMeters meters = NodeMeters.create(leader);
  private final LossNotices notices = new LossNotices(leader, meters);

  @Test
  void countsWhatIsDeclaredAndOnlyWhatIsMoreLater() {
    become(loss(100, 110, false));
    assertThat(events()).isEqualTo("1.0");
    assertThat(lost()).isEqualTo("10.0");

    become(loss(100, 125, true));
    assertThat(events()).isEqualTo("2.0");
    assertThat(lost()).isEqualTo("25.0");

    become(loss(100, 125, true));
    assertThat(events()).isEqualTo("2.0");
  }

  @Test
  void saysOnceThatNothingWasLostAfterAll() {
    become(loss(100, 100, false));
    become(Losses.NONE);
    become(Losses.NONE);

    assertThat(events()).isEqualTo("2.0");
    assertThat(lost()).isEqualTo("0.0");
  }

  @Test
  void saysOnceWhoseDiskWasNotWaitedForAnyLonger() {
    var without = loss(100, 110, false).withPassedOver(TreePSet.singleton(new NodeId(3)));

    become(without);
    become(Losses.NONE.with(without).mapped(loss -> loss.extended(leader, loss.kept(), 100)));
    become(Losses.NONE.with(without).with(loss(7, 200, 210)));

    assertThat(passedOver()).isEqualTo("1.0");
  }

  @Test
  void saysItOfEachOfTwoRecoveriesThatItHearsOfTogether() {
    var first = loss(5, 100, 110).withPassedOver(TreePSet.singleton(new NodeId(3)));
    var second = loss(7, 200, 210).withPassedOver(TreePSet.singleton(new NodeId(2)));

    become(Losses.NONE.with(first).with(second));

    assertThat(passedOver()).isEqualTo("2.0");
  }

  @Test
  void countsOfALossInPlaceOfAnotherOnlyWhatIsMore() {
    become(loss(100, 150, false));
    become(Losses.NONE.with(loss(5, 100, 150)).with(loss(7, 90, 95)));

    assertThat(events()).isEqualTo("2.0");
    assertThat(lost()).isEqualTo("60.0");
  }

  @Test
  void tellsAndCountsNothingWhenTwoAreNoLongerToldApart() {
    var losses = Losses.NONE;
    for (int i = 0; i < Losses.COUNT_MAX; i++) {
      losses = losses.with(loss(5 + 2 * i, 1_000_000L * i, 1_000_000L * i + 10));
    }
    become(losses);
    int declared = 10 * Losses.COUNT_MAX;
    assertThat(lost()).isEqualTo(declared + ".0");

    become(losses.with(loss(5 + 2 * Losses.COUNT_MAX, 100_000_000, 100_000_010)));

    assertThat(events()).isEqualTo(Losses.COUNT_MAX + 1 + ".0");
    assertThat(lost()).isEqualTo(declared + 10 + ".0");
  }

  @Test
  void tellsNothingOfWhatWasDeclaredBeforeItBegan() {
    var first = with(loss(100, 110, false));

    notices.imageChanged(
        ImageDelta.between(ClusterImage.empty("cluster"), first), new Applied(1, first));

    assertThat(events()).isEqualTo("0.0");
  }

  private String events() {
    return after("naru_events_total{code=\"DATA_LOSS_DECLARED\",node=\"%s\"} ".formatted(leader));
  }

  private String passedOver() {
    return after("naru_events_total{code=\"REPLICA_PASSED_OVER\",node=\"%s\"} ".formatted(leader));
  }

  private String lost() {
    return after(
        "naru_dataloss_records_total{node=\"%s\",topic=\"%s\"} "
            .formatted(leader, image.topic(id.topic()).orElseThrow().name()));
  }

  private String after(String series) {
    var page = meters.page();
    int at = page.indexOf(series);
    assertThat(at).as("%s in %s", series, page).isNotNegative();
    return page.substring(at + series.length(), page.indexOf('\n', at));
  }

  private void become(DeclaredLoss loss) {
    become(Losses.NONE.with(loss));
  }

  private void become(Losses losses) {
    var next = with(losses);
    notices.imageChanged(ImageDelta.between(image, next), new Applied(1, next));
    image = next;
  }

  private ClusterImage with(DeclaredLoss loss) {
    return with(Losses.NONE.with(loss));
  }

  private ClusterImage with(Losses losses) {
    var entry = image.partition(id).orElseThrow();
    return image.withPartition(
        id,
        new PartitionImage(
            entry.replicas(),
            entry.isr(),
            entry.elr(),
            entry.lastKnown(),
            entry.leader(),
            entry.leaderEpoch(),
            entry.partitionEpoch().next(),
            losses));
  }

  private static DeclaredLoss loss(int epoch, long from, long to) {
    return loss(epoch, from, to, false);
  }

  private static DeclaredLoss loss(long from, long to, boolean isExact) {
    return loss(5, from, to, isExact);
  }

  private static DeclaredLoss loss(int epoch, long from, long to, boolean isExact) {
    return new DeclaredLoss(
        new LeaderEpoch(epoch),
        new LogEnd(Optional.of(new LeaderEpoch(3)), from),
        from,
        to,
        isExact,
        TreePSet.empty(),
        LossCause.MODE);
  }
}
