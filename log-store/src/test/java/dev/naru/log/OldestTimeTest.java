package dev.naru.log;

import static dev.naru.log.LogFixture.NOW_MILLIS;
import static dev.naru.log.LogFixture.partition;
import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.log.retention.DropReason;
import dev.naru.log.store.LogStore;
import dev.naru.record.TimestampType;
import dev.naru.types.LeaderEpoch;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Twelve batches of two records a millisecond apart, a second from batch to batch. */
class OldestTimeTest {

  private final LogStore store = LogFixture.open(LogFixture.formatted());

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void isThatOfTheFirstRecordOfTheBatchThatHoldsTheOffset() {
    var view = log(TimestampType.CREATE_TIME).view();

    assertThat(view.oldestTimeFrom(0, 24)).hasValue(NOW_MILLIS);
    assertThat(view.oldestTimeFrom(14, 24)).hasValue(NOW_MILLIS + 7_000);
    assertThat(view.oldestTimeFrom(15, 24)).as("inside a batch").hasValue(NOW_MILLIS + 7_000);
    assertThat(view.oldestTimeFrom(23, 24)).hasValue(NOW_MILLIS + 11_000);
  }

  @Test
  void isThatOfTheAppendWhereTheTopicStampsRecords() {
    var view = log(TimestampType.LOG_APPEND_TIME).view();

    assertThat(view.oldestTimeFrom(14, 24)).hasValue(NOW_MILLIS + 100);
  }

  @Test
  void isNoneWhereNothingIsCommitted() {
    var view = log(TimestampType.CREATE_TIME).view();

    assertThat(view.oldestTimeFrom(24, 24)).isEmpty();
    assertThat(view.oldestTimeFrom(10, 10)).isEmpty();
    assertThat(view.oldestTimeFrom(30, Long.MAX_VALUE)).as("beyond the end").isEmpty();
  }

  @Test
  void beginsWhereTheLogBegins() {
    var log = log(TimestampType.CREATE_TIME);
    log.raiseStart(13, DropReason.SIZE);
    LogFixture.force(store, log);

    assertThat(log.view().oldestTimeFrom(0, 24)).hasValue(NOW_MILLIS + 6_000);
  }

  @Test
  void isNotToldByAnOldViewWhoseSegmentIsGone() {
    var log = log(TimestampType.CREATE_TIME);
    var old = log.view();
    log.raiseStart(13, DropReason.SIZE);
    LogFixture.force(store, log);
    store.sweep();

    assertThat(old.oldestTimeFrom(0, 24)).isEqualTo(OptionalLong.empty());
    assertThat(old.oldestTimeFrom(14, 24)).hasValue(NOW_MILLIS + 7_000);
  }

  private PartitionLog log(TimestampType type) {
    var log = store.create(partition(0), new LogConfig(400, type));
    for (int i = 0; i < 12; i++) {
      var batch = LogFixture.batch(2, 10, NOW_MILLIS + 1_000L * i);
      log.appendAsLeader(batch, new LeaderEpoch(1), NOW_MILLIS + 100);
    }
    LogFixture.force(store, log);
    return log;
  }
}
