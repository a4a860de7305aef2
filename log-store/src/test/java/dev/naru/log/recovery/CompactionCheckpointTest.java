package dev.naru.log.recovery;

import static dev.naru.log.LogFixture.partition;
import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.log.LogFixture;
import dev.naru.log.compaction.CleanState;
import dev.naru.log.disk.CrashableDisk;
import dev.naru.log.recovery.CompactionCheckpoint.Found;
import dev.naru.types.PartitionId;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** What a log believes of its compaction. */
class CompactionCheckpointTest {

  private static final CleanState STATE = new CleanState(20, 10, OptionalLong.of(7), 5);

  private final CrashableDisk disk = LogFixture.formatted();
  private final Numbers record = new Numbers();

  @Test
  void knowsWhatItWrote() {
    var checkpoint = written(0, STATE);

    assertThat(checkpoint.read()).isEqualTo(new Found.Known(STATE));
  }

  /** It would say that deletions are still there which are gone. */
  @Test
  void isDamagedIfItIsOfAnotherLog() {
    var checkpoint = written(0, STATE);
    written(1, new CleanState(9, 0, OptionalLong.empty(), 0));

    disk.replace(partition(0) + "/compaction", disk.bytes(partition(1) + "/compaction"));

    assertThat(checkpoint.read()).isEqualTo(new Found.Damaged());
  }

  /** It would say the same, of deletions that went after it was made. */
  @Test
  void isDamagedIfItIsAnOldCopy() {
    var checkpoint = written(0, STATE);
    byte[] old = disk.bytes(partition(0) + "/compaction");
    checkpoint.write(STATE.withPurgedBelow(15));

    disk.replace(partition(0) + "/compaction", old);

    assertThat(checkpoint.read()).isEqualTo(new Found.Damaged());
  }

  /** A crash came before its number was on record. */
  @Test
  void isNotDamagedIfItIsNewerThanItsNumberOnRecord() {
    written(0, STATE).write(STATE.withPurgedBelow(15));
    record.checkpointed(partition(0), 1);
    var found = new CompactionCheckpoint(disk, partition(0), record);

    assertThat(found.read()).isEqualTo(new Found.Known(STATE.withPurgedBelow(15)));

    found.write(STATE);
    assertThat(record.checkpoint(partition(0))).isEqualTo(3);
  }

  private CompactionCheckpoint written(int partition, CleanState state) {
    disk.makeDirectory(partition(partition).toString());
    var checkpoint = new CompactionCheckpoint(disk, partition(partition), record);
    checkpoint.write(state);
    return checkpoint;
  }

  /** What is on record of checkpoints, and nothing else. */
  private static final class Numbers implements DurablePoints {

    private final Map<PartitionId, Integer> numbers = new HashMap<>();

    @Override
    public void lower(DurablePoint point) {}

    @Override
    public OptionalLong recordedBase(PartitionId partition) {
      return OptionalLong.empty();
    }

    @Override
    public void checkpointed(PartitionId partition, int number) {
      numbers.put(partition, number);
    }

    @Override
    public int checkpoint(PartitionId partition) {
      return numbers.getOrDefault(partition, 0);
    }
  }
}
