package dev.naru.testing.cluster;

import dev.naru.client.ConsumerRecord;
import dev.naru.client.ProducerRecord;
import dev.naru.client.consumer.Consumer;
import dev.naru.client.producer.Producer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** An application as somebody might write it: reads orders, and writes a bill for each. */
public final class Billing {

  private final Consumer<String, String> orders;
  private final Producer<String, String> bills;
  private final String billsTopic;

  /** Reads what the one is subscribed to, and writes with the other. */
  public Billing(
      Consumer<String, String> orders, Producer<String, String> bills, String billsTopic) {
    this.orders = orders;
    this.bills = bills;
    this.billsTopic = billsTopic;
  }

  /** Bills what has come, and commits it once all bills are stored. Returns how many it wrote. */
  public int billOnce() {
    var records = orders.poll(Duration.ofMillis(200));
    var sent = records.stream().map(this::bill).toArray(CompletableFuture[]::new);
    CompletableFuture.allOf(sent).join();
    if (!records.isEmpty()) {
      orders.commit();
    }
    return records.size();
  }

  private CompletableFuture<?> bill(ConsumerRecord<String, String> order) {
    return bills.send(ProducerRecord.of(billsTopic, order.key(), "bill for " + order.value()));
  }
}
