package dev.naru.client.consumer;

import static dev.naru.client.consumer.Members.eventually;
import static dev.naru.client.consumer.Members.orders;
import static dev.naru.client.consumer.Members.pollForEver;
import static dev.naru.client.consumer.Members.pollUntil;
import static dev.naru.client.consumer.Members.read;
import static java.time.Duration.ZERO;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.naru.client.DataLossException;
import dev.naru.client.NaruException;
import dev.naru.client.NaruTimeoutException;
import dev.naru.client.OffsetReset;
import dev.naru.client.TopicPartition;
import dev.naru.client.consumer.Members.Diary;
import dev.naru.types.ErrorCode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Where a group is: what is committed, when, and where its members begin. */
class CommitTest {

  private final Members members = new Members();

  @AfterEach
  void close() {
    members.close();
  }

  private Consumer<String, String> subscribed(ConsumerBuilder<String, String> builder) {
    var consumer = builder.build();
    consumer.subscribe("orders");
    return consumer;
  }

  private Consumer<String, String> byHand() {
    return subscribed(members.builder().autoCommit(false));
  }

  @Test
  @Tag("S89")
  void letsTheNextMemberBeginWhereItWas() {
    members.cluster.createTopic("orders", 1);
    members.store(0, "a", "b", "c");
    var first = subscribed(members.builder().autoCommit(false).maxPollRecords(2));
    assertThat(read(first, 2)).containsExactly("a", "b");
    first.commit();
    assertThat(members.group.offset("orders", 0).orElseThrow().getLeaderEpoch()).isEqualTo(1);
    assertThat(read(first, 1)).containsExactly("c");
    first.close();

    assertThat(read(byHand(), 1)).containsExactly("c");
  }

  @Test
  @Tag("S90")
  void commitsByItselfWhatEarlierPollsReturned() {
    members.cluster.createTopic("orders", 1);
    members.store(0, "a");
    var consumer = subscribed(members.builder().autoCommitInterval(ZERO));
    assertThat(read(consumer, 1)).containsExactly("a");
    members.store(0, "b");

    assertThat(read(consumer, 1)).containsExactly("b");
    eventually()
        .until("the first is committed", () -> members.group.committed("orders", 0).orElse(0) == 1);
    pollUntil("both are", () -> members.group.committed("orders", 0).orElse(0) == 2, consumer);
  }

  @Test
  @Tag("S90")
  void doesNotCommitWhatTheLastPollReturnedWhenItIsClosed() {
    members.cluster.createTopic("orders", 1);
    members.store(0, "a", "b");
    var consumer = subscribed(members.builder().maxPollRecords(1));
    assertThat(read(consumer, 2)).containsExactly("a", "b");

    consumer.close(); // as after a failure over "b"

    assertThat(members.group.committed("orders", 0)).hasValue(1);
    assertThat(read(subscribed(members.builder()), 1)).containsExactly("b");
  }

  @Test
  void doesNotCommitWhatComesBeforeRecordsThatArePutBack() {
    members.cluster.createTopic("orders", 1);
    members.store(0, "a", "b", "c");
    var consumer = subscribed(members.builder());
    assertThat(read(consumer, 3)).containsExactly("a", "b", "c");

    consumer.putBack(orders(0), new OffsetAndMetadata(2, OptionalInt.of(1), ""));

    assertThat(consumer.position(orders(0))).isEqualTo(2);
    assertThatThrownBy(() -> consumer.putBack(orders(0), new OffsetAndMetadata(3)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("orders/0");
    consumer.close();
    assertThat(members.group.committed("orders", 0)).hasValue(0);

    var next = subscribed(members.builder());
    assertThat(read(next, 3)).containsExactly("a", "b", "c");
    next.putBack(orders(0), new OffsetAndMetadata(2, OptionalInt.of(1), ""));
    assertThat(read(next, 1)).containsExactly("c");
    next.close();
    assertThat(members.group.committed("orders", 0)).hasValue(2);
    assertThat(members.group.offset("orders", 0).orElseThrow().getLeaderEpoch()).isEqualTo(1);
  }

  @Test
  void doesNotTakeBackWhatWasCommittedByHandWhenItIsClosed() {
    members.cluster.createTopic("orders", 1);
    members.store(0, "a", "b");
    var consumer = subscribed(members.builder());
    assertThat(read(consumer, 2)).containsExactly("a", "b");

    consumer.commitAsync();
    consumer.close();

    assertThat(members.group.committed("orders", 0)).hasValue(2);
    assertThat(members.group.commitsOf("orders", 0)).isSorted();
  }

  @Test
  void doesNotCommitByItselfWhenItIsNotToldTo() {
    members.cluster.createTopic("orders", 1);
    members.store(0, "a");
    var consumer = subscribed(members.builder().autoCommit(false).autoCommitInterval(ZERO));
    assertThat(read(consumer, 1)).containsExactly("a");
    consumer.poll(ZERO);
    consumer.close();

    assertThat(members.group.commitsOf("orders", 0)).containsOnly(0L); // where it began
  }

  @Test
  @Tag("S97")
  void commitsWhereItBeginsBeforeItHandsOutARecord() {
    members.cluster.createTopic("orders", 1);
    members.store(0, "old");
    var consumer =
        subscribed(members.builder().autoCommit(false).autoOffsetReset(OffsetReset.LATEST));
    members.group.holdCommits(true);
    pollUntil("the place is sent", () -> members.group.heldCommits() == 1, consumer);
    members.store(0, "new");

    assertThat(consumer.poll(ofMillis(100))).isEmpty();
    assertThat(members.group.committed("orders", 0)).hasValue(1);
    members.group.holdCommits(false);

    assertThat(read(consumer, 1)).containsExactly("new");
  }

  @Test
  void readsAlthoughTheFirstCommitIsRefused() {
    members.cluster.createTopic("orders", 1);
    members.store(0, "a");
    members.group.refuseCommits(ErrorCode.NOT_AUTHORIZED);

    assertThat(read(byHand(), 1)).containsExactly("a");
  }

  @Test
  void commitsPositionsThatTheApplicationNames() {
    members.cluster.createTopic("orders", 1);
    members.store(0, "a", "b", "c");
    var consumer = byHand();
    assertThat(read(consumer, 3)).hasSize(3);
    var position = new OffsetAndMetadata(2, OptionalInt.of(1), "half");

    consumer.commitSync(Map.of(orders(0), position));

    assertThat(consumer.committed(List.of(orders(0)))).isEqualTo(Map.of(orders(0), position));
    assertThat(consumer.position(orders(0))).isEqualTo(3);
    consumer.seek(orders(0), position);
    assertThat(read(consumer, 1)).containsExactly("c");
  }

  @Test
  void saysWhyAPartitionWasNotCommitted() {
    members.cluster.createTopic("orders", 1);
    members.cluster.createTopic("others", 1);
    var consumer = byHand();
    pollUntil("all is granted", () -> !consumer.assignment().isEmpty(), consumer);

    var failure =
        catchThrowableOfType(
            NaruException.class,
            () ->
                consumer.commit(Map.of(new TopicPartition("others", 0), new OffsetAndMetadata(3))));

    assertThat(failure.code()).isEqualTo(ErrorCode.FENCED_MEMBER);
    assertThat(failure.details()).containsEntry("topic", "others");
  }

  @Test
  void saysWhenItIsNotKnownWhetherAnythingWasCommitted() {
    members.cluster.createTopic("orders", 1);
    members.store(0, "a");
    var consumer = subscribed(members.builder().autoCommit(false).apiTimeout(ofSeconds(1)));
    assertThat(read(consumer, 1)).containsExactly("a");
    members.group.silence(true);

    assertThat(catchThrowableOfType(NaruTimeoutException.class, consumer::commit).code())
        .isEqualTo(ErrorCode.REQUEST_TIMEOUT);
    members.group.silence(false); // so that it is heard when it leaves
  }

  @Test
  void triesACommitAgainWhileTheCoordinatorIsNotReady() {
    members.cluster.createTopic("orders", 1);
    members.store(0, "a");
    var consumer = byHand();
    assertThat(read(consumer, 1)).containsExactly("a");
    members.group.refuseCommits(ErrorCode.COORDINATOR_LOADING, ErrorCode.COORDINATOR_NOT_AVAILABLE);

    consumer.commit();

    assertThat(members.group.committed("orders", 0)).hasValue(1);
  }

  @Test
  void sendsOneCommitAtATimeAndOfThoseThatWaitTheNewest() {
    members.cluster.createTopic("orders", 1);
    members.store(0, "a", "b", "c", "d");
    var consumer = byHand();
    assertThat(read(consumer, 4)).hasSize(4);
    int before = members.group.commits().size();
    var heard = new ArrayList<Long>();
    CommitCallback callback =
        (offsets, failure) -> {
          assertThat(failure).isNull();
          offsets.values().forEach(offset -> heard.add(offset.offset()));
        };
    members.group.holdCommits(true);

    for (long offset = 1; offset <= 4; offset++) {
      consumer.commitAsync(Map.of(orders(0), new OffsetAndMetadata(offset)), callback);
    }
    eventually().until("one is on its way", () -> members.group.heldCommits() == 1);
    assertThat(members.group.commits()).hasSize(before + 1);
    members.group.holdCommits(false);
    pollUntil("all are called back", () -> heard.size() == 4, consumer);

    assertThat(heard).containsExactly(1L, 2L, 3L, 4L);
    assertThat(members.group.commitsOf("orders", 0)).endsWith(1L, 4L);
    assertThat(members.group.commits()).hasSize(before + 2);
  }

  @Test
  void callsBackWithTheFailureAndThrowsWhatACallbackThrows() {
    members.cluster.createTopic("orders", 1);
    members.store(0, "a");
    var consumer = byHand();
    assertThat(read(consumer, 1)).containsExactly("a");
    members.group.refuseCommits(ErrorCode.NOT_AUTHORIZED);

    consumer.commitAsync((offsets, failure) -> {
      throw new IllegalArgumentException(String.valueOf(failure));
    });
    var thrown = catchThrowableOfType(IllegalArgumentException.class, () -> pollForEver(consumer));

    assertThat(thrown).hasMessageContaining("NOT_AUTHORIZED");
    consumer.poll(ZERO);
  }

  @Test
  void beginsWhereTheGroupWasWithPartitionsOfItsOwn() {
    members.cluster.createTopic("orders", 2);
    members.store(0, "a", "b");
    members.store(1, "c");
    members.group.put("orders", 0, 1, 1);
    members.group.refuseFetches(
        ErrorCode.COORDINATOR_LOADING,
        ErrorCode.COORDINATOR_LOADING,
        ErrorCode.COORDINATOR_NOT_AVAILABLE);
    var consumer = members.builder().build();
    consumer.assign(orders(0), orders(1));

    assertThat(consumer.position(orders(0))).isEqualTo(1);
    assertThat(read(consumer, 2)).containsExactlyInAnyOrder("b", "c");
    consumer.commit();

    assertThat(members.group.committed("orders", 0)).hasValue(2);
    assertThat(members.group.committed("orders", 1)).hasValue(1);
    assertThat(members.group.joins()).isEmpty();
  }

  @Test
  void doesNotTakeAFailureForAGroupThatWasNowhere() {
    members.cluster.createTopic("orders", 1);
    members.store(0, "a");
    members.group.refuseFetches(ErrorCode.NOT_AUTHORIZED);
    var consumer = members.builder().build();
    consumer.assign(orders(0));

    var failure = catchThrowableOfType(NaruException.class, () -> pollForEver(consumer));

    assertThat(failure.code()).isEqualTo(ErrorCode.NOT_AUTHORIZED);
    assertThat(members.group.commits()).isEmpty();
  }

  @Test
  void committedLeavesOutWhatHasNoPosition() {
    members.cluster.createTopic("orders", 2);
    members.group.put("orders", 0, 7, 3);
    var consumer = members.builder().build();

    assertThat(consumer.committed(List.of(orders(0), orders(1))))
        .isEqualTo(Map.of(orders(0), new OffsetAndMetadata(7, OptionalInt.of(3), "")));
    assertThat(consumer.committed(List.of())).isEmpty();
  }

  @Test
  void committingNothingAsksNobody() {
    var consumer = members.builder().build();
    consumer.commit();
    var heard = new ArrayList<Object>();
    consumer.commitAsync((offsets, failure) -> heard.add(offsets));
    consumer.close();

    assertThat(heard).containsExactly(Map.of());
    assertThat(members.group.commits()).isEmpty();
  }

  @Test
  void readsOnWhereAListenerAcceptsThatHistoryWasCut() {
    members.cluster.createTopic("orders", 1);
    members.store(0, "a");
    members.store(0, "b");
    var diary =
        new Diary() {
          @Override
          public boolean onHistoryCut(TopicPartition partition, long from, long to) {
            entries.add("cut " + partition + " " + from + " " + to);
            return true;
          }
        };
    var consumer = members.builder().autoCommitInterval(ZERO).build();
    consumer.subscribe(List.of("orders"), diary);
    assertThat(read(consumer, 2)).containsExactly("a", "b");
    pollUntil("both are", () -> members.group.committed("orders", 0).orElse(0) == 2, consumer);

    members.cluster.partition("orders", 0).lose(1, 1);
    members.cluster.moveLeader("orders", 0, 2);
    members.store(0, "B", "C");

    assertThat(read(consumer, 2)).containsExactly("B", "C");
    assertThat(diary.entries).contains("cut orders/0 1 2");
    eventually()
        .until("the cut is committed", () -> members.group.commitsOf("orders", 0).contains(1L));
  }

  @Test
  void throwsThatHistoryWasCutWhenNobodyAcceptsIt() {
    members.cluster.createTopic("orders", 1);
    members.store(0, "a");
    members.store(0, "b");
    members.group.put("orders", 0, 2, 1);
    members.cluster.partition("orders", 0).lose(1, 1);
    members.cluster.moveLeader("orders", 0, 2);
    members.store(0, "B");
    var consumer = byHand();

    var failure = catchThrowableOfType(DataLossException.class, () -> pollForEver(consumer));

    assertThat(failure.from()).isEqualTo(1);
    assertThat(failure.to()).isEqualTo(2);
    consumer.seek(orders(0), failure.from());
    assertThat(read(consumer, 1)).containsExactly("B");
  }

  @Test
  void saysWhichRecordsWereDeletedBeforeTheyWereRead() {
    members.cluster.createTopic("orders", 1);
    members.store(0, "a", "b");
    members.store(0, "c");
    members.cluster.partition("orders", 0).raiseStart(2);
    members.group.put("orders", 0, 1, 1);
    var diary = new Diary();
    var consumer = members.builder().build();
    consumer.subscribe(List.of("orders"), diary);

    assertThat(read(consumer, 1)).containsExactly("c");

    assertThat(diary.entries).containsExactly("assigned [orders/0]", "expired orders/0 1 2");
  }

  @Test
  void commitsWhatWasProcessedOfPartitionsThatAreAssignedNoMore() {
    members.cluster.createTopic("orders", 2);
    members.store(0, "a");
    var consumer = members.builder().autoCommitInterval(ofMinutes(5)).build();
    consumer.assign(orders(0));
    assertThat(read(consumer, 1)).containsExactly("a");
    consumer.poll(ZERO);

    consumer.assign(orders(1));

    eventually()
        .until("it is committed", () -> members.group.committed("orders", 0).orElse(0) == 1);
  }

  @Test
  void neverCommitsWhatItWasGrantedAnewUnderTheGrantBefore() {
    members.cluster.createTopic("orders", 1);
    members.store(0, "a", "b");
    var consumer = byHand();
    assertThat(read(consumer, 2)).hasSize(2);
    members.group.put("orders", 0, 1, 1);
    members.group.grantAnew("orders", 0);

    var failure = catchThrowableOfType(NaruException.class, consumer::commit);

    assertThat(failure.code()).isEqualTo(ErrorCode.FENCED_MEMBER);
    assertThat(members.group.committed("orders", 0)).hasValue(1);
  }

  @Test
  void listenersCommitOfWhatIsRevokedCounts() {
    members.cluster.createTopic("orders", 1);
    members.store(0, "a");
    var consumer = members.builder().autoCommit(false).build();
    var diary =
        new Diary() {
          @Override
          public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            consumer.commit();
          }
        };
    consumer.subscribe(List.of("orders"), diary);
    assertThat(read(consumer, 1)).containsExactly("a");

    consumer.close();

    assertThat(members.group.committed("orders", 0)).hasValue(1);
  }
}
