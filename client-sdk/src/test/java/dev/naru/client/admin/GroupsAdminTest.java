package dev.naru.client.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.client.GroupProtocol;
import dev.naru.client.NaruClient;
import dev.naru.client.NaruException;
import dev.naru.client.Position;
import dev.naru.client.TopicPartition;
import dev.naru.client.fake.FakeCluster;
import dev.naru.types.ErrorCode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Groups as applications see them. */
class GroupsAdminTest {

  private static final TopicPartition ORDERS_2 = new TopicPartition("orders", 2);
  private static final UUID MEMBER = new UUID(0, 7);

  private final FakeCluster cluster = FakeCluster.of(2);
  private final NaruClient naru =
      NaruClient.builder().bootstrapServers(cluster.addresses()).build();
  private final Admin admin = naru.admin();

  @AfterEach
  void close() {
    naru.close();
    cluster.close();
  }

  @Test
  void listsAllPagesAndSaysOnceWhatIsMissing() {
    var listing = admin.listGroups().join();

    assertThat(listing.groups()).extracting(GroupSummary::group).containsExactly("busy", "idle");
    assertThat(listing.groups().get(0))
        .isEqualTo(
            new GroupSummary(
                "busy",
                GroupSummary.State.STABLE,
                GroupProtocol.NATIVE,
                "sticky",
                3,
                1,
                1,
                2,
                Instant.ofEpochSecond(60)));
    assertThat(listing.warnings()).containsExactly(new GroupWarning("COORDINATOR_LOADING", "wait"));
    assertThat(admin.listGroups(List.of(GroupSummary.State.EMPTY)).join().groups())
        .extracting(GroupSummary::group)
        .containsExactly("idle");
  }

  @Test
  void describesMembersAndOffsets() {
    var described = admin.describeGroup("busy").join();

    assertThat(described.group()).isEqualTo("busy");
    assertThat(described.members())
        .containsExactly(
            new MemberDescription(
                MEMBER,
                Optional.of("seven"),
                "app",
                "10.0.0.7",
                MemberDescription.State.ACTIVE,
                3,
                new TreeSet<>(List.of(new TopicPartition("orders", 0), ORDERS_2))));
    assertThat(described.offsets())
        .containsExactly(
            new GroupOffset(
                ORDERS_2,
                40,
                OptionalInt.of(5),
                "note",
                Instant.ofEpochSecond(61),
                OptionalLong.of(100),
                OptionalLong.of(60),
                Optional.of(Duration.ofMillis(1_500)),
                true,
                Optional.of(MEMBER)));
    assertThat(described.advice()).containsExactly("add a member");
  }

  @Test
  void asksForTheOffsetsThatADescriptionHasNoRoomFor() {
    var offsets = admin.describeGroup("idle").join().offsets();

    assertThat(offsets).hasSize(2_500);
    assertThat(offsets)
        .extracting(offset -> offset.partition().partition())
        .isSorted()
        .doesNotHaveDuplicates();
    assertThat(offsets.get(0).end()).isEmpty();
    assertThat(offsets.get(0).lagTime()).isEmpty();
    assertThat(offsets.get(0).member()).isEmpty();
  }

  @Test
  void setsOffsetsToPositionsOfEachKind() {
    var to =
        Map.of(
            new TopicPartition("orders", 0),
            Position.beginning(),
            new TopicPartition("orders", 1),
            Position.end(),
            ORDERS_2,
            Position.offset(7),
            new TopicPartition("orders", 3),
            Position.time(Instant.ofEpochSecond(77)));

    var planned = admin.validateResetOffsets("idle", to).join();
    assertThat(cluster.calls()).doesNotContain("ResetOffsets");
    var changes = admin.resetOffsets("idle", to).join();

    assertThat(cluster.calls()).contains("ResetOffsets");
    assertThat(changes).isEqualTo(planned);
    assertThat(changes).extracting(OffsetChange::newOffset).containsExactly(1L, 100L, 7L, 77L);
    assertThat(changes.get(2)).isEqualTo(new OffsetChange(ORDERS_2, OptionalLong.of(5), 7, 100));
    assertThat(changes.get(2).oldLag()).hasValue(95);
    assertThat(changes.get(2).newLag()).isEqualTo(93);
    assertThat(failureOf(admin.resetOffsets("busy", to))).isEqualTo(ErrorCode.GROUP_NOT_EMPTY);
  }

  @Test
  void forgetsOffsetsOrSaysWhichItWould() {
    var both = List.of(new TopicPartition("orders", 0), ORDERS_2);

    assertThat(admin.validateDeleteOffsets("idle", both).join()).isEqualTo(Map.of(ORDERS_2, 5L));
    assertThat(cluster.calls()).contains("ValidateDeleteOffsets").doesNotContain("DeleteOffsets");
    assertThat(admin.deleteOffsets("idle", both).join()).isEqualTo(Map.of(ORDERS_2, 5L));

    assertThat(failureOf(admin.deleteOffsets("busy", both))).isEqualTo(ErrorCode.GROUP_NOT_EMPTY);
    assertThat(cluster.calls()).filteredOn("DeleteOffsets"::equals).hasSize(2);
  }

  @Test
  void deletesOnceAndSaysWhyNot() {
    admin.deleteGroup("idle").join();

    assertThat(failureOf(admin.deleteGroup("busy"))).isEqualTo(ErrorCode.GROUP_NOT_EMPTY);
    assertThat(failureOf(admin.validateDeleteGroup("none"))).isEqualTo(ErrorCode.GROUP_NOT_FOUND);
    assertThat(failureOf(admin.describeGroup("none"))).isEqualTo(ErrorCode.GROUP_NOT_FOUND);
    assertThat(deletions()).containsExactly("DeleteGroup", "DeleteGroup", "ValidateDeleteGroup");
  }

  /** It may be gone by now, and then it would not be found. */
  @Test
  void doesNotDeleteAgainWhatMayBeDeleted() {
    assertThat(failureOf(admin.deleteGroup("moving")))
        .isEqualTo(ErrorCode.COORDINATOR_NOT_AVAILABLE);
    assertThat(deletions()).containsExactly("DeleteGroup");
  }

  @Test
  void takesMembersOutByEitherName() {
    admin.removeMember("busy", MEMBER).join();
    admin.removeMember("busy", "seven").join();

    assertThat(failureOf(admin.removeMember("busy", "eight"))).isEqualTo(ErrorCode.FENCED_MEMBER);
  }

  private List<String> deletions() {
    return cluster.calls().stream().filter(call -> call.endsWith("DeleteGroup")).toList();
  }

  private static ErrorCode failureOf(CompletableFuture<?> call) {
    try {
      var answer = call.get(30, TimeUnit.SECONDS);
      throw new AssertionError("Expected a failure, but was " + answer);
    } catch (ExecutionException e) {
      return ((NaruException) Objects.requireNonNull(e.getCause())).code();
    } catch (InterruptedException | TimeoutException e) {
      throw new AssertionError(e);
    }
  }
}
