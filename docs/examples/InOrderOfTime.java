import dev.naru.client.Codec;
import dev.naru.client.ConsumerRecord;
import dev.naru.client.NaruClient;
import dev.naru.client.Position;
import dev.naru.client.ProducerRecord;
import dev.naru.client.TopicPartition;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.TreeMap;

/**
 * Copies a topic, as it is now, into one with a single partition, in the order of the records' times. Each
 * partition is a queue: the earliest head of all is next, once no queue is empty that has more to come.
 */
final class InOrderOfTime {

  public static void main(String[] args) {
    var queues = new TreeMap<TopicPartition, ArrayDeque<ConsumerRecord<String, String>>>();
    try (var naru = NaruClient.builder().bootstrapServers(args[0]).build();
        var consumer = naru.consumer(Codec.utf8(), Codec.utf8()).build();
        var producer = naru.producer(Codec.utf8(), Codec.utf8()).build()) {
      consumer.assign(consumer.partitionsOf(args[1]));
      for (var partition : consumer.assignment()) {
        queues.put(partition, new ArrayDeque<>());
        consumer.seekToBeginning(partition);
      }
      consumer.readUntil(Position.end());
      boolean isComplete = false;
      while (!isComplete) {
        for (var record : consumer.poll(Duration.ofMillis(100))) {
          queues.get(new TopicPartition(record.topic(), record.partition())).add(record);
        }
        isComplete = consumer.isAtStop();
        while (isComplete || queues.values().stream().noneMatch(ArrayDeque::isEmpty)) {
          var next =
              queues.values().stream()
                  .filter(queue -> !queue.isEmpty())
                  .min(Comparator.comparingLong(queue -> queue.getFirst().timestampMillis()));
          if (next.isEmpty()) {
            break; // all is complete and copied
          }
          var record = next.get().removeFirst();
          var copy = ProducerRecord.of(args[2], record.key(), record.value());
          producer.send(copy.withTimestamp(record.timestamp()));
        }
      }
      producer.flush();
    }
  }
}
