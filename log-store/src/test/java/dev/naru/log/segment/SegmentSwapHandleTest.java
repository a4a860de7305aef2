package dev.naru.log.segment;

import static dev.naru.log.LogFixture.NOW_MILLIS;
import static dev.naru.log.LogFixture.partition;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.naru.log.CompactedSegments;
import dev.naru.log.CompactionFixture;
import dev.naru.log.LogCompaction;
import dev.naru.log.LogFixture;
import dev.naru.log.disk.NioDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SegmentSwapHandleTest {

  private static final Path HANDLES = Path.of("/proc/self/fd");

  @TempDir Path root;

  @Test
  void theFileThatLosesItsNameToASwapGoesWhenThePreparingThreadLetsItGo() throws IOException {
    assumeThat(HANDLES).isDirectory();
    var disk = NioDisk.at(root);
    LogFixture.format(disk);
    var store = LogFixture.open(disk);
    var log = store.create(partition(0), CompactionFixture.compacted(LogFixture.SMALL, 1_000));
    for (int i = 0; i < 50; i++) {
      LogFixture.append(log, 5, 1);
    }
    LogFixture.force(store, log);
    LogFixture.force(store, log); // with the second one the owner closes what the first one forced
    log.noteHighWatermark(log.end());
    var pass = log.cleaning().pass(CompactionFixture.run(NOW_MILLIS, CompactionFixture.ROOMY));
    assertThat(pass.begin()).isTrue();
    CompactedSegments segments = prepared(pass);

    assertThat(log.swap(segments)).isTrue();
    assertThat(nameless()).hasSize(1);
    segments.finish();

    assertThat(nameless()).isEmpty();
    store.close();
  }

  private static CompactedSegments prepared(LogCompaction pass) {
    while (true) {
      if (pass.next() instanceof LogCompaction.Step.Prepared(var segments)) {
        return segments;
      }
    }
  }

  /** Files of this test that are open and have no name any more. */
  private List<String> nameless() throws IOException {
    try (var handles = Files.list(HANDLES)) {
      return handles
          .map(SegmentSwapHandleTest::target)
          .filter(target -> target.startsWith(root.toString()) && target.endsWith("(deleted)"))
          .toList();
    }
  }

  private static String target(Path handle) {
    try {
      return Files.readSymbolicLink(handle).toString();
    } catch (IOException closedMeanwhile) {
      return "";
    }
  }
}
