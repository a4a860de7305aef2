package dev.naru.testing.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.naru.client.Codec;
import dev.naru.client.ConsumerRecord;
import dev.naru.client.NaruClient;
import dev.naru.client.OffsetReset;
import dev.naru.client.Position;
import dev.naru.client.ProducerRecord;
import dev.naru.client.RecordAck;
import dev.naru.client.TopicPartition;
import dev.naru.client.admin.Admin;
import dev.naru.client.consumer.Consumer;
import dev.naru.client.consumer.OffsetAndMetadata;
import dev.naru.client.mock.MockCluster;
import dev.naru.types.ErrorCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The tests that go with such an application: most in memory, and one on nodes. */
class BillingTest {

  @Nested
  class InMemory {

    private final MockCluster cluster = new MockCluster().topic("orders", 2).topic("bills", 2);

    @Test
    void commitsNothingWhileABillIsNotStored() {
      var orders =
          cluster.consumer(
              Codec.utf8(),
              Codec.utf8(),
              with -> with.groupId("billing").autoOffsetReset(OffsetReset.EARLIEST));
      var bills = cluster.producer(Codec.utf8(), Codec.utf8());
      var billing = new Billing(orders, bills, "bills");
      orders.subscribe("orders");
      var partition = new TopicPartition("orders", 1);
      orders.deliver(partition, "customer-7", "two tickets");

      bills.failNext(ErrorCode.DELIVERY_TIMEOUT);
      assertThatThrownBy(billing::billOnce);
      assertThat(committed(partition)).hasValue(0L);

      orders.seekToBeginning(partition);
      assertThat(billing.billOnce()).isEqualTo(1);
      assertThat(committed(partition)).hasValue(1L);
      assertThat(cluster.records("bills", Codec.utf8(), Codec.utf8()))
          .extracting(ConsumerRecord::value)
          .containsExactly("bill for two tickets");
    }

    private Optional<Long> committed(TopicPartition partition) {
      return cluster.committed("billing", partition).map(OffsetAndMetadata::offset);
    }
  }

  @Nested
  @NaruTest(nodes = 3, settings = "offsets.topic.num.partitions=1")
  class OnNodes {

    @Test
    void billsEveryOrderOnceThoughANodeDies(
        NaruCluster cluster,
        NaruClient naru,
        Admin admin,
        @Topic(partitions = 3, replicas = 3) String orders,
        @Topic(replicas = 3) String bills) {
      var producer = naru.producer(Codec.utf8(), Codec.utf8()).build();
      Consumer<String, String> consumer =
          naru.consumer(Codec.utf8(), Codec.utf8())
              .groupId("billing")
              .autoOffsetReset(OffsetReset.EARLIEST)
              .build();
      consumer.subscribe(orders);
      var billing = new Billing(consumer, producer, bills);

      send(naru, orders, 0, 30);
      int billed = billing.billOnce();
      cluster.kill(admin.describeTopic(orders).join().partitions().get(0).leader().orElseThrow());
      send(naru, orders, 30, 60);
      for (int i = 0; i < 300 && billed < 60; i++) {
        billed += billing.billOnce();
      }

      assertThat(billed).isEqualTo(60);
      assertThat(valuesOf(naru, bills)).hasSize(60).doesNotHaveDuplicates();
    }

    private void send(NaruClient naru, String topic, int from, int to) {
      var sent = new ArrayList<CompletableFuture<RecordAck>>();
      try (var producer = naru.producer(Codec.utf8(), Codec.utf8()).build()) {
        for (int i = from; i < to; i++) {
          sent.add(producer.send(ProducerRecord.of(topic, "customer-" + i % 7, "order " + i)));
        }
      }
      sent.forEach(CompletableFuture::join);
    }

    private List<String> valuesOf(NaruClient naru, String topic) {
      var values = new ArrayList<String>();
      try (Consumer<String, String> consumer =
          naru.consumer(Codec.utf8(), Codec.utf8()).autoOffsetReset(OffsetReset.EARLIEST).build()) {
        consumer.assign(consumer.partitionsOf(topic));
        consumer.readUntil(Position.end());
        while (!consumer.isAtStop()) {
          consumer
              .poll(Duration.ofSeconds(5))
              .forEach(record -> values.add(String.valueOf(record.value())));
        }
      }
      return values;
    }
  }
}
