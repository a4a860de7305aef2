package dev.naru.metadata.machine;

import static dev.naru.metadata.machine.PartitionClaims.assertInShort;
import static dev.naru.metadata.machine.TestCluster.log;
import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.metadata.command.DirectoryReport;
import dev.naru.metadata.command.LogReport;
import dev.naru.metadata.command.RegisterNode;
import dev.naru.metadata.image.DirectoryTrust;
import dev.naru.metadata.image.LastStop;
import dev.naru.metadata.image.LogEnd;
import dev.naru.metadata.image.NodeProfile;
import dev.naru.metadata.image.NodeState;
import dev.naru.types.ErrorCode;
import dev.naru.types.LeaderEpoch;
import dev.naru.types.NodeEpoch;
import dev.naru.types.NodeId;
import dev.naru.types.PartitionId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class RegistrationRulesTest {

  private static final UUID NEW_DISK = new UUID(4, 4);

  private final TestCluster cluster = TestCluster.of(3);

  @Test
  void givesTheIndexOfTheRegistrationAsNodeEpoch() {
    var before = cluster.epoch(1);

    cluster.register(1, LastStop.UNCLEAN);

    assertThat(cluster.epoch(1)).isEqualTo(new NodeEpoch(cluster.index()));
    assertThat(before.isBefore(cluster.epoch(1))).isTrue();
    assertThat(cluster.node(1).state()).isEqualTo(NodeState.STARTING);
    assertThat(cluster.node(1).isFenced()).isTrue();
  }

  @Test
  void takesTheSameIncarnationForARetry() {
    var registration = cluster.registration(1, LastStop.CLEAN);
    cluster.accept(registration);
    var epoch = cluster.epoch(1);

    var again = cluster.accept(registration);

    assertThat(again.events()).isEmpty();
    assertThat(cluster.epoch(1)).isEqualTo(epoch);
  }

  @Test
  void takesANodeOutOfEveryIsr() {
    var id = cluster.topicLedBy1(3, Map.of());

    cluster.register(1, LastStop.CLEAN);

    assertThat(cluster.partition(id).isr()).doesNotContain(new NodeId(1));
    assertThat(cluster.partition(id).isLedBy(new NodeId(1))).isFalse();
  }

  @Test
  void refusesAnotherCluster() {
    var stranger =
        new RegisterNode(
            "another",
            new NodeId(4),
            cluster.draw(),
            Optional.empty(),
            TestCluster.profile(4, Optional.empty()),
            List.of(new DirectoryReport(NEW_DISK, Optional.empty())),
            LastStop.UNCLEAN,
            false);

    assertThat(cluster.refusal(stranger)).isEqualTo(ErrorCode.DIRECTORY_MISMATCH);
  }

  /** The process that sent it is dead, and its successor lives. */
  @Test
  void refusesTheLateCopyOfADeadProcessesRegistration() {
    var late = cluster.registration(1, LastStop.UNCLEAN);
    cluster.start(1);
    var id = cluster.topicLedBy1(3, Map.of());
    var before = cluster.partition(id);

    assertThat(cluster.refusal(late)).isEqualTo(ErrorCode.FENCED_NODE_EPOCH);

    assertThat(cluster.partition(id)).isEqualTo(before);
    assertThat(cluster.node(1).isFenced()).isFalse();
  }

  @Test
  void refusesASecondLiveNodeWithTheSameId() {
    assertThat(cluster.refusal(from(NEW_DISK, false))).isEqualTo(ErrorCode.NODE_ID_IN_USE);
    assertThat(cluster.refusal(from(NEW_DISK, true))).isEqualTo(ErrorCode.NODE_ID_IN_USE);
  }

  @Test
  void refusesADeadNodesIdFromOtherDisksUnlessTheyReplaceThem() {
    cluster.fence(1);

    assertThat(cluster.refusal(from(NEW_DISK, false))).isEqualTo(ErrorCode.DIRECTORY_MISMATCH);
    cluster.accept(from(NEW_DISK, true));

    assertThat(cluster.node(1).directories()).containsOnlyKeys(NEW_DISK);
  }

  @Test
  void refusesANodeThatDoesNotUnderstandTheRulesInForce() {
    var plain = cluster.registration(4, LastStop.UNCLEAN);
    var profile = plain.profile();
    var old = new NodeProfile(profile.rack(), profile.endpoints(), "4", "0.0.1", 0);

    assertThat(cluster.refusal(with(plain, old, plain.directories())))
        .isEqualTo(ErrorCode.UNSUPPORTED_VERSION);
  }

  @Test
  void refusesUnboundedProfilesAndDirectories() {
    var plain = cluster.registration(4, LastStop.UNCLEAN);
    var wide = TestCluster.profile(4, Optional.of("r".repeat(256)));
    var many = new ArrayList<DirectoryReport>();
    for (int i = 0; i <= RegistrationRules.DIRECTORIES_MAX; i++) {
      many.add(new DirectoryReport(new UUID(5, i), Optional.empty()));
    }
    var twice = List.of(plain.directories().getFirst(), plain.directories().getFirst());

    assertThat(cluster.refusal(with(plain, wide, plain.directories())))
        .isEqualTo(ErrorCode.LIMIT_EXCEEDED);
    assertThat(cluster.refusal(with(plain, plain.profile(), many)))
        .isEqualTo(ErrorCode.LIMIT_EXCEEDED);
    assertThat(cluster.refusal(with(plain, plain.profile(), List.of())))
        .isEqualTo(ErrorCode.INVALID_REQUEST);
    assertThat(cluster.refusal(with(plain, plain.profile(), twice)))
        .isEqualTo(ErrorCode.INVALID_REQUEST);
  }

  @Test
  void keepsAPlaceAfterACleanStopAlsoWhereThePageCacheCounted() {
    var id = placeOf3(Map.of("flush", "os", "min.insync.replicas", "2"));

    cluster.register(3, LastStop.CLEAN);
    cluster.report(3, log(3, id, 1, 5));

    assertInShort(cluster.partition(id), "leader 1 isr [1] elr {3=1/5}");
  }

  @Test
  void losesThePlaceAfterAnUncleanStopWhereThePageCacheCounted() {
    var id = placeOf3(Map.of("flush", "os", "min.insync.replicas", "2"));

    cluster.register(3, LastStop.UNCLEAN);

    assertInShort(cluster.partition(id), "leader 1 isr [1] elr {}");
    assertThat(cluster.partition(id).lastKnown()).containsExactly(new NodeId(3));
  }

  @Test
  void keepsAPlaceAfterAnUncleanStopIfTheLogReachesItsDurablePoint() {
    var id = placeOf3(Map.of());

    cluster.register(3, LastStop.UNCLEAN);
    cluster.report(3, found(id, TestCluster.directory(3), 10, 10, false));

    assertInShort(cluster.partition(id), "leader 1 isr [1] elr {3=1/10}");
  }

  @Test
  void losesThePlaceIfTheLogEndsBelowItsDurablePoint() {
    var id = placeOf3(Map.of());

    cluster.register(3, LastStop.UNCLEAN);
    cluster.report(3, found(id, TestCluster.directory(3), 9, 10, false));

    assertInShort(cluster.partition(id), "leader 1 isr [1] elr {}");
  }

  @Test
  void losesThePlaceIfTheLogIsDamagedHoweverTheNodeStopped() {
    var id = placeOf3(Map.of());

    cluster.register(3, LastStop.CLEAN);
    cluster.report(3, found(id, TestCluster.directory(3), 10, 10, true));

    assertInShort(cluster.partition(id), "leader 1 isr [1] elr {}");
  }

  @Test
  void losesThePlaceIfTheLogIsNotThere() {
    var id = placeOf3(Map.of());

    cluster.register(3, LastStop.CLEAN);
    assertInShort(cluster.partition(id), "leader 1 isr [1] elr {3=awaited}");
    cluster.report(3);

    assertInShort(cluster.partition(id), "leader 1 isr [1] elr {}");
  }

  @Test
  void losesThePlaceIfTheLogLiesOnAnEmptiedDisk() {
    var id = placeOf3(Map.of());
    var plain = cluster.registration(3, LastStop.CLEAN);
    var both =
        List.of(plain.directories().getFirst(), new DirectoryReport(NEW_DISK, Optional.empty()));

    cluster.accept(with(plain, plain.profile(), both));
    cluster.report(3, found(id, NEW_DISK, 10, 10, false));

    assertInShort(cluster.partition(id), "leader 1 isr [1] elr {}");
  }

  @Test
  void losesThePlaceIfTheDiskIsARestoredOldCopy() {
    var id = placeOf3(Map.of());
    var plain = cluster.registration(3, LastStop.CLEAN);
    var old = Optional.of(new NodeEpoch(cluster.epoch(3).value() - 1));

    cluster.accept(
        with(plain, plain.profile(), List.of(new DirectoryReport(TestCluster.directory(3), old))));
    cluster.report(3, log(3, id, 1, 10));

    assertInShort(cluster.partition(id), "leader 1 isr [1] elr {}");
  }

  @Test
  void trustsANewDiskOnlyAfterTheNodeWasUnfencedWithIt() {
    cluster.fence(1);
    cluster.accept(from(NEW_DISK, true));
    assertThat(cluster.node(1).directories().get(NEW_DISK)).isEqualTo(DirectoryTrust.UNTRUSTED);

    cluster.accept(from(NEW_DISK, false)); // died before it was unfenced
    assertThat(cluster.node(1).directories().get(NEW_DISK)).isEqualTo(DirectoryTrust.UNTRUSTED);
    cluster.report(1);
    cluster.unfence(1);
    cluster.accept(from(NEW_DISK, false));

    assertThat(cluster.node(1).directories().get(NEW_DISK)).isEqualTo(DirectoryTrust.TRUSTED);
  }

  @Test
  void believesTheFirstReportOfALog() {
    var id = placeOf3(Map.of());
    cluster.register(3, LastStop.UNCLEAN);

    cluster.report(
        3,
        found(id, TestCluster.directory(3), 10, 10, false),
        found(id, TestCluster.directory(3), 99, 10, false));
    cluster.report(3, found(id, TestCluster.directory(3), 99, 10, true));

    assertInShort(cluster.partition(id), "leader 1 isr [1] elr {3=1/10}");
  }

  /** ISR {1}, ELR {3}, of three replicas. */
  private PartitionId placeOf3(Map<String, String> configs) {
    var id = cluster.topicLedBy1(3, configs);
    cluster.fence(2);
    cluster.fence(3);
    assertInShort(cluster.partition(id), "leader 1 isr [1] elr {3=unbroken}");
    return id;
  }

  private static LogReport found(
      PartitionId id, UUID directory, long end, long durablePoint, boolean damaged) {
    var log = new LogEnd(Optional.of(new LeaderEpoch(1)), end);
    return new LogReport(id, directory, log, durablePoint, damaged);
  }

  /** Node 1 with this one directory, which holds the epoch it should. */
  private RegisterNode from(UUID directory, boolean replacesLost) {
    var plain = cluster.registration(1, LastStop.UNCLEAN);
    return new RegisterNode(
        plain.clusterId(),
        plain.node(),
        plain.incarnation(),
        plain.knownEpoch(),
        plain.profile(),
        List.of(new DirectoryReport(directory, Optional.of(cluster.epoch(1)))),
        plain.lastStop(),
        replacesLost);
  }

  private static RegisterNode with(
      RegisterNode plain, NodeProfile profile, List<DirectoryReport> directories) {
    return new RegisterNode(
        plain.clusterId(),
        plain.node(),
        plain.incarnation(),
        plain.knownEpoch(),
        profile,
        directories,
        plain.lastStop(),
        plain.replacesLost());
  }
}
