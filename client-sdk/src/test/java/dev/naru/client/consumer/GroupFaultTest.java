package dev.naru.client.consumer;

import static dev.naru.client.consumer.Members.eventually;
import static dev.naru.client.consumer.Members.orders;
import static dev.naru.client.consumer.Members.pollUntil;
import static dev.naru.client.consumer.Members.read;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.client.TopicPartition;
import dev.naru.client.consumer.Members.Diary;
import java.util.Collection;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A member of a group whose coordinator, topics or application do what they should not. */
class GroupFaultTest {

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

    assertThat(read(consumer, 2)).as("from where the group was").containsExactly("a", "b");
    assertThat(diary.entries)
        .containsExactly(
            "assigned [orders/0, orders/1]",
            "revoked [orders/1]",
            "lost [orders/0]",
            "assigned [orders/0]");
  }
}
