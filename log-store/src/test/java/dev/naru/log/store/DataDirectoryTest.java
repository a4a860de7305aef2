package dev.naru.log.store;

import static dev.naru.log.LogFixture.CLUSTER;
import static dev.naru.log.LogFixture.NODE;
import static dev.naru.log.LogFixture.NOW_MILLIS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.log.LogFixture;
import dev.naru.log.disk.ChecksummedText;
import dev.naru.log.disk.CrashableDisk;
import dev.naru.log.store.DataDirectory.Opening;
import dev.naru.types.ErrorCode;
import dev.naru.types.NodeEpoch;
import dev.naru.types.NodeId;
import dev.naru.types.Refused;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class DataDirectoryTest {

  private static final String OTHER_CLUSTER = "ffffffff-0000-4000-8000-000000000009";

  private final CrashableDisk disk = LogFixture.formatted();

  private Refused refusal(String cluster, NodeId node) {
    var opening = DataDirectory.open(disk, cluster, node, () -> NOW_MILLIS, failure -> {});
    return ((Opening.NotOpened) opening).why();
  }

  @Test
  void aDirectoryOfAnotherClusterOrNodeIsRefusedWithBothIds() {
    var otherCluster = refusal(OTHER_CLUSTER, NODE);
    var otherNode = refusal(CLUSTER, new NodeId(4));

    assertThat(otherCluster.code()).isEqualTo(ErrorCode.DIRECTORY_MISMATCH);
    assertThat(otherCluster.reason()).contains(OTHER_CLUSTER).contains(CLUSTER);
    assertThat(otherNode.reason()).contains("of node 4 in").contains("of node 1 in");
    assertThat(disk.lock()).as("a refused directory is not locked").isEmpty();
  }

  @Test
  void aDirectoryInUseIsRefused() {
    var first = LogFixture.directory(disk);

    assertThat(refusal(CLUSTER, NODE).code()).isEqualTo(ErrorCode.DIRECTORY_LOCKED);
    first.close();
    assertThat(LogFixture.directory(disk).id()).isEqualTo(first.id());
  }

  @Test
  void nothingIsFormattedUnasked() {
    var empty = CrashableDisk.empty();

    var opening = DataDirectory.open(empty, CLUSTER, NODE, () -> NOW_MILLIS, failure -> {});

    assertThat(((Opening.NotOpened) opening).why().reason()).contains("has no naru.meta");
    assertThat(empty.list("")).isEmpty();
    assertThat(DataDirectory.isFormatted(empty)).isFalse();
  }

  @Test
  void aDirectoryWithSomethingInItIsNotFormatted() {
    var meta = new DirectoryMeta(CLUSTER, NODE, new UUID(1, 2));

    assertThat(DataDirectory.format(disk, meta).orElseThrow().reason())
        .contains(
            "to be empty, but it is already formatted for cluster " + CLUSTER + " node " + NODE);
    var foreign = CrashableDisk.empty();
    foreign.create("family.jpg").close();
    assertThat(DataDirectory.format(foreign, meta).orElseThrow().reason()).contains("family.jpg");
  }

  @Test
  void aFormatFromTheFutureIsRefused() {
    var lines =
        List.of("format 2", "cluster.id " + CLUSTER, "node.id 1", "directory.id " + new UUID(1, 2));
    disk.replace("naru.meta", ChecksummedText.encode("directory", 1, lines).array());

    assertThat(refusal(CLUSTER, NODE).reason()).contains("Expected format <= 1, but was 2");
  }

  @Test
  void alteredIdsAreNoticed() {
    byte[] meta = disk.bytes("naru.meta");
    meta[30] ^= 1;
    disk.replace("naru.meta", meta);

    assertThat(refusal(CLUSTER, NODE).code()).isEqualTo(ErrorCode.DIRECTORY_MISMATCH);
  }

  @Test
  void aStopIsCleanOnceAndOnlyForTheEpochThatRan() {
    var store = LogFixture.open(disk);
    store.directories().getFirst().noteNodeEpoch(new NodeEpoch(7));
    assertThat(store.closeCleanly(new NodeEpoch(7))).isTrue();

    var second = LogFixture.open(disk);
    assertThat(lastRun(second)).isEqualTo(new LastRun(Optional.of(new NodeEpoch(7)), true));
    second.close();
    var third = LogFixture.open(disk);
    assertThat(lastRun(third).wasCleanStop()).isFalse();
    third.directories().getFirst().noteNodeEpoch(new NodeEpoch(9));
    assertThat(third.closeCleanly(new NodeEpoch(8))).isTrue();

    var fourth = LogFixture.open(disk);
    assertThat(lastRun(fourth).epoch()).contains(new NodeEpoch(9));
    assertThat(lastRun(fourth).wasCleanStop()).isFalse();
  }

  private static LastRun lastRun(LogStore store) {
    return store.directories().getFirst().lastRun();
  }
}
