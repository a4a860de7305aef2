package dev.naru.simulation.invariant;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.naru.broker.partition.PartitionRole;
import dev.naru.broker.partition.PartitionView;
import dev.naru.broker.replica.LocalNode;
import dev.naru.log.LogFixture;
import dev.naru.log.PartitionLog;
import dev.naru.log.retention.DropReason;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.types.LeaderEpoch;
import dev.naru.types.NodeEpoch;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What counts as another batch below a high watermark. */
class ByteIdentityTest {

  private static final LeaderEpoch EPOCH = new LeaderEpoch(1);

  private final Scene scene = new Scene(ClusterImage.empty("cluster"));
  private final PartitionLog log =
      LogFixture.open(LogFixture.formatted()).create(LogFixture.partition(0), LogFixture.SMALL);
  private final ByteIdentity invariant = new ByteIdentity();

  /**
   * The replica has heard of a loss from its log start on, and nobody leads who would have it cut
   * its log. Of the batch in which its log begins, only what is deleted lies below its watermark.
   */
  @Test
  void aBatchOfWhichOnlyWhatIsDeletedIsBelowTheWatermarkIsNoOtherBatch() {
    LogFixture.append(log, 2, 1);
    LogFixture.append(log, 3, 1);
    log.raiseStart(1, DropReason.REQUEST);
    othersCommit(4);

    assertThatCode(() -> look(1)).doesNotThrowAnyException();
    assertThatThrownBy(() -> look(2)).isInstanceOf(Violation.class);
  }

  @Test
  void anotherBatchBelowTheWatermarkIsAViolation() {
    LogFixture.append(log, 2, 1);
    othersCommit(2);

    assertThatThrownBy(() -> look(1)).isInstanceOf(Violation.class);
  }

  /** A leader of a later epoch has committed all up to there, and nothing of this log. */
  private void othersCommit(long highWatermark) {
    var other = new BatchMark(1, highWatermark, 2, 0, 100);
    scene.truth(log.id()).commit(new LeaderEpoch(2), List.of(other), highWatermark);
  }

  private void look(long highWatermark) {
    var view =
        new PartitionView(
            log.id(),
            PartitionRole.OFFLINE,
            EPOCH,
            Optional.empty(),
            highWatermark,
            0,
            false,
            false,
            log.view(),
            0);
    var self = new LocalNode(LogFixture.NODE, new NodeEpoch(7));
    invariant.changed(scene, new Replica(self, log, view));
  }
}
