package dev.naru.client.consumer;

import static dev.naru.client.consumer.Members.eventually;
import static dev.naru.client.consumer.Members.orders;
import static dev.naru.client.consumer.Members.pollForEver;
import static dev.naru.client.consumer.Members.pollUntil;
import static dev.naru.client.consumer.Members.read;
import static java.time.Duration.ZERO;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.naru.client.Codec;
import dev.naru.client.NaruException;
import dev.naru.client.OffsetReset;
import dev.naru.client.TopicPartition;
import dev.naru.client.consumer.Members.Diary;
import dev.naru.client.fake.Batches;
import dev.naru.types.ErrorCode;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A consumer as a member of its group: what it reads, and what becomes of it. */
class GroupTest {

  private final Members members = new Members();

  @AfterEach
  void close() {
    members.close();
  }

  private Consumer<String, String> member(RebalanceListener listener) {
    var consumer = members.builder().build();
    consumer.subscribe(List.of("orders"), listener);
    return consumer;
  }

  @Test
  @Tag("S92")
  void needsAGroupToSubscribeOrToCommit() {
    members.cluster.createTopic("orders", 1);
    var alone = members.naru.consumer(Codec.utf8(), Codec.utf8()).build();
    alone.assign(orders(0));

    for (Runnable call :
        List.<Runnable>of(
            alone::commit,
            alone::commitAsync,
            () -> alone.subscribe("orders"),
            () -> alone.committed(List.of(orders(0))),
            alone::group)) {
      assertThat(catchThrowableOfType(NaruException.class, call::run).code())
          .isEqualTo(ErrorCode.INVALID_GROUP_ID);
    }
  }

  @Test
  void readsWhatItIsGranted() {
    members.cluster.createTopic("orders", 2);
    members.store(0, "a");
    members.store(1, "b");
    var diary = new Diary();
    var consumer = member(diary);

    assertThat(read(consumer, 2)).containsExactlyInAnyOrder("a", "b");

    assertThat(diary.entries).containsExactly("assigned [orders/0, orders/1]");
    assertThat(consumer.assignment()).containsExactly(orders(0), orders(1));
    assertThat(consumer.group().epoch()).isPositive();
    assertThat(consumer.group().lease()).isPositive();
  }

  @Test
  @Tag("S87")
  void leavesAloneWhatStays() {
    members.cluster.createTopic("orders", 4);
    var diary = new Diary();
    var first = member(diary);
    pollUntil("all is granted", () -> first.assignment().size() == 4, first);
    first.pause(orders(0));

    var other = new Diary();
    var second = member(other);
    pollUntil(
        "both have two",
        () -> first.assignment().size() == 2 && second.assignment().size() == 2,
        first,
        second);

    assertThat(diary.entries)
        .containsExactly(
            "assigned [orders/0, orders/1, orders/2, orders/3]", "revoked [orders/2, orders/3]");
    assertThat(other.entries).containsExactly("assigned [orders/2, orders/3]");
    assertThat(first.paused()).containsExactly(orders(0));
  }

  @Test
  void givesBackInPollsThatDoNotWait() {
    members.cluster.createTopic("orders", 2);
    members.store(1, "a");
    var first = member(new Diary());
    assertThat(read(first, 1)).containsExactly("a");
    var second = member(new Diary());

    eventually()
        .until(
            "the second one has a partition",
            () -> {
              first.poll(ZERO);
              second.poll(ZERO);
              return second.assignment().equals(new TreeSet<>(List.of(orders(1))));
            });

    assertThat(members.group.committed("orders", 1)).hasValue(1);
  }

  @Test
  void handsOverWhatMovesWhereItWasProcessed() {
    members.cluster.createTopic("orders", 2);
    members.store(1, "a", "b");
    var first = member(new Diary());
    assertThat(read(first, 2)).containsExactly("a", "b");
    var second = member(new Diary());
    pollUntil("it has moved", () -> !second.assignment().isEmpty(), first, second);

    members.store(1, "c");

    assertThat(read(second, 1)).containsExactly("c");
  }

  @Test
  void givesBackAlthoughTheLastCommitFails() {
    members.cluster.createTopic("orders", 1);
    members.store(0, "a");
    var diary = new Diary();
    var consumer = member(diary);
    assertThat(read(consumer, 1)).containsExactly("a");
    members.group.refuseCommits(ErrorCode.NOT_AUTHORIZED);

    members.group.withhold("orders", 0);
    pollUntil("it is given back", () -> !members.group.isHeld("orders", 0), consumer);

    assertThat(diary.entries).endsWith("revoked [orders/0]");
    assertThat(consumer.assignment()).isEmpty();
  }

  @Test
  void handsOutNothingMoreOfWhatIsToBeGivenBack() {
    members.cluster.createTopic("orders", 1);
    members.store(0, "a");
    var consumer = member(new Diary());
    assertThat(read(consumer, 1)).containsExactly("a");
    members.group.holdCommits(true);
    members.group.withhold("orders", 0);
    pollUntil("the last commit is on its way", () -> members.group.heldCommits() > 0, consumer);

    members.store(0, "b");

    assertThat(consumer.poll(ofMillis(100))).isEmpty();
    assertThat(members.group.isHeld("orders", 0)).isTrue();
    consumer.wakeup();
    assertThat(consumer.poll(ofSeconds(5))).isEmpty();
    members.group.holdCommits(false);
    pollUntil("it is given back", () -> !members.group.isHeld("orders", 0), consumer);
    members.group.allow("orders", 0);
    assertThat(read(consumer, 1)).containsExactly("b");
  }

  @Test
  void completesAChangeWhateverTheListenerThrows() {
    members.cluster.createTopic("orders", 2);
    var diary =
        new Diary() {
          @Override
          public void onPartitionsRevoked(Collection<TopicPartition> p) {
            super.onPartitionsRevoked(p);
            if (entries.size() == 2) {
              throw new IllegalArgumentException("of the application");
            }
          }
        };
    var first = member(diary);
    pollUntil("all is granted", () -> first.assignment().size() == 2, first);
    var second = member(new Diary());

    var failure =
        catchThrowableOfType(IllegalArgumentException.class, () -> pollForEver(first, second));

    assertThat(failure).hasMessage("of the application");
    assertThat(first.assignment()).containsExactly(orders(0));
    pollUntil("it has moved", () -> !second.assignment().isEmpty(), first, second);
  }

  @Test
  void letsAListenerCallTheConsumerButNotPoll() {
    members.cluster.createTopic("orders", 1);
    members.store(0, "a", "b", "c");
    var consumer = members.builder().autoCommit(false).build();
    var diary =
        new Diary() {
          @Override
          public void onPartitionsRevoked(Collection<TopicPartition> p) {
            super.onPartitionsRevoked(p);
            consumer.commit(Map.of(orders(0), new OffsetAndMetadata(2, "why")));
          }

          @Override
          public void onPartitionsAssigned(Collection<TopicPartition> p) {
            assertThatThrownBy(() -> consumer.poll(ZERO)).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(consumer::close).isInstanceOf(IllegalStateException.class);
            if (consumer.committed(p).isEmpty()) {
              consumer.seek(orders(0), 1);
            }
            entries.add("at " + consumer.position(orders(0)));
          }
        };
    consumer.subscribe(List.of("orders"), diary);

    assertThat(read(consumer, 2)).containsExactly("b", "c");
    members.group.withhold("orders", 0);
    pollUntil("it is given back", () -> !members.group.isHeld("orders", 0), consumer);
    members.group.allow("orders", 0);

    assertThat(read(consumer, 1)).containsExactly("c");
    assertThat(diary.entries).containsExactly("at 1", "revoked [orders/0]", "at 2");
    assertThat(consumer.committed(List.of(orders(0))))
        .isEqualTo(Map.of(orders(0), new OffsetAndMetadata(2, "why")));
  }

  @Test
  void readsOnWhileItsStreamBreaksAndComesBackWithWhatItHolds() {
    members.cluster.createTopic("orders", 1);
    members.store(0, "a");
    var diary = new Diary();
    var consumer = member(diary);
    assertThat(read(consumer, 1)).containsExactly("a");

    members.group.breakStreams();
    members.store(0, "b");
    assertThat(read(consumer, 1)).containsExactly("b");
    pollUntil("it has come back", () -> members.group.joins().size() == 2, consumer);

    var again = members.group.joins().get(1);
    assertThat(again.getMemberEpoch()).isEqualTo(consumer.group().epoch());
    assertThat(again.getHoldingCount()).isEqualTo(1);
    assertThat(diary.entries).containsExactly("assigned [orders/0]");
  }

  @Test
  @Tag("S91")
  void goesWithItsCoordinator() {
    members.cluster.createTopic("orders", 1);
    members.store(0, "a");
    var diary = new Diary();
    var consumer = member(diary);
    assertThat(read(consumer, 1)).containsExactly("a");

    members.group.moveTo(2);
    pollUntil("it has followed", () -> members.group.joins().size() == 2, consumer);
    consumer.commit();
    members.group.nameCoordinator(false);
    members.group.moveTo(3);
    consumer.commit();
    pollUntil("it has followed", () -> members.group.joins().size() == 3, consumer);
    members.store(0, "b");

    assertThat(read(consumer, 1)).containsExactly("b");
    assertThat(diary.entries).containsExactly("assigned [orders/0]");
    assertThat(members.group.committed("orders", 0)).hasValue(1);
  }

  @Test
  void losesWhatItsGroupGivesAwayAndCommitsNothingOfIt() {
    members.cluster.createTopic("orders", 1);
    members.store(0, "a");
    var diary = new Diary();
    var consumer = member(diary);
    assertThat(read(consumer, 1)).containsExactly("a");
    int before = members.group.commitsOf("orders", 0).size();

    members.group.fenceAll();
    assertThat(read(consumer, 1)).containsExactly("a");

    assertThat(diary.entries)
        .containsExactly("assigned [orders/0]", "lost [orders/0]", "assigned [orders/0]");
    assertThat(members.group.commitsOf("orders", 0)).hasSize(before);
    assertThat(members.group.joins()).hasSize(2);
    assertThat(members.group.joins().get(1).getMemberEpoch()).isZero();
    assertThat(members.group.joins().get(1).getMember())
        .isEqualTo(members.group.joins().get(0).getMember());
  }

  @Test
  void takesAPartitionThatIsGrantedAnewForAnotherOne() {
    members.cluster.createTopic("orders", 1);
    members.store(0, "a", "b");
    var diary = new Diary();
    var consumer = member(diary);
    assertThat(read(consumer, 2)).containsExactly("a", "b");

    members.group.put("orders", 0, 1, 1);
    members.group.grantAnew("orders", 0);

    assertThat(read(consumer, 1)).containsExactly("b");
    assertThat(diary.entries)
        .containsExactly("assigned [orders/0]", "lost [orders/0]", "assigned [orders/0]");
  }

  @Test
  @Tag("S131")
  void losesEverythingWhenNobodyHearsItForASession() {
    members.cluster.createTopic("orders", 1);
    members.store(0, "a");
    var diary = new Diary();
    var consumer =
        members.builder().sessionTimeout(ofSeconds(6)).heartbeatInterval(ofMillis(500)).build();
    consumer.subscribe(List.of("orders"), diary);
    assertThat(read(consumer, 1)).containsExactly("a");

    members.group.silence(true);
    eventually()
        .and("a session", ofSeconds(6))
        .until(
            "it is lost",
            () -> {
              consumer.poll(ofMillis(50));
              return diary.entries.contains("lost [orders/0]");
            });
    assertThat(consumer.assignment()).isEmpty();
    assertThat(consumer.group().lease()).isZero();
    members.group.silence(false);

    assertThat(read(consumer, 1)).containsExactly("a");
  }

  @Test
  void leavesWhenItsApplicationDoesNotPollAndComesBackWhenItDoes() {
    members.cluster.createTopic("orders", 1);
    members.store(0, "a");
    var diary = new Diary();
    var consumer = members.builder().maxPollInterval(ofMillis(300)).build();
    consumer.subscribe(List.of("orders"), diary);
    assertThat(read(consumer, 1)).containsExactly("a");

    eventually()
        .and("the poll interval", ofMillis(300))
        .until("it has left", () -> !members.group.leaves().isEmpty());
    assertThat(members.group.leaves().get(0).getCause()).isEqualTo("poll_interval");

    assertThat(read(consumer, 1)).containsExactly("a");
    assertThat(diary.entries).endsWith("lost [orders/0]", "assigned [orders/0]");
  }

  @Test
  void isAMemberWhileOnePollWaits() {
    members.cluster.createTopic("orders", 1);
    var consumer = members.builder().maxPollInterval(ofMillis(1500)).build();
    consumer.subscribe("orders");

    assertThat(consumer.poll(ofSeconds(3))).isEmpty();

    assertThat(members.group.leaves()).isEmpty();
    assertThat(consumer.assignment()).containsExactly(orders(0));
  }

  @Test
  void throwsWhyItIsRefusedUntilItSubscribesAgain() {
    members.cluster.createTopic("orders", 1);
    members.store(0, "a");
    members.group.refuseJoins(ErrorCode.UNSUPPORTED_ASSIGNOR);
    var consumer = member(new Diary());

    for (int i = 0; i < 2; i++) {
      var failure = catchThrowableOfType(NaruException.class, () -> pollForEver(consumer));
      assertThat(failure.code()).isEqualTo(ErrorCode.UNSUPPORTED_ASSIGNOR);
    }
    consumer.subscribe("orders");

    assertThat(read(consumer, 1)).containsExactly("a");
  }

  @Test
  void triesAgainWhileTheCoordinatorIsNotReady() {
    members.cluster.createTopic("orders", 1);
    members.store(0, "a");
    members.group.refuseFinds(
        ErrorCode.COORDINATOR_NOT_AVAILABLE,
        ErrorCode.NODE_STARTING,
        ErrorCode.UNSUPPORTED_VERSION);
    members.group.refuseJoins(
        ErrorCode.COORDINATOR_LOADING,
        ErrorCode.COORDINATOR_NOT_AVAILABLE,
        ErrorCode.INSTANCE_ID_IN_USE);

    assertThat(read(member(new Diary()), 1)).containsExactly("a");
  }

  @Test
  void throwsWhenNoNodeKnowsGroups() {
    var unknown = new ErrorCode[3];
    Arrays.fill(unknown, ErrorCode.UNSUPPORTED_VERSION); // from each node, and all are known
    members.cluster.createTopic("orders", 1);
    members.group.refuseFinds(unknown);

    var failure = catchThrowableOfType(NaruException.class, () -> pollForEver(member(new Diary())));

    assertThat(failure.code()).isEqualTo(ErrorCode.UNSUPPORTED_VERSION);
  }

  @Test
  void tellsItsCoordinatorWhoItIs() {
    members.cluster.createTopic("orders", 1);
    var consumer =
        members
            .builder()
            .groupInstanceId("billing-1")
            .rack("a")
            .groupRemoteAssignor("range")
            .sessionTimeout(ofSeconds(10))
            .maxPollInterval(ofSeconds(77))
            .build();
    consumer.subscribe("orders", "nowhere");
    pollUntil("it has joined", () -> members.group.joins().size() == 1, consumer);

    var join = members.group.joins().get(0);
    assertThat(join.getInstanceId()).isEqualTo("billing-1");
    assertThat(join.getRack()).isEqualTo("a");
    assertThat(join.getAssignor()).isEqualTo("range");
    assertThat(join.getSessionTimeoutMs()).isEqualTo(10_000);
    assertThat(join.getRebalanceTimeoutMs()).isEqualTo(77_000);
    assertThat(join.getSubscription().getTopicsList()).containsExactly("nowhere", "orders");
    consumer.close();
    assertThat(members.group.leaves().get(0).getStays()).isTrue();
  }

  @Test
  @Tag("S83")
  void readsManyTopicsAndOthersWhenItSaysSo() {
    members.cluster.createTopic("orders", 1);
    members.cluster.createTopic("parcels", 1);
    members.cluster.createTopic("refunds", 1);
    for (var topic : List.of("orders", "parcels", "refunds")) {
      members.cluster.partition(topic, 0).store(Batches.at(1, topic));
    }
    var consumer = members.builder().build();

    consumer.subscribe("orders", "parcels");
    assertThat(read(consumer, 2)).containsExactlyInAnyOrder("orders", "parcels");
    consumer.subscribe("parcels", "refunds");

    assertThat(read(consumer, 1)).containsExactly("refunds");
    pollUntil("the first is given back", () -> consumer.assignment().size() == 2, consumer);
    assertThat(consumer.subscription().orElseThrow()).hasToString("topics [parcels, refunds]");
  }

  @Test
  void readsTopicsThatMatchAndNoInternalOne() {
    members.cluster.createTopic("orders", 1);
    members.cluster.createTopic("parcels", 1);
    members.cluster.createTopic("__orders", 1);
    members.store(0, "a");
    var consumer = members.builder().build();

    consumer.subscribe(Pattern.compile(".*orders"));

    assertThat(read(consumer, 1)).containsExactly("a");
    assertThat(consumer.assignment()).containsExactly(orders(0));
  }

  @Test
  void leavesWhenItUnsubscribesAndCanBeUsedAgain() {
    members.cluster.createTopic("orders", 1);
    members.store(0, "a");
    var diary = new Diary();
    var consumer = member(diary);
    assertThat(read(consumer, 1)).containsExactly("a");
    consumer.poll(ZERO);

    consumer.unsubscribe();

    assertThat(diary.entries).containsExactly("assigned [orders/0]", "revoked [orders/0]");
    assertThat(members.group.members()).isZero();
    assertThat(members.group.committed("orders", 0)).hasValue(1);
    assertThat(consumer.assignment()).isEmpty();
    assertThat(consumer.poll(ofMillis(30))).isEmpty();
    members.store(0, "b");
    consumer.subscribe("orders");
    assertThat(read(consumer, 1)).containsExactly("b");
    assertThatThrownBy(() -> consumer.assign(orders(0))).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void leavesWhenItIsClosed() {
    members.cluster.createTopic("orders", 1);
    var diary = new Diary();
    var consumer = member(diary);
    pollUntil("all is granted", () -> !consumer.assignment().isEmpty(), consumer);

    consumer.close();

    assertThat(members.group.leaves().get(0).getCause()).isEqualTo("close");
    assertThat(members.group.leaves().get(0).getStays()).isFalse();
    assertThat(diary.entries).containsExactly("assigned [orders/0]", "revoked [orders/0]");
    assertThatThrownBy(() -> consumer.poll(ZERO)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void closesInTimeAlthoughNobodyAnswers() {
    members.cluster.createTopic("orders", 1);
    members.store(0, "a");
    var consumer = member(new Diary());
    assertThat(read(consumer, 1)).containsExactly("a");
    consumer.poll(ZERO);
    members.group.silence(true);

    long before = System.nanoTime();
    consumer.close(ofMillis(200));

    assertThat(System.nanoTime() - before).isLessThan(ofSeconds(30).toNanos());
  }

  @Test
  @Tag("S21")
  void readsAPartitionThatWasAddedFromItsStart() {
    members.cluster.createTopic("orders", 2);
    members.store(1, "early");
    members.group.startFromBeginning("orders", 1);
    var consumer = members.builder().autoOffsetReset(OffsetReset.LATEST).build();
    consumer.subscribe("orders");

    assertThat(read(consumer, 1)).containsExactly("early");
  }
}
