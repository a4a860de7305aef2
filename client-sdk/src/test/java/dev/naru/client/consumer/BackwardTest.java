package dev.naru.client.consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.naru.client.Codec;
import dev.naru.client.ConsumerRecord;
import dev.naru.client.NaruClient;
import dev.naru.client.TopicPartition;
import dev.naru.client.fake.Batches;
import dev.naru.client.fake.FakeCluster;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BackwardTest {

  private static final TopicPartition ORDERS = new TopicPartition("orders", 0);

  private final FakeCluster cluster = FakeCluster.of(1);
  private final NaruClient naru =
      NaruClient.builder().bootstrapServers(cluster.addresses()).build();

  @AfterEach
  void close() {
    naru.close();
    cluster.close();
  }

  private void store(String... values) {
    cluster.partition("orders", 0).store(Batches.at(1000, values));
  }

  private Backward<String, String> backward() {
    return naru.backward(ORDERS, Codec.utf8(), Codec.utf8());
  }

  private static List<String> all(Backward<String, String> backward, int most) {
    var values = new ArrayList<String>();
    for (var records = backward.next(most); !records.isEmpty(); records = backward.next(most)) {
      assertThat(records).hasSizeLessThanOrEqualTo(most);
      records.forEach(record -> values.add(record.value()));
    }
    return values;
  }

  @Test
  void readsTheNewestFirst() {
    cluster.createTopic("orders", 1);
    store("a", "b", "c");
    store("d");
    store("e", "f");

    try (var backward = backward()) {
      assertThat(backward.next(2)).extracting(ConsumerRecord::value).containsExactly("f", "e");
      assertThat(backward.next(1)).extracting(ConsumerRecord::value).containsExactly("d");
      assertThat(all(backward, 10)).containsExactly("c", "b", "a");
      assertThat(backward.next(10)).isEmpty();
    }
  }

  @Test
  void readsEveryRecordOnceHoweverManyAreAskedFor() {
    cluster.createTopic("orders", 1);
    var expected = new ArrayList<String>();
    for (int i = 0; i < 100; i++) {
      store("a" + i, "b" + i, "c" + i);
      expected.addAll(List.of("a" + i, "b" + i, "c" + i));
    }
    Collections.reverse(expected);

    for (int most : new int[] {1, 7, 64, 1000}) {
      try (var backward = backward()) {
        assertThat(all(backward, most)).isEqualTo(expected);
      }
    }
  }

  @Test
  void beginsWhereTheLogEndedWhenItWasFirstAsked() {
    cluster.createTopic("orders", 1);
    store("a");
    try (var backward = backward()) {
      assertThat(backward.next(1)).hasSize(1);
      store("b");

      assertThat(backward.next(1)).isEmpty();
    }
  }

  @Test
  void stopsWhereTheLogBegins() {
    cluster.createTopic("orders", 1);
    store("a", "b");
    store("c");
    store("d");
    try (var backward = backward()) {
      assertThat(backward.next(1)).extracting(ConsumerRecord::value).containsExactly("d");
      cluster.partition("orders", 0).raiseStart(2);

      assertThat(all(backward, 5)).containsExactly("c");
    }
  }

  @Test
  void hasNothingOfAnEmptyLogAndWantsANumber() {
    cluster.createTopic("orders", 1);
    try (var backward = backward()) {
      assertThat(backward.next(3)).isEmpty();
      assertThatThrownBy(() -> backward.next(0)).isInstanceOf(IllegalArgumentException.class);
    }
  }
}
