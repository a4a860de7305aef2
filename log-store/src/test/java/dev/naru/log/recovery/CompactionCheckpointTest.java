package dev.naru.log.recovery;

import static dev.naru.log.LogFixture.partition;
import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.log.LogFixture;
import dev.naru.log.compaction.CleanState;
import dev.naru.log.disk.CrashableDisk;
import dev.naru.log.recovery.CompactionCheckpoint.Found;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** What a log believes of its compaction. */
class CompactionCheckpointTest {

  private static final CleanState STATE = new CleanState(20, 10, OptionalLong.of(7), 5);

  private final CrashableDisk disk = LogFixture.formatted();

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

  private CompactionCheckpoint written(int partition, CleanState state) {
    disk.makeDirectory(partition(partition).toString());
    var checkpoint = new CompactionCheckpoint(disk, partition(partition));
    checkpoint.write(state);
    return checkpoint;
  }
}
