package dev.naru.broker.upkeep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.broker.metrics.NodeMeters;
import dev.naru.broker.replica.PartitionEvent.DuplicateMet;
import dev.naru.broker.replica.PartitionEvent.SequenceRefused;
import dev.naru.broker.replica.PartitionEvent.SequenceReused;
import dev.naru.log.LogFixture;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.types.ErrorCode;
import dev.naru.types.NodeId;
import dev.naru.types.Refused;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is counted of batches that producers number. */
class NumberedBatchNoticesTest {

  private static final Refused GAP = new Refused(ErrorCode.OUT_OF_ORDER_SEQUENCE, "Expected 3");
  private static final Refused UNKNOWN = new Refused(ErrorCode.UNKNOWN_PRODUCER_ID, "Expected 0");

  private final ScheduledThreadPoolExecutor chores = new ScheduledThreadPoolExecutor(1);
  private final NodeMeters meters = NodeMeters.create(new NodeId(1));
  private final PartitionNotices notices =
      new PartitionNotices(
          () -> ClusterImage.empty("cluster"),
          new ReplicaFaults(
              LogFixture.open(LogFixture.formatted()),
              new ReplicaRepairs(LogFixture.open(LogFixture.formatted()), meters, () -> 0),
              chores,
              meters),
          meters,
          () -> 0);

  @AfterEach
  void close() {
    chores.shutdownNow();
    meters.close();
  }

  @Test
  void countsWhatCameAgain() {
    assertThat(after("naru_producer_duplicates_total{node=\"1\"} ")).isEqualTo("0.0");

    notices.report(LogFixture.partition(0), new DuplicateMet(7));
    notices.report(LogFixture.partition(0), new DuplicateMet(8));

    assertThat(after("naru_producer_duplicates_total{node=\"1\"} ")).isEqualTo("2.0");
  }

  @Test
  void countsWhatCameOutOfTurnByItsCode() {
    notices.report(LogFixture.partition(0), new SequenceRefused(GAP));
    notices.report(LogFixture.partition(0), new SequenceReused(GAP));
    notices.report(LogFixture.partition(0), new SequenceRefused(UNKNOWN));

    assertThat(refused(GAP)).isEqualTo("2.0");
    assertThat(refused(UNKNOWN)).isEqualTo("1.0");
    assertThat(after("naru_events_total{code=\"SEQUENCE_REUSED\",node=\"1\"} ")).isEqualTo("1.0");
  }

  private String refused(Refused why) {
    return after(
        "naru_producer_sequence_refusals_total{code=\"%s\",node=\"1\"} ".formatted(why.code()));
  }

  private String after(String series) {
    return meters
        .page()
        .lines()
        .filter(line -> line.startsWith(series))
        .map(line -> line.substring(series.length()))
        .findFirst()
        .orElse("none");
  }
}
