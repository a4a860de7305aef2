package dev.naru.broker.upkeep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.broker.metrics.NodeMeters;
import dev.naru.log.LogFixture;
import dev.naru.log.disk.FaultyDisk;
import dev.naru.log.disk.FaultyDisk.Operation;
import dev.naru.log.retention.Keep;
import dev.naru.log.salvage.SetAside;
import dev.naru.log.salvage.SetAsideReason;
import dev.naru.types.NodeId;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SetAsideWatchTest {

  private final FaultyDisk disk = new FaultyDisk(LogFixture.formatted());

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
      var watch = new SetAsideWatch(Map.of("/data", new SetAside(disk)), meters);
      assertThat(meters.page()).contains(line("entries", "cut-off", "NaN"));

      watch.look();

      assertThat(meters.page())
          .contains(line("entries", "cut-off", "1.0"), line("entries", "other", "1.0"))
          .contains(line("bytes", "cut-off", bytes + ".0"), line("bytes", "other", "0.0"));

      disk.failWhen((operation, name) ->
          operation == Operation.OPEN ? Optional.of("Input/output error") : Optional.empty());
      watch.look();
      assertThat(meters.page()).contains(line("entries", "cut-off", "1.0"));
    }
  }

  private static String line(String what, String kind, String value) {
    return "naru_set_aside_%s{dir=\"/data\",kind=\"%s\",node=\"1\"} %s"
        .formatted(what, kind, value);
  }
}
