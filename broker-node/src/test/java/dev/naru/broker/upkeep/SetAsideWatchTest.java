package dev.naru.broker.upkeep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.broker.metrics.NodeMeters;
import dev.naru.log.LogFixture;
import dev.naru.log.PartitionLog;
import dev.naru.log.disk.FaultyDisk;
import dev.naru.log.disk.FaultyDisk.Operation;
import dev.naru.log.retention.Keep;
import dev.naru.log.salvage.SetAside;
import dev.naru.log.salvage.SetAsideReason;
import dev.naru.types.NodeId;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SetAsideWatchTest {

  private final FaultyDisk disk = new FaultyDisk(LogFixture.formatted());
  private long nowNanos;

  @Test
  void countsWhatMayBeMissingAndWhatIsNot() {
    try (var store = LogFixture.open(disk);
        var meters = NodeMeters.create(new NodeId(1))) {
      var log = store.create(LogFixture.partition(0), LogFixture.SMALL);
      LogFixture.append(log, 4, 1);
      long bytes = LogFixture.append(log, 4, 1).bytes();
      log.truncateTo(4, "test");
      store.create(LogFixture.partition(1), LogFixture.SMALL);
      store.setAside(
          LogFixture.partition(1),
          SetAsideReason.TOPIC_DELETED,
          Keep.WHILE_THERE_IS_ROOM,
          "its topic was deleted");
      var watch = new SetAsideWatch(Map.of("/data", new SetAside(disk)), meters, () -> nowNanos);
      assertThat(meters.page()).contains(line("entries", "cut-off", "NaN"));

      watch.look();

      assertThat(meters.page())
          .contains(line("entries", "cut-off", "1.0"), line("entries", "other", "1.0"))
          .contains(line("bytes", "cut-off", bytes + ".0"), line("bytes", "other", "0.0"));

      disk.failWhen((operation, name) ->
          operation == Operation.OPEN ? Optional.of("Input/output error") : Optional.empty());
      nowNanos = TimeUnit.MINUTES.toNanos(5);
      watch.look();
      assertThat(meters.page()).contains(line("entries", "cut-off", "1.0"));
    }
  }

  @Test
  void countsAHundredInALookAndAnewAfterFiveMinutes() {
    try (var store = LogFixture.open(disk);
        var meters = NodeMeters.create(new NodeId(1))) {
      var log = store.create(LogFixture.partition(0), LogFixture.SMALL);
      LogFixture.append(log, 4, 1);
      cutOff(log, 101);
      var watch = new SetAsideWatch(Map.of("/data", new SetAside(disk)), meters, () -> nowNanos);

      watch.look();
      assertThat(meters.page()).contains(line("entries", "cut-off", "NaN"));
      watch.look();
      assertThat(meters.page()).contains(line("entries", "cut-off", "101.0"));

      cutOff(log, 1);
      nowNanos = TimeUnit.MINUTES.toNanos(5) - 1;
      watch.look();
      assertThat(meters.page()).contains(line("entries", "cut-off", "101.0"));
      nowNanos++;
      watch.look();
      assertThat(meters.page())
          .as("of whole counts only")
          .contains(line("entries", "cut-off", "101.0"));
      watch.look();
      assertThat(meters.page()).contains(line("entries", "cut-off", "102.0"));
    }
  }

  /** What comes meanwhile is for the next count; what goes is not counted. */
  @Test
  void looksOnceAtWhatThereIsInACount() {
    try (var store = LogFixture.open(disk);
        var meters = NodeMeters.create(new NodeId(1))) {
      var log = store.create(LogFixture.partition(0), LogFixture.SMALL);
      LogFixture.append(log, 4, 1);
      cutOff(log, 250);
      var watch = new SetAsideWatch(Map.of("/data", new SetAside(disk)), meters, () -> nowNanos);

      watch.look();
      cutOff(log, 1);
      watch.look();
      watch.look();

      assertThat(meters.page()).contains(line("entries", "cut-off", "250.0"));
    }
  }

  private static void cutOff(PartitionLog log, int times) {
    for (int i = 0; i < times; i++) {
      LogFixture.append(log, 4, 1);
      log.truncateTo(4, "test");
    }
  }

  private static String line(String what, String kind, String value) {
    return "naru_set_aside_%s{dir=\"/data\",kind=\"%s\",node=\"1\"} %s"
        .formatted(what, kind, value);
  }
}
