import dev.naru.client.Codec;
import dev.naru.client.NaruClient;
import dev.naru.client.OffsetReset;
import dev.naru.client.TopicPartition;
import dev.naru.client.consumer.RebalanceListener;
import java.time.Duration;
import java.util.Collection;
import java.util.List;

/**
 * A member whose place outlives its process: restarted under the same name within two minutes it goes on
 * with the partitions that it had, and nobody else hears of it.
 */
final class StaticMember {

  public static void main(String[] args) {
    try (var naru = NaruClient.builder().bootstrapServers(args[0]).build();
        var consumer =
            naru.consumer(Codec.utf8(), Codec.utf8())
                .groupId("shipping")
                .groupInstanceId(args[2])
                .sessionTimeout(Duration.ofMinutes(2))
                .autoOffsetReset(OffsetReset.EARLIEST)
                .build()) {
      consumer.subscribe(List.of(args[1]), new Told());
      while (!Thread.currentThread().isInterrupted()) {
        consumer.poll(Duration.ofSeconds(1)).forEach(record -> System.out.println(record.value()));
      }
    }
  }

  private record Told() implements RebalanceListener {

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
      System.out.println("reads " + partitions);
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
      System.out.println("gives back " + partitions); // what was processed is committed by now
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
      System.out.println("has lost " + partitions); // nothing can be committed for them any more
    }
  }
}
