package dev.naru.log;

import static dev.naru.log.LogFixture.partition;
import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.log.AppendResult.Appended;
import dev.naru.log.AppendResult.NotAppended;
import dev.naru.record.BatchBytes;
import dev.naru.record.BatchSieve;
import dev.naru.types.LeaderEpoch;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** A follower whose log ends inside what has become one header at its leader. */
class MergedBatchesTest {

  private static final LeaderEpoch EPOCH = new LeaderEpoch(1);

  private final PartitionLog log =
      LogFixture.open(LogFixture.formatted()).create(partition(0), LogFixture.SMALL);

  @Test
  void takesThePartFromItsEndOn() {
    LogFixture.append(log, 4, 1);

    var result = log.appendAsFollower(headerOf(10), EPOCH);

    assertThat(result).isInstanceOf(Appended.class);
    assertThat(log.end()).isEqualTo(10);
    assertThat(log.view().batchEndingAt(10))
        .hasValueSatisfying(header -> assertThat(header.baseOffset()).isEqualTo(4));
  }

  @Test
  void refusesAHeaderThatWasAlteredOnItsWay() {
    LogFixture.append(log, 4, 1);
    var bytes = ByteBuffer.allocate(61).put(headerOf(10).asByteBuffer()).flip();
    bytes.put(40, (byte) (bytes.get(40) + 1));

    assertThat(log.appendAsFollower(BatchBytes.of(bytes), EPOCH)).isInstanceOf(NotAppended.class);
  }

  @Test
  void refusesRecordsThatReachBack() {
    LogFixture.append(log, 4, 1);
    var batch = LogFixture.batch(10);
    batch.stamp(0, EPOCH);

    assertThat(log.appendAsFollower(batch, EPOCH)).isInstanceOf(NotAppended.class);
  }

  @Test
  void aCutInsideAHeaderGoesToItsBeginning() {
    LogFixture.append(log, 4, 1);
    var header = LogFixture.batch(6);
    header.stamp(4, EPOCH);
    log.appendAsFollower(BatchSieve.emptied(header.header()), EPOCH);

    var cut = log.truncateTo(7, "the leader said so");

    assertThat(cut.end()).isEqualTo(4);
    assertThat(log.end()).isEqualTo(4);
  }

  private static BatchBytes headerOf(int offsets) {
    var batch = LogFixture.batch(offsets);
    batch.stamp(0, EPOCH);
    return BatchSieve.emptied(batch.header());
  }
}
