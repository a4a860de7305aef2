package dev.naru.metadata.ratis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.naru.metadata.codec.SnapshotCodec;
import dev.naru.metadata.command.InitializeCluster;
import dev.naru.metadata.log.MetadataLogException;
import dev.naru.metadata.ratis.InspectedEntry.Content;
import dev.naru.types.ErrorCode;
import dev.naru.types.NodeId;
import dev.naru.types.Refused;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is read of a metadata directory without the node. */
class MetadataInspectionTest {

  private static final NodeId ONE = new NodeId(1);

  private static final RatisSettings EAGER =
      new RatisSettings(Duration.ofMillis(100), Duration.ofMillis(200), 20, Duration.ofHours(1));

  @TempDir Path root;

  private Path directory = Path.of("");

  @Test
  @Tag("S13")
  void readsWhatANodeHasAndLeavesEveryFileAsItIs() throws Exception {
    try (var quorum = new TestQuorum(root.resolve("quorum"), EAGER, 1, 0)) {
      directory = quorum.seat(ONE).directory();
      quorum.startVoters();
      quorum.initialize();
      for (int i = 0; i < 50; i++) {
        quorum.change();
      }
      long change = quorum.change();
      var applied = quorum.log(ONE).whenApplied(change).get();
      String had = SnapshotCodec.stateHash(applied.image());

      var ofRunning = inspect();

      assertThat(ofRunning.faults()).isEmpty();
      assertThat(SnapshotCodec.stateHash(ofRunning.image())).isEqualTo(had);

      Path running = directory;
      directory = root.resolve("killed");
      MetadataDamageTest.copyOfRunning(running, directory);
      var files = files();
      var entries = new ArrayList<InspectedEntry>();
      var killed = MetadataInspection.of(directory, OptionalLong.empty(), entries::add);

      assertThat(SnapshotCodec.stateHash(killed.image())).isEqualTo(had);
      assertThat(killed.faults()).isEmpty();
      assertThat(killed.node()).isEqualTo(ONE);
      assertThat(killed.term()).hasValue(killed.at().term());
      assertThat(killed.votedFor()).contains("1");
      assertThat(killed.at().index()).isGreaterThanOrEqualTo(change);
      assertThat(killed.snapshot().orElseThrow().index()).isLessThanOrEqualTo(killed.at().index());
      assertThat(entries)
          .extracting(entry -> entry.at().index())
          .startsWith(0L)
          .endsWith(killed.last().orElseThrow().index())
          .doesNotHaveDuplicates()
          .isSorted();
      assertThat(entries.getFirst().content()).isInstanceOf(Content.Members.class);
      assertThat(entries)
          .extracting(InspectedEntry::content)
          .filteredOn(Content.Command.class::isInstance)
          .first()
          .satisfies(first ->
              assertThat(((Content.Command) first).envelope().command())
                  .isInstanceOf(InitializeCluster.class));
      assertThat(files()).isEqualTo(files);

      asOfAnEarlierEntry(change);
      aDamagedSnapshot(had);
      aDamagedLog(change);
      aMissingLog();
    }
  }

  private void asOfAnEarlierEntry(long change) throws Exception {
    var before = MetadataInspection.of(directory, OptionalLong.of(change - 1), _ -> {});
    assertThat(before.at().index()).isEqualTo(change - 1);
    assertThat(before.image().node(new NodeId(9)).orElseThrow().epoch().value()).isLessThan(change);
    assertThat(MetadataInspection.of(directory, OptionalLong.of(0), _ -> {}).image().nodes())
        .isEmpty();
    assertThatThrownBy(() -> MetadataInspection.of(directory, OptionalLong.of(9_999), _ -> {}))
        .isInstanceOfSatisfying(
            MetadataLogException.class,
            refused -> assertThat(refused.code()).isEqualTo(ErrorCode.INVALID_REQUEST))
        .hasMessageContaining("but was entry 9999; the log has entries 0 to ");
  }

  /** The one before it serves, as at a start. */
  private void aDamagedSnapshot(String had) throws Exception {
    Path snapshot = newest("sm", "snapshot.");
    byte[] sound = flip(snapshot, 100);

    var found = inspect();

    assertThat(found.faults())
        .singleElement()
        .satisfies(fault -> assertThat(fault.reason()).startsWith(snapshot + ": Expected the"));
    assertThat(SnapshotCodec.stateHash(found.image())).isEqualTo(had);
    Files.write(snapshot, sound);
  }

  private void aDamagedLog(long change) throws Exception {
    Path log = newest("current", "log_");
    byte[] sound = flip(log, 3_000);

    var seen = new ArrayList<InspectedEntry>();
    var found = MetadataInspection.of(directory, OptionalLong.empty(), seen::add);

    assertThat(found.faults())
        .singleElement()
        .extracting(Refused::reason)
        .asString()
        .matches("(?s)\\Q" + log + "\\E, byte (2[5-9]..|3000): .*");
    assertThat(seen.getLast().at().index()).isPositive().isLessThan(change);
    Files.write(log, sound);
  }

  private void aMissingLog() throws Exception {
    Path log = newest("current", "log_");
    byte[] sound = Files.readAllBytes(log);
    Files.delete(log);

    assertThat(inspect().faults())
        .singleElement()
        .extracting(Refused::reason)
        .asString()
        .contains("Expected the log to reach entry ", "(log-reach), but it ends at entry ");
    Files.write(log, sound);
  }

  @Test
  void readsOneThatNoNodeHasUsedYet() throws Exception {
    directory = root.resolve("new");
    MetadataDirectory.format(directory, TestQuorum.CLUSTER, ONE, new UUID(5, 1));

    var found = inspect();

    assertThat(found.faults()).isEmpty();
    assertThat(found.image().isInitialized()).isFalse();
    assertThat(found.first()).isEmpty();
    assertThat(found.term()).isEmpty();
  }

  @Test
  void refusesWhatIsNoMetadataDirectory() {
    assertThatThrownBy(() -> MetadataInspection.of(root, OptionalLong.empty(), _ -> {}))
        .hasMessageContaining("but there is no naru.meta in " + root);
  }

  private InspectedMetadata inspect() throws MetadataLogException {
    return MetadataInspection.of(directory, OptionalLong.empty(), _ -> {});
  }

  private static byte[] flip(Path file, int at) throws IOException {
    byte[] sound = Files.readAllBytes(file);
    byte[] damaged = sound.clone();
    damaged[at] ^= 4;
    Files.write(file, damaged);
    return sound;
  }

  private Path newest(String folder, String prefix) throws IOException {
    Path in = MetadataDirectory.raft(directory).resolve(TestQuorum.CLUSTER.toString());
    try (var files = Files.list(in.resolve(folder))) {
      return files
          .filter(file -> file.getFileName().toString().startsWith(prefix))
          .filter(file -> !file.toString().endsWith(".md5"))
          .max(Comparator.comparingLong(MetadataInspectionTest::index))
          .orElseThrow();
    }
  }

  private static long index(Path file) {
    String name = file.getFileName().toString();
    return Long.parseLong(name.substring(name.lastIndexOf('_') + 1).split("-", 2)[0]);
  }

  /** All that lies in the directory, with size and time. */
  private Map<Path, List<Object>> files() throws IOException {
    var found = new TreeMap<Path, List<Object>>();
    try (var all = Files.walk(directory)) {
      for (Path each : all.toList()) {
        found.put(each, List.of(Files.getLastModifiedTime(each), Files.size(each)));
      }
    }
    return found;
  }
}
