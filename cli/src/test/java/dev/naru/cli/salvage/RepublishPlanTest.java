package dev.naru.cli.salvage;

import static dev.naru.cli.salvage.Tails.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.naru.cli.CommandFailure;
import dev.naru.cli.text.TopicArgument;
import dev.naru.client.NaruException;
import dev.naru.client.TopicPartition;
import dev.naru.client.admin.SalvageEntry;
import dev.naru.client.admin.SalvageListing;
import dev.naru.client.admin.SalvageReason;
import dev.naru.client.admin.TopicDescription;
import dev.naru.types.ErrorCode;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RepublishPlanTest {

  private static final OptionalLong UNKNOWN = OptionalLong.empty();

  @ParameterizedTest
  @EnumSource(
      value = SalvageReason.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {"CUT_TAIL", "TORN_TAIL"})
  void refusesWhatTheLogHasAgainOrWhatIsGoneOnPurpose(SalvageReason reason) {
    assertThatThrownBy(() -> RepublishPlan.refuseIfNotCutOff(entry(1, reason, 4, UNKNOWN)))
        .isInstanceOfSatisfying(
            CommandFailure.class,
            failure -> {
              assertThat(failure.getMessage())
                  .isEqualTo(
                      "Expected something that was cut off the end of a log,"
                          + " but 1/0a1b2c3d-1 is not: "
                          + SalvageText.meaning(reason));
              assertThat(failure.exitStatus()).isEqualTo(4);
              assertThat(failure.hint().orElseThrow()).contains("naru salvage show 1/0a1b2c3d-1");
            });
  }

  @ParameterizedTest
  @EnumSource(
      value = SalvageReason.class,
      names = {"CUT_TAIL", "TORN_TAIL"})
  void refusesWhatHasNoReadableManifest(SalvageReason reason) {
    RepublishPlan.refuseIfNotCutOff(entry(1, reason, 4, UNKNOWN)); // but for the manifest

    assertThatThrownBy(
            () -> RepublishPlan.refuseIfNotCutOff(unreadable(entry(1, reason, 4, UNKNOWN))))
        .hasMessageContaining("its manifest cannot be read");
  }

  @Test
  void writesToThePartitionItWasInUnlessAnotherIsNamed() {
    var partition = new TopicPartition("orders", 0);
    var origin = Optional.of(new RepublishPlan.Origin(partition, 9));
    var tail = entry(1, SalvageReason.CUT_TAIL, 4, UNKNOWN);

    assertThat(RepublishPlan.target(tail, origin, Optional.empty())).isEqualTo(partition);
    assertThat(RepublishPlan.target(tail, origin, to("late"))).hasToString("late/0");
    assertThat(RepublishPlan.target(tail, origin, to("late/7"))).hasToString("late/7");
    assertThatThrownBy(() -> RepublishPlan.target(tail, Optional.empty(), Optional.empty()))
        .hasMessageContaining("it is no more; --to TOPIC/P names another");
    assertThat(RepublishPlan.target(tail, Optional.empty(), to("late"))).hasToString("late/0");
  }

  @Test
  void warnsOfTheSameTailElsewhere() {
    var tail = entry(1, SalvageReason.CUT_TAIL, 4, OptionalLong.of(8));
    var same = entry(2, SalvageReason.TORN_TAIL, 7, UNKNOWN);
    var after = entry(3, SalvageReason.CUT_TAIL, 8, OptionalLong.of(9));
    var other = entry(4, SalvageReason.TOPIC_DELETED, 0, OptionalLong.of(9));
    var unheard = new TreeMap<Integer, NaruException>();
    var unreadable = new SalvageListing.Unreadable(2, "/data/9", "Expected a disk");
    unheard.put(3, new NaruException(ErrorCode.BOOTSTRAP_UNREACHABLE, "nobody there"));

    var warnings =
        RepublishPlan.warnings(
            new SalvageListing(List.of(tail, same, after, other), unheard, List.of(unreadable)),
            tail);

    assertThat(warnings).hasSize(3);
    assertThat(warnings.getFirst().code()).isEqualTo("DUPLICATES_POSSIBLE");
    assertThat(warnings.getFirst().text())
        .startsWith("1/0a1b2c3d-2 was cut off the same partition at offsets 7-");
    assertThat(warnings.get(1).code()).isEqualTo("BOOTSTRAP_UNREACHABLE");
    assertThat(warnings.get(1).text()).contains("node 3 could not be asked", "nobody there");
    assertThat(warnings.getLast().code()).isEqualTo("STORAGE_FAILED");
    assertThat(warnings.getLast().text()).contains("/data/9 of node 2", "Expected a disk");
  }

  @Test
  void warnsThatAnOldRecordBecomesTheLatestOfItsKey() {
    assertThat(RepublishPlan.ifCompacted(topic(Map.of("cleanup.policy", "compact,delete"))))
        .hasValueSatisfying(
            warning -> assertThat(warning.text()).startsWith("orders is compacted"));
    assertThat(RepublishPlan.ifCompacted(topic(Map.of("cleanup.policy", "delete")))).isEmpty();
    assertThat(RepublishPlan.ifCompacted(topic(Map.of()))).isEmpty();
  }

  private static TopicDescription topic(Map<String, String> configs) {
    return new TopicDescription(
        "orders",
        Optional.of(Tails.TOPIC_ID),
        "",
        Instant.EPOCH,
        1,
        1,
        new TreeMap<>(configs),
        List.of(),
        List.of());
  }

  @Test
  void findsAnEntryByBothOfItsNames() {
    var tail = entry(1, SalvageReason.CUT_TAIL, 4, UNKNOWN);
    var listing = new SalvageListing(List.of(tail), new TreeMap<>(), List.of());

    assertThat(SalvageIds.parse(tail.id()).in(listing)).isEqualTo(tail);
    assertThat(SalvageIds.parse(tail.name()).in(listing)).isEqualTo(tail);
    assertThat(SalvageIds.parse("1/0a1b2c3d4-7").name()).isEqualTo("nodes/1/salvage/0a1b2c3d4-7");
    assertThatThrownBy(() -> SalvageIds.parse("1/0a1b2c3d-2").in(listing))
        .hasMessageContaining("there is no nodes/1/salvage/0a1b2c3d-2");
  }

  private static Optional<TopicArgument> to(String text) {
    return Optional.of(TopicArgument.parse(text));
  }

  private static SalvageEntry unreadable(SalvageEntry entry) {
    return new SalvageEntry(
        entry.name(),
        entry.node(),
        entry.nodeAddress(),
        entry.topicId(),
        entry.topic(),
        entry.partition(),
        entry.reason(),
        "",
        entry.offsets(),
        "",
        Optional.empty(),
        entry.bytes(),
        entry.files(),
        Optional.of("Expected a checksum"));
  }
}
