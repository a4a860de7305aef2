import dev.naru.client.Codec;
import dev.naru.client.NaruClient;
import dev.naru.client.Position;
import java.time.Duration;
import java.time.Instant;

/** Reads again what came since a time, up to the end as it is now. No group hears of it. */
final class ReplayByTime {

  public static void main(String[] args) {
    var since = Instant.parse(args[2]);
    try (var naru = NaruClient.builder().bootstrapServers(args[0]).build();
        var consumer = naru.consumer(Codec.utf8(), Codec.utf8()).build()) {
      consumer.assign(consumer.partitionsOf(args[1]));
      consumer.assignment().forEach(partition -> consumer.seekToTime(partition, since));
      consumer.readUntil(Position.end());
      long count = 0;
      while (!consumer.isAtStop()) {
        for (var record : consumer.poll(Duration.ofSeconds(1))) {
          System.out.println(record.timestamp() + " " + record.value());
          count++;
        }
      }
      System.out.println(count + " records since " + since);
    }
  }
}
