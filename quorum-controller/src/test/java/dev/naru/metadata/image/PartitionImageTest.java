package dev.naru.metadata.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.metadata.image.ElrPlace.Awaited;
import dev.naru.metadata.image.ElrPlace.Recovered;
import dev.naru.metadata.image.ElrPlace.Unbroken;
import dev.naru.types.LeaderEpoch;
import dev.naru.types.NodeId;
import dev.naru.types.PartitionEpoch;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.pcollections.TreePMap;
import org.pcollections.TreePSet;

/** What an entry says of its replicas. */
class PartitionImageTest {

  private static final NodeId IN_SYNC = new NodeId(1);
  private static final NodeId OTHER = new NodeId(2);

  @Test
  void inSyncReplicasAreComplete() {
    assertThat(withElr(TreePMap.empty()).isComplete(IN_SYNC)).isTrue();
    assertThat(withElr(TreePMap.empty()).isComplete(OTHER)).isFalse();
  }

  /** An old copy of a disk keeps its place until the report of its logs gives it away. */
  @Test
  void aPlaceThatWaitsForAReportSaysNothingYet() {
    assertThat(withOther(new Unbroken()).isComplete(OTHER)).isTrue();
    assertThat(
            withOther(new Recovered(new LogEnd(Optional.of(new LeaderEpoch(1)), 7)))
                .isComplete(OTHER))
        .isTrue();
    assertThat(withOther(new Awaited()).isComplete(OTHER)).isFalse();
  }

  private static PartitionImage withOther(ElrPlace place) {
    return withElr(TreePMap.<NodeId, ElrPlace>empty().plus(OTHER, place));
  }

  private static PartitionImage withElr(TreePMap<NodeId, ElrPlace> elr) {
    return new PartitionImage(
        List.of(new Replica(IN_SYNC, PartitionEpoch.ZERO), new Replica(OTHER, PartitionEpoch.ZERO)),
        TreePSet.singleton(IN_SYNC),
        elr,
        TreePSet.empty(),
        Optional.of(IN_SYNC),
        new LeaderEpoch(1),
        PartitionEpoch.ZERO);
  }
}
