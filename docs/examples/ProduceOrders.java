import dev.naru.client.Codec;
import dev.naru.client.NaruClient;
import dev.naru.client.ProducerRecord;
import java.util.concurrent.atomic.AtomicInteger;

/** Sends a thousand records with keys, and says what became of them. */
final class ProduceOrders {

  public static void main(String[] args) {
    var stored = new AtomicInteger();
    try (var naru = NaruClient.builder().bootstrapServers(args[0]).build();
        var producer = naru.producer(Codec.utf8(), Codec.utf8()).build()) {
      for (int i = 0; i < 1_000; i++) {
        // One key, one partition: what a customer does stays in order.
        var record = ProducerRecord.of(args[1], "customer-" + i % 100, "order " + i);
        producer.send(
            record,
            (ack, failure) -> {
              if (failure == null) {
                stored.incrementAndGet();
              } else {
                System.err.println(failure.code() + ": " + failure.getMessage());
              }
            });
      }
      producer.flush(); // returns when each has been stored or has failed
    }
    System.out.println(stored + " orders are stored");
  }
}
