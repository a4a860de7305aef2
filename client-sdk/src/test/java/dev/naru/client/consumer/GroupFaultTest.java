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
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.naru.client.NaruException;
import dev.naru.client.TopicPartition;
import dev.naru.client.consumer.Members.Diary;
import dev.naru.client.fake.Batches;
import dev.naru.types.ErrorCode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A member of a group whose coordinator, topics or application do what they should not. */
class GroupFaultTest {

  private static final int COMMITS_MAX = 10_000; // under way, of one application

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
  @Tag("S91")
  void leavesACoordinatorThatIsSilentForAnother() {
    members.cluster.createTopic("orders", 1);
    var diary = new Diary();
    var consumer =
        members.builder().sessionTimeout(ofSeconds(6)).heartbeatInterval(ofMillis(500)).build();
    consumer.subscribe(List.of("orders"), diary);
    pollUntil("it is granted", () -> !consumer.assignment().isEmpty(), consumer);

    members.cluster.hang(1, true);
    members.group.moveUnheard(2);
    eventually()
        .and("a third of a session", ofSeconds(2))
        .until(
            "it has found the next one",
            () -> {
              consumer.poll(ofMillis(50));
              return members.group.joins().size() == 2;
            });

    assertThat(members.group.joins().get(1).getHoldingCount()).isEqualTo(1);
    assertThat(diary.entries).containsExactly("assigned [orders/0]");
  }

  @Test
  @Tag("S21")
  void readsPartitionsThatAreAddedWhileItReads() {
    members.cluster.createTopic("orders", 1);
    members.store(0, "a");
    var consumer = member(new Diary());
    assertThat(read(consumer, 1)).containsExactly("a");

    members.cluster.addPartitions("orders", 3);
    members.store(1, "b");
    members.store(2, "c");
    members.group.allow("orders", 1);

    assertThat(read(consumer, 2)).containsExactlyInAnyOrder("b", "c");
    assertThat(consumer.assignment()).containsExactly(orders(0), orders(1), orders(2));
  }

  /** And reads what comes later under the name, which is another topic. */
  @Test
  void readsTheOtherTopicsWhenOneIsDeleted() {
    members.cluster.createTopic("orders", 1);
    members.cluster.createTopic("payments", 1);
    members.store(0, "a");
    var diary = new Diary();
    var consumer = members.builder().build();
    consumer.subscribe(List.of("orders", "payments"), diary);
    assertThat(read(consumer, 1)).containsExactly("a");

    members.group.silence(true); // its coordinator has not heard of it yet
    members.cluster.deleteTopic("orders");
    int asked = members.cluster.metadataCalls();
    pollUntil(
        "no node has known it for a second",
        () -> members.cluster.metadataCalls() > asked + 20,
        consumer);
    members.cluster.partition("payments", 0).store(Batches.at(1000, "b"));
    assertThat(read(consumer, 1)).containsExactly("b");

    members.group.silence(false);
    pollUntil("it is given back", () -> consumer.assignment().size() == 1, consumer);
    members.cluster.createTopic("orders", 1);
    members.store(0, "c");

    assertThat(read(consumer, 1)).containsExactly("c");
    assertThat(diary.entries)
        .containsExactly(
            "assigned [orders/0, payments/0]", "revoked [orders/0]", "assigned [orders/0]");
  }

  @Test
  void handsOutNothingOfWhatItLostWhileAListenerRan() {
    members.cluster.createTopic("orders", 2);
    members.store(0, "a", "b");
    var consumer = members.builder().maxPollRecords(1).build();
    var diary =
        new Diary() {
          @Override
          public void onPartitionsRevoked(Collection<TopicPartition> p) {
            super.onPartitionsRevoked(p);
            if (p.contains(orders(1))) {
              members.group.fenceAll();
              eventually().until("it has come back", () -> members.group.joins().size() == 2);
              eventually().until("it was taken", () -> consumer.group().lease().isPositive());
            }
          }
        };
    consumer.subscribe(List.of("orders"), diary);
    assertThat(read(consumer, 1)).containsExactly("a");

    members.group.withhold("orders", 1);

    var handedOutSince = new ArrayList<String>();
    while (handedOutSince.size() < 2) {
      var values = read(consumer, 1); // what comes before it has heard is still its own
      if (diary.entries.contains("revoked [orders/1]")) {
        handedOutSince.addAll(values);
      }
    }
    assertThat(handedOutSince).as("from where the group was").containsExactly("a", "b");
    assertThat(diary.entries)
        .containsExactly(
            "assigned [orders/0, orders/1]",
            "revoked [orders/1]",
            "lost [orders/0]",
            "assigned [orders/0]");
  }

  @Test
  void completesAChangeAlthoughTheListenerThrowsAnError() {
    members.cluster.createTopic("orders", 2);
    var diary =
        new Diary() {
          @Override
          public void onPartitionsRevoked(Collection<TopicPartition> p) {
            super.onPartitionsRevoked(p);
            if (entries.size() == 2) {
              throw new AssertionError("of the application");
            }
          }
        };
    var first = member(diary);
    pollUntil("all is granted", () -> first.assignment().size() == 2, first);
    var second = member(new Diary());

    var failure = catchThrowableOfType(AssertionError.class, () -> pollForEver(first, second));

    assertThat(failure).hasMessage("of the application");
    assertThat(first.assignment()).containsExactly(orders(0));
    pollUntil("it has moved", () -> !second.assignment().isEmpty(), first, second);
  }

  @Test
  void givesBackAlthoughTheApplicationHasTooManyCommitsUnderWay() {
    members.cluster.createTopic("orders", 1);
    members.store(0, "a");
    var consumer = member(new Diary());
    assertThat(read(consumer, 1)).containsExactly("a");
    fillWithCommits(consumer);

    members.group.withhold("orders", 0);
    eventually()
        .and("the wait for the last commit", Rebalancing.GIVE_BACK_MAX)
        .until(
            "it is given back",
            () -> {
              consumer.poll(ofMillis(50));
              return !members.group.isHeld("orders", 0);
            });
    members.group.holdCommits(false);
  }

  @Test
  void leavesAlthoughTheApplicationHasTooManyCommitsUnderWay() {
    members.cluster.createTopic("orders", 1);
    members.store(0, "a");
    var consumer = member(new Diary());
    assertThat(read(consumer, 1)).containsExactly("a");
    fillWithCommits(consumer);

    consumer.close(ofMillis(200));

    eventually().until("it has left", () -> members.group.members() == 0);
    members.group.holdCommits(false);
  }

  /** So many that there may not be one more. */
  private void fillWithCommits(Consumer<String, String> consumer) {
    consumer.poll(ZERO);
    members.group.holdCommits(true);
    for (int i = 0; i < COMMITS_MAX; i++) {
      consumer.commitAsync();
    }
    assertThat(catchThrowableOfType(NaruException.class, consumer::commitAsync).code())
        .isEqualTo(ErrorCode.LIMIT_EXCEEDED);
  }

  @Test
  void closesInTimeAlthoughItsListenerCommits() {
    members.cluster.createTopic("orders", 1);
    members.store(0, "a");
    var consumer = members.builder().autoCommit(false).apiTimeout(ofMinutes(1)).build();
    var diary =
        new Diary() {
          @Override
          public void onPartitionsRevoked(Collection<TopicPartition> p) {
            consumer.commit();
          }
        };
    consumer.subscribe(List.of("orders"), diary);
    assertThat(read(consumer, 1)).containsExactly("a");
    members.group.silence(true);

    long before = System.nanoTime();
    var failure = catchThrowableOfType(NaruException.class, () -> consumer.close(ofMillis(200)));

    assertThat(System.nanoTime() - before).isLessThan(ofSeconds(30).toNanos());
    assertThat(failure.code()).isEqualTo(ErrorCode.REQUEST_TIMEOUT);
  }
}
