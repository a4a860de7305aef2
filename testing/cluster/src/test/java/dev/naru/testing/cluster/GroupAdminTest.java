package dev.naru.testing.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.naru.client.Codec;
import dev.naru.client.ConsumerRecord;
import dev.naru.client.GroupProtocol;
import dev.naru.client.NaruClient;
import dev.naru.client.NaruException;
import dev.naru.client.OffsetReset;
import dev.naru.client.Position;
import dev.naru.client.ProducerRecord;
import dev.naru.client.TopicPartition;
import dev.naru.client.admin.GroupDescription;
import dev.naru.client.admin.GroupOffset;
import dev.naru.client.admin.GroupSummary;
import dev.naru.client.admin.MemberDescription;
import dev.naru.client.admin.OffsetChange;
import dev.naru.client.consumer.Consumer;
import dev.naru.testing.Eventually;
import dev.naru.types.ErrorCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Groups of consumers as operators see and change them. */
class GroupAdminTest {

  private static final String GROUP = "billing";
  private static final int PARTITIONS = 4;
  private static final int RECORDS = 80;

  private static final Eventually SOON =
      Eventually.allowing("a round of the group", Duration.ofSeconds(2))
          .and("group commits of a busy machine", Duration.ofSeconds(10));

  private static final Eventually AFTER_A_FAILOVER =
      Eventually.allowing("a probe that is refused", Duration.ofSeconds(1))
          .and("an election of the quorum", Duration.ofSeconds(4))
          .and("a coordinator that loads", Duration.ofSeconds(2))
          .and("a busy machine", Duration.ofSeconds(10));

  private NaruCluster cluster;
  private Topics topics;
  private NaruClient naru;

  @BeforeEach
  void start() {
    cluster = NaruCluster.of(3).with("offsets.topic.num.partitions", "3").start();
    topics = new Topics(cluster);
    topics.create("orders", PARTITIONS, 3);
    naru = cluster.client();
    try (var producer = naru.producer(Codec.utf8(), Codec.utf8()).build()) {
      var sent =
          IntStream.range(0, RECORDS)
              .mapToObj(i -> producer.send(ProducerRecord.of("orders", "key-" + i, "" + i)))
              .toList();
      sent.forEach(CompletableFuture::join);
    }
  }

  @AfterEach
  void stop() {
    naru.close();
    topics.close();
    cluster.close();
  }

  @Test
  void anyNodeDescribesAGroupAndChangesNothingWhileItHasMembers() {
    assertThat(naru.admin().listGroups().join().groups()).as("nobody came yet").isEmpty();
    assertThat(failureOf(naru.admin().describeGroup(GROUP))).isEqualTo(ErrorCode.GROUP_NOT_FOUND);
    try (var first = consumer("");
        var second = consumer("two")) {
      readAll(List.of(first, second));
      SOON.until("everybody has what it should have", () -> isStable(List.of(first, second)));

      for (int node : cluster.running()) {
        try (var client =
            NaruClient.builder().bootstrapServers(cluster.bootstrapServer(node)).build()) {
          check(client.admin().describeGroup(GROUP).join(), first, second);
          assertThat(client.admin().listGroups().join())
              .satisfies(listing -> assertThat(listing.warnings()).isEmpty())
              .satisfies(listing ->
                  assertThat(listing.groups()).extracting(GroupSummary::group).contains(GROUP));
        }
      }
      var beginning = everywhere(Position.beginning());
      assertThat(failureOf(naru.admin().resetOffsets(GROUP, beginning)))
          .isEqualTo(ErrorCode.GROUP_NOT_EMPTY);
      assertThat(failureOf(naru.admin().validateResetOffsets(GROUP, beginning)))
          .isEqualTo(ErrorCode.GROUP_NOT_EMPTY);
      assertThat(failureOf(naru.admin().deleteGroup(GROUP))).isEqualTo(ErrorCode.GROUP_NOT_EMPTY);
    }
  }

  private static void check(
      GroupDescription group, Consumer<String, String> first, Consumer<String, String> second) {
    assertThat(group.summary().state()).isEqualTo(GroupSummary.State.STABLE);
    assertThat(group.summary().protocol()).isEqualTo(GroupProtocol.NATIVE);
    assertThat(group.summary().members()).isEqualTo(2);
    assertThat(group.members())
        .extracting(MemberDescription::id)
        .containsExactlyInAnyOrder(first.group().member(), second.group().member());
    assertThat(group.members())
        .allSatisfy(member -> {
          assertThat(member.state()).isEqualTo(MemberDescription.State.ACTIVE);
          assertThat(member.partitions()).hasSize(PARTITIONS / 2);
          assertThat(member.instance().isPresent())
              .isEqualTo(member.id().equals(second.group().member()));
        });
    assertThat(group.offsets()).hasSize(PARTITIONS);
    assertThat(group.offsets().stream().mapToLong(GroupOffset::committed).sum()).isEqualTo(RECORDS);
    assertThat(group.offsets()).allMatch(offset -> offset.member().isPresent());
  }

  @Test
  void takesOutWhoeverIsGoneAndLetsTheGroupBeginAnew() {
    try (var first = consumer("");
        var second = consumer("two")) {
      readAll(List.of(first, second));
    }
    SOON.until(
        "only the one that may come back is known",
        () ->
            describe().members().stream()
                .map(MemberDescription::state)
                .toList()
                .equals(List.of(MemberDescription.State.AWAY)));
    assertThat(failureOf(naru.admin().removeMember(GROUP, "three")))
        .isEqualTo(ErrorCode.FENCED_MEMBER);

    naru.admin().removeMember(GROUP, "two").join();

    assertThat(describe().summary().state()).isEqualTo(GroupSummary.State.EMPTY);
    var planned = naru.admin().validateResetOffsets(GROUP, everywhere(Position.beginning())).join();
    assertThat(planned).hasSize(PARTITIONS).allMatch(change -> change.newOffset() == 0);
    assertThat(planned)
        .allMatch(change -> change.oldLag().orElseThrow() == 0)
        .allMatch(change -> change.newLag() == change.end());
    assertThat(describe().offsets().stream().mapToLong(GroupOffset::committed).sum())
        .as("nothing has changed")
        .isEqualTo(RECORDS);

    var changed = naru.admin().resetOffsets(GROUP, everywhere(Position.beginning())).join();

    assertThat(changed).isEqualTo(planned);
    try (var again = consumer("")) {
      readAll(List.of(again));
    }
    naru.admin().validateDeleteGroup(GROUP).join();
    naru.admin().deleteGroup(GROUP).join();
    assertThat(naru.admin().listGroups().join().groups()).isEmpty();
    assertThat(failureOf(naru.admin().deleteGroup(GROUP))).isEqualTo(ErrorCode.GROUP_NOT_FOUND);
  }

  @Test
  @Tag("S32")
  void goesBackByOffsetOrTimeAndTheSameRecordsComeAgainInTheSameOrder() {
    var first = readAgain(RECORDS);
    long from = 3;
    assertThat(first.values()).as("every partition has some").allMatch(each -> each.size() > from);

    naru.admin().resetOffsets(GROUP, everywhere(Position.offset(from))).join();
    var byOffset = readAgain(RECORDS - PARTITIONS * (int) from);

    first.forEach((partition, records) ->
        assertThat(byOffset.get(partition)).isEqualTo(records.subList((int) from, records.size())));

    var some = first.values().iterator().next();
    var time = some.get(some.size() / 2).timestamp();
    var expected = new TreeMap<TopicPartition, List<ConsumerRecord<String, String>>>();
    first.forEach((partition, records) ->
        expected.put(
            partition,
            records.stream().dropWhile(each -> each.timestamp().isBefore(time)).toList()));
    expected.values().removeIf(List::isEmpty);

    naru.admin().resetOffsets(GROUP, everywhere(Position.time(time))).join();

    assertThat(readAgain(expected.values().stream().mapToInt(List::size).sum()))
        .isEqualTo(expected);
  }

  /** What a consumer of its own gets until it has so many, by partition, in order. */
  private SortedMap<TopicPartition, List<ConsumerRecord<String, String>>> readAgain(int count) {
    var read = new TreeMap<TopicPartition, List<ConsumerRecord<String, String>>>();
    try (var consumer = consumer("")) {
      SOON.until(
          count + " records are read",
          () -> {
            for (var each : consumer.poll(Duration.ofMillis(20))) {
              read.computeIfAbsent(
                      new TopicPartition(each.topic(), each.partition()),
                      partition -> new ArrayList<>())
                  .add(each);
            }
            return read.values().stream().mapToInt(List::size).sum() >= count;
          });
      consumer.commit();
    }
    SOON.until(
        "it is out of the group", () -> describe().summary().state() == GroupSummary.State.EMPTY);
    return read;
  }

  @Test
  void anOffsetMayBeSetBeforeAnybodyReads() {
    var first = new TopicPartition("orders", 0);
    long end = Objects.requireNonNull(naru.admin().endOffsets(List.of(first)).join().get(first));

    var changes = naru.admin().resetOffsets(GROUP, Map.of(first, Position.end())).join();

    assertThat(changes).containsExactly(new OffsetChange(first, OptionalLong.empty(), end, end));
    assertThat(describe().offsets()).extracting(GroupOffset::partition).containsExactly(first);
    assertThat(
            failureOf(
                naru.admin().resetOffsets(GROUP, Map.of(first, Position.offset(RECORDS + 1)))))
        .isEqualTo(ErrorCode.OFFSET_OUT_OF_RANGE);
  }

  @Test
  void findsItAgainAfterItsCoordinatorDied() {
    try (var reader = consumer("")) {
      readAll(List.of(reader));
      int coordinator = describe().summary().coordinator();

      cluster.kill(coordinator);

      AFTER_A_FAILOVER.until(
          "all groups are listed",
          () -> {
            reader.poll(Duration.ZERO);
            var listing = naru.admin().listGroups().join();
            return listing.warnings().isEmpty() && listing.groups().size() == 1;
          });
      assertThat(describe().summary().coordinator()).isNotEqualTo(coordinator);
      assertThat(describe().offsets().stream().mapToLong(GroupOffset::committed).sum())
          .isEqualTo(RECORDS);
    }
  }

  // ---- consumers

  private Consumer<String, String> consumer(String instance) {
    var builder =
        naru.consumer(Codec.utf8(), Codec.utf8())
            .groupId(GROUP)
            .autoOffsetReset(OffsetReset.EARLIEST)
            .autoCommit(false);
    var consumer = (instance.isEmpty() ? builder : builder.groupInstanceId(instance)).build();
    consumer.subscribe("orders");
    return consumer;
  }

  /** All records, and commits them; what moves meanwhile may be read twice. */
  private static void readAll(List<Consumer<String, String>> members) {
    var read = new HashSet<String>();
    SOON.until(
        "all records are read",
        () -> {
          pollAndCommit(read, members);
          return read.size() == RECORDS;
        });
  }

  private static void pollAndCommit(Set<String> read, List<Consumer<String, String>> members) {
    for (var member : members) {
      var records = member.poll(Duration.ofMillis(20));
      records.forEach(record -> read.add(record.value()));
      if (!records.isEmpty()) {
        member.commit();
      }
    }
  }

  private boolean isStable(List<Consumer<String, String>> members) {
    pollAndCommit(new HashSet<>(), members);
    var described = describe();
    return described.summary().state() == GroupSummary.State.STABLE
        && described.members().stream()
            .allMatch(member -> member.partitions().size() == PARTITIONS / members.size())
        && described.offsets().stream().mapToLong(GroupOffset::committed).sum() == RECORDS;
  }

  private GroupDescription describe() {
    return naru.admin().describeGroup(GROUP).join();
  }

  private static Map<TopicPartition, Position> everywhere(Position position) {
    return IntStream.range(0, PARTITIONS)
        .mapToObj(number -> new TopicPartition("orders", number))
        .collect(Collectors.toMap(partition -> partition, partition -> position));
  }

  private static ErrorCode failureOf(CompletableFuture<?> call) {
    var codes = new ArrayList<ErrorCode>();
    assertThatThrownBy(call::join)
        .isInstanceOf(CompletionException.class)
        .cause()
        .isInstanceOfSatisfying(NaruException.class, failure -> codes.add(failure.code()));
    return codes.getFirst();
  }
}
