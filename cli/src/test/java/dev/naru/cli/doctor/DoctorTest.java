package dev.naru.cli.doctor;

import static dev.naru.cli.doctor.SoundCluster.NOW_MILLIS;
import static dev.naru.cli.doctor.SoundCluster.config;
import static dev.naru.cli.doctor.SoundCluster.node;
import static dev.naru.cli.doctor.SoundCluster.partition;
import static dev.naru.cli.doctor.SoundCluster.setting;
import static dev.naru.cli.doctor.SoundCluster.settingsOf;
import static dev.naru.cli.doctor.SoundCluster.state;
import static dev.naru.cli.doctor.SoundCluster.topic;
import static dev.naru.cli.doctor.SoundCluster.withVersion;
import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.client.admin.ConfigDescription;
import dev.naru.client.admin.ConfigSetting;
import dev.naru.client.admin.ConfigSubject;
import dev.naru.client.admin.NodeDescription.State;
import dev.naru.client.admin.TopicWarning;
import dev.naru.client.admin.UpgradeReadiness;
import dev.naru.testing.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class DoctorTest {

  private final SoundCluster cluster = new SoundCluster();

  @Test
  void findsNothingInASoundCluster() {
    assertThat(cluster.faults()).isEmpty();
    assertThat(cluster.examine())
        .filteredOn(finding -> finding.severity() == Severity.NOT_CHECKED)
        .extracting(Finding::check)
        .containsExactly(Check.CERTIFICATE_EXPIRES);
  }

  @Test
  void everyCheckSaysSomethingAndHasItsPartInThePages() throws IOException {
    var root = Repository.of(DoctorTest.class).root();
    var page = Files.readString(root.resolve("docs/guide/doctor.md"));

    assertThat(cluster.examine())
        .extracting(Finding::check)
        .containsExactlyInAnyOrder(Check.values());
    for (var check : Check.values()) {
      assertThat(page).contains("### " + check + "\n");
      assertThat(root.resolve(check.page().replaceAll("#.*", ""))).exists();
    }
  }

  /** The table above the line shows findings, of which one check may have several. */
  @Test
  void theLastLineCountsFindingsAndChecks() {
    var findings =
        List.of(
            new Finding(Check.STORAGE_FAILED, Severity.ERROR, "nodes/1", "a disk"),
            new Finding(Check.RF_BELOW_3, Severity.WARN, "topics/a", "one copy"),
            new Finding(Check.RF_BELOW_3, Severity.WARN, "topics/b", "one copy"),
            new Finding(Check.STORAGE_FAILED, Severity.WARN, "nodes/2", "a disk"),
            Finding.notChecked(Check.CERTIFICATE_EXPIRES, "there are none"),
            Finding.ok(Check.QUORUM_LOST, "there is one"));

    assertThat(Doctor.summary(findings))
        .isEqualTo("1 error and 3 warnings from 2 of 4 checks; 1 found nothing, 1 could not look");
    assertThat(Doctor.summary(cluster.examine()))
        .isEqualTo("no errors or warnings from 21 checks; 20 found nothing, 1 could not look");
  }

  // ---- members

  @Test
  @Tag("S4")
  void aClusterTooSmall() {
    cluster.nodes.removeLast();
    cluster.voters = List.of(1);
    cluster.bootstrapServers = 1;

    assertThat(cluster.faults())
        .contains(
            "WARN FEWER_THAN_3_NODES cluster",
            "WARN SINGLE_VOTER cluster",
            "WARN ONE_BOOTSTRAP_SERVER cluster");
  }

  @Test
  void nodesThatDoNotServeOrAreNotHeard() {
    cluster.controller = OptionalInt.empty();
    cluster.nodes.set(1, state(cluster.nodes.get(1), State.SUSPECTED));
    cluster.nodes.set(
        2, new NodeFacts(cluster.nodes.get(2).node(), Optional.empty(), "refused", NOW_MILLIS, 0));

    assertThat(cluster.faults())
        .containsExactly(
            "ERROR QUORUM_LOST cluster",
            "ERROR NODE_NOT_SERVING nodes/2",
            "WARN METRICS_NOT_REACHED nodes/3");
  }

  @Test
  void releasesThatDiffer() {
    cluster.nodes.set(1, withVersion(cluster.nodes.get(1), "0.2.0"));

    assertThat(cluster.faults()).containsExactly("WARN UPGRADE_NOT_READY cluster");
  }

  @Test
  void aNodeThatHoldsNewerRulesBack() {
    cluster.upgrade = Optional.of(upgrade(2, 1));
    assertThat(cluster.faults()).containsExactly("WARN UPGRADE_NOT_READY nodes/2");
    assertThat(cluster.saidOf(Check.UPGRADE_NOT_READY))
        .isEqualTo("knows metadata versions up to 1, and others 2: old");

    cluster.upgrade = Optional.of(upgrade(2, 2));
    assertThat(cluster.faults()).isEmpty();
    assertThat(cluster.saidOf(Check.UPGRADE_NOT_READY)).contains("naru cluster upgrade finalize");
  }

  /** Version 1 is in force; these are the newest that nodes 1 and 2 know. */
  private static UpgradeReadiness upgrade(int ofOne, int ofTwo) {
    return new UpgradeReadiness(
        1,
        ofOne,
        ofOne == ofTwo,
        List.of(
            new UpgradeReadiness.Node(1, "0.2.0", 1, ofOne, "RUNNING", true, ""),
            new UpgradeReadiness.Node(2, "0.1.0", 1, ofTwo, "RUNNING", ofTwo == ofOne, "old")));
  }

  @Test
  void settingsThatNodesShouldHaveInCommon() {
    cluster.settings.put(2, settingsOf(2, Map.of("log.cleaner.threads", "4")));
    cluster.settings.put(3, settingsOf(3, Map.of("replica.lag.time.max.ms", "30000")));

    assertThat(cluster.faults())
        .containsExactly("WARN DEFAULTS_DIFFER cluster", "WARN DEFAULTS_DIFFER cluster");
    assertThat(cluster.examine())
        .filteredOn(finding -> finding.check() == Check.DEFAULTS_DIFFER)
        .extracting(Finding::message)
        .containsExactly(
            "nodes differ in log.cleaner.threads: 1 on [1, 3], 4 on [2]",
            "nodes differ in replica.lag.time.max.ms: 30000 on [3], nothing on [1, 2]");
  }

  @Test
  void whatIsSetOfOneNodeWhileItRunsIsMeantToDiffer() {
    var own = List.of(setting("log.cleaner.threads", "4", ConfigSetting.Source.NODE));
    cluster.settings.put(2, new ConfigDescription(ConfigSubject.node(2), "", own, List.of(), 1));

    assertThat(cluster.examine())
        .filteredOn(finding -> finding.check() == Check.DEFAULTS_DIFFER)
        .extracting(Finding::message)
        .noneMatch(message -> message.contains("log.cleaner.threads"));
  }

  @Test
  void settingsThatOnlyAnotherNodeToldAreNoDifference() {
    var unknown = List.of(new TopicWarning("STARTED_WITH_UNKNOWN", "not reached"));
    cluster.settings.put(3, config(ConfigSubject.node(3), Map.of(), unknown));
    assertThat(cluster.faults()).isEmpty();

    cluster.settings.remove(2);
    assertThat(cluster.examine())
        .contains(
            Finding.notChecked(Check.DEFAULTS_DIFFER, "fewer than two nodes tell their settings"));
  }

  // ---- topics

  @Test
  @Tag("S57")
  void copiesInOneRackThatCouldBeInMore() {
    cluster.topics.clear();
    cluster.nodes.add(node(4, "a"));
    cluster.topics.add(
        topic(
            "orders",
            Map.of(),
            partition(0, OptionalInt.of(1), List.of(1, 4, 2), List.of(1, 4, 2))));

    assertThat(cluster.faults()).containsExactly("WARN RACK_CONCENTRATION topics/orders");

    cluster.nodes.replaceAll(SoundCluster::rackless); // racks that nobody names: not looked at
    assertThat(cluster.faults()).isEmpty();
  }

  @Test
  void topicsThatAFailureWouldStopOrLose() {
    cluster.topics.add(topic("single", 1));
    cluster.topics.add(topic("pair", 2));
    cluster.topics.add(topic("all-or-nothing", 3, Map.of("min.insync.replicas", "3")));

    assertThat(cluster.faults())
        .containsExactly(
            "WARN RF_BELOW_3 topics/single",
            "WARN RF_BELOW_3 topics/pair",
            "WARN MIN_ISR_EQUALS_RF topics/pair",
            "WARN MIN_ISR_EQUALS_RF topics/all-or-nothing");
  }

  @Test
  void howManyCopiesMustBeThereIsTheClustersToSay() {
    cluster.topics.add(topic("pair", 2));
    cluster.clusterSettings =
        Optional.of(config(ConfigSubject.cluster(), Map.of("min.insync.replicas", "1"), List.of()));
    assertThat(cluster.faults()).containsExactly("WARN RF_BELOW_3 topics/pair");

    cluster.clusterSettings = Optional.empty();
    assertThat(cluster.examine())
        .filteredOn(finding -> finding.check() == Check.MIN_ISR_EQUALS_RF)
        .extracting(Finding::severity)
        .containsExactly(Severity.NOT_CHECKED);
  }

  @Test
  void partitionsWithoutALeaderOrWithoutAllCopies() {
    cluster.topics.add(
        topic(
            "sick",
            Map.of(),
            partition(0, OptionalInt.empty(), List.of(1, 2, 3), List.of()),
            partition(1, OptionalInt.of(2), List.of(2, 3, 1), List.of(2)),
            partition(2, OptionalInt.of(3), List.of(3, 1, 2), List.of(3, 1, 2))));

    assertThat(cluster.saidOf(Check.PARTITION_OFFLINE))
        .isEqualTo("1 of 3 partitions have no leader: [0]");
    assertThat(cluster.faults())
        .containsExactly(
            "ERROR PARTITION_OFFLINE topics/sick", "WARN UNDER_REPLICATED topics/sick");
  }
}
