package dev.naru.broker.upkeep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.broker.metrics.NodeMeters;
import dev.naru.log.LogFixture;
import dev.naru.log.disk.DiskSpace;
import dev.naru.log.disk.FaultyDisk;
import dev.naru.log.disk.SpaceRule;
import dev.naru.log.retention.Keep;
import dev.naru.log.salvage.SetAsideReason;
import dev.naru.types.NodeId;
import org.junit.jupiter.api.Test;

class DiskWatermarksTest {

  private static final long GIB = 1L << 30;

  private final FaultyDisk disk = new FaultyDisk(LogFixture.formatted());
  private SpaceRule rule = new SpaceRule(0.95);

  /** What is deleted does not come back with the ratio. */
  @Test
  void deletesNothingBecauseOfARatioThatIsASlip() {
    try (var store = LogFixture.open(disk);
        var meters = NodeMeters.create(new NodeId(1))) {
      store.create(LogFixture.partition(0), LogFixture.SMALL);
      store.setAside(
          LogFixture.partition(0),
          SetAsideReason.TOPIC_DELETED,
          Keep.WHILE_THERE_IS_ROOM,
          "its topic was deleted");
      var directory = store.directories().getFirst();
      var watermarks = new DiskWatermarks(store, () -> rule, meters);
      disk.fill(new DiskSpace(50 * GIB, 100 * GIB));

      rule = new SpaceRule(0.09);
      watermarks.look();
      assertThat(directory.whyFull()).isPresent();
      assertThat(disk.list("lost+found")).hasSize(1);

      rule = new SpaceRule(0.9);
      watermarks.look();
      assertThat(directory.whyFull()).isEmpty();
      assertThat(disk.list("lost+found")).hasSize(1);

      disk.fill(new DiskSpace(9 * GIB, 100 * GIB));
      watermarks.look();
      assertThat(disk.list("lost+found")).isEmpty();
    }
  }
}
