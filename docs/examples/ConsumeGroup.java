import dev.naru.client.Codec;
import dev.naru.client.NaruClient;
import dev.naru.client.OffsetReset;
import java.time.Duration;

/**
 * Reads in the group "billing" until it is interrupted. Start it several times: each process has a part
 * of the partitions, and another part when one of them goes.
 */
final class ConsumeGroup {

  public static void main(String[] args) {
    try (var naru = NaruClient.builder().bootstrapServers(args[0]).build();
        var consumer =
            naru.consumer(Codec.utf8(), Codec.utf8())
                .groupId("billing")
                .autoOffsetReset(OffsetReset.EARLIEST)
                .autoCommit(false)
                .build()) {
      consumer.subscribe(args[1]);
      while (!Thread.currentThread().isInterrupted()) {
        var records = consumer.poll(Duration.ofSeconds(1));
        for (var record : records) {
          System.out.println(record.key() + ": " + record.value());
        }
        if (!records.isEmpty()) {
          consumer.commit(); // after they were processed: none is passed over if this process ends
        }
      }
    } // closing gives the partitions back at once
  }
}
