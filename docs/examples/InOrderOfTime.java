import dev.naru.client.Codec;
import dev.naru.client.ConsumerRecord;
import dev.naru.client.NaruClient;
import dev.naru.client.NaruException;
import dev.naru.client.Position;
import dev.naru.client.ProducerRecord;
import dev.naru.client.TopicPartition;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Copies a topic, as it is now, into one with a single partition, in the order of the records' times. Each
 * partition is a queue: the earliest head of all is next, once no queue is empty that has more to come.
 */
final class InOrderOfTime {

  public static void main(String[] args) {
    var failure = new AtomicReference<NaruException>(); // set by the producer's thread
    try (var naru = NaruClient.builder().bootstrapServers(args[0]).build();
        var consumer = naru.consumer(Codec.utf8(), Codec.utf8()).build();
        var producer = naru.producer(Codec.utf8(), Codec.utf8()).build()) {
      var queues = new TreeMap<TopicPartition, ArrayDeque<ConsumerRecord<String, String>>>();
      var ends = consumer.endOffsets(consumer.partitionsOf(args[1]));
      consumer.assign(ends.keySet());
      ends.forEach((partition, end) -> {
        queues.put(partition, new ArrayDeque<>());
        consumer.seekToBeginning(partition);
        consumer.readUntil(partition, Position.offset(end));
      });
      while (!queues.isEmpty() && failure.get() == null) {
        for (var record : consumer.poll(Duration.ofMillis(100))) {
          queues.get(new TopicPartition(record.topic(), record.partition())).add(record);
        }
        queues.entrySet().removeIf(each ->
            each.getValue().isEmpty() && consumer.position(each.getKey()) >= ends.get(each.getKey()));
        while (!queues.isEmpty() && queues.values().stream().noneMatch(ArrayDeque::isEmpty)) {
          var next =
              Collections.min(queues.values(), (one, other) ->
                  one.getFirst().timestamp().compareTo(other.getFirst().timestamp()));
          producer.send(copyOf(next.removeFirst(), args[2]), (ack, why) -> failure.compareAndSet(null, why));
        }
      }
      producer.flush();
    }
    if (failure.get() != null) {
      throw failure.get(); // the copy is not complete
    }
  }

  private static ProducerRecord<String, String> copyOf(ConsumerRecord<String, String> record, String topic) {
    var copy = ProducerRecord.of(topic, record.key(), record.value()).withTimestamp(record.timestamp());
    for (var header : record.headers()) {
      copy = copy.withHeader(header);
    }
    return copy;
  }
}
