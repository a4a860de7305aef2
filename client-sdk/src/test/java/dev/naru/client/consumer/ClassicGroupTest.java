package dev.naru.client.consumer;

import static dev.naru.client.consumer.Members.orders;
import static dev.naru.client.consumer.Members.pollUntil;
import static dev.naru.client.consumer.Members.read;
import static java.time.Duration.ofMillis;
import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.client.AssignmentStrategy;
import dev.naru.client.GroupProtocol;
import dev.naru.client.TopicPartition;
import dev.naru.client.consumer.Members.Diary;
import dev.naru.client.core.ClassicBytes;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A consumer in a group whose members assign. */
class ClassicGroupTest {

  private final Members members = new Members();

  @AfterEach
  void close() {
    members.close();
  }

  private ConsumerBuilder<String, String> builder() {
    return members.builder().groupProtocol(GroupProtocol.CLASSIC);
  }

  private Consumer<String, String> member(RebalanceListener listener) {
    var consumer = builder().build();
    consumer.subscribe(List.of("orders"), listener);
    return consumer;
  }

  @Test
  @Tag("S86")
  void assignsAsTheFirstMemberAndReadsItsShare() {
    members.cluster.createTopic("orders", 3);
    members.store(0, "a");
    members.store(2, "c");
    var diary = new Diary();
    var consumer = member(diary);

    assertThat(read(consumer, 2)).containsExactlyInAnyOrder("a", "c");
    consumer.commit();

    assertThat(diary.entries).containsExactly("assigned [orders/0, orders/1, orders/2]");
    assertThat(members.group.committed("orders", 2)).hasValue(1);
    assertThat(consumer.group().protocol()).isEqualTo(GroupProtocol.CLASSIC);
    assertThat(consumer.group().epoch()).isEqualTo(1);
  }

  @Test
  void givesEverythingBackBeforeTheNextRound() {
    members.cluster.createTopic("orders", 2);
    members.store(1, "a");
    var diary = new Diary();
    var first = member(diary);
    assertThat(read(first, 1)).containsExactly("a");

    var second = member(new Diary());
    pollUntil(
        "both have one",
        () -> first.assignment().size() == 1 && second.assignment().size() == 1,
        first,
        second);

    assertThat(diary.entries)
        .hasSize(3)
        .startsWith("assigned [orders/0, orders/1]", "revoked [orders/0, orders/1]");
    assertThat(members.group.committed("orders", 1)).hasValue(1);
    var all = new TreeSet<>(first.assignment());
    all.addAll(second.assignment());
    assertThat(all).containsExactly(orders(0), orders(1));
    assertThat(members.group.joins()).hasSize(3);
    assertThat(members.group.joins().get(2).getHoldingList()).isEmpty();
  }

  @Test
  void takesOverWhenAnotherOneLeaves() {
    members.cluster.createTopic("orders", 2);
    members.store(0, "a");
    members.store(1, "b");
    var first = member(new Diary());
    assertThat(read(first, 2)).hasSize(2);
    var second = member(new Diary());
    pollUntil("both have one", () -> second.assignment().size() == 1, first, second);

    first.close();
    pollUntil("all is taken over", () -> second.assignment().size() == 2, second);
    members.store(0, "c");

    assertThat(read(second, 1)).containsExactly("c");
  }

  @Test
  void comesBackWithWhatItHasWhenItsStreamBreaks() {
    members.cluster.createTopic("orders", 1);
    members.store(0, "a");
    var diary = new Diary();
    var consumer = member(diary);
    assertThat(read(consumer, 1)).containsExactly("a");

    members.group.breakStreams();
    pollUntil("it has come back", () -> members.group.joins().size() == 2, consumer);
    members.store(0, "b");

    assertThat(read(consumer, 1)).containsExactly("b");
    assertThat(diary.entries).containsExactly("assigned [orders/0]");
    var joins = members.group.joins();
    assertThat(joins.get(1).getMemberEpoch()).isEqualTo(1);
    assertThat(joins.get(1).getHoldingCount()).isEqualTo(1);
    assertThat(joins.get(1).getClassicList()).isEqualTo(joins.get(0).getClassicList());
  }

  @Test
  void saysWhatItHadToThoseThatAssignByIt() {
    members.cluster.createTopic("orders", 2);
    var consumer =
        builder().assignmentStrategies(AssignmentStrategy.STICKY, AssignmentStrategy.RANGE).build();
    consumer.subscribe("orders");
    pollUntil("all is granted", () -> consumer.assignment().size() == 2, consumer);
    var second =
        builder().assignmentStrategies(AssignmentStrategy.STICKY, AssignmentStrategy.RANGE).build();
    second.subscribe("orders");
    pollUntil("both have one", () -> second.assignment().size() == 1, consumer, second);

    var offers = members.group.joins().get(2).getClassicList();
    assertThat(offers).extracting(offer -> offer.getName()).containsExactly("sticky", "range");
    var wishes = ClassicBytes.wishes(offers.get(0).getMetadata().asReadOnlyByteBuffer());
    assertThat(wishes.owned()).containsExactly(orders(0), orders(1));
    assertThat(wishes.generation()).isEqualTo(1);
    assertThat(ClassicBytes.wishes(offers.get(1).getMetadata().asReadOnlyByteBuffer()).owned())
        .isEmpty();
  }

  @Test
  void readsOtherTopicsInAnotherRound() {
    members.cluster.createTopic("orders", 1);
    members.cluster.createTopic("parcels", 1);
    var consumer = member(new Diary());
    pollUntil("it is granted", () -> !consumer.assignment().isEmpty(), consumer);

    consumer.subscribe("parcels");

    pollUntil(
        "the other topic is read",
        () ->
            consumer.assignment().equals(new TreeSet<>(List.of(new TopicPartition("parcels", 0)))),
        consumer);
  }

  @Test
  @Tag("S21")
  void sharesOutPartitionsThatWereAdded() {
    members.cluster.createTopic("orders", 1);
    members.store(0, "a");
    var consumer = member(new Diary());
    assertThat(read(consumer, 1)).containsExactly("a");

    members.cluster.addPartitions("orders", 3);
    members.store(2, "c");
    members.group.beginRound();
    pollUntil("all are its own", () -> consumer.assignment().size() == 3, consumer);

    assertThat(members.group.joins()).hasSize(2);
  }

  @Test
  void endsWithItsClientAlthoughItsCoordinatorAnswersNothing() {
    members.cluster.createTopic("orders", 1);
    members.group.ignoreFetches(true);
    var consumer = member(new Diary());
    pollUntil(
        "it asks where the group was",
        () -> members.cluster.calls().contains("FetchOffsets@1"),
        consumer);
    members.group.silence(true);

    consumer.close(ofMillis(100));
    members.naru.close();

    assertThat(members.group.commits()).isEmpty();
  }
}
