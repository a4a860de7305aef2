import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.AdminClient;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.LongDeserializer;
import org.apache.kafka.common.serialization.LongSerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** An application of Kafka: sends orders, and sums them up for each customer. */
public final class Orders {

  private final String servers;
  private final String topic;

  public Orders(String servers, String topic) {
    this.servers = servers;
    this.topic = topic;
  }

  public static void main(String[] args) throws Exception {
    Orders orders = new Orders(args[0], args[1]);
    int count = Integer.parseInt(args[2]);
    orders.createTopic();
    orders.send(count);
    orders.sum(count).forEach((customer, cents) -> System.out.println(customer + " " + cents));
  }

  public void createTopic() throws Exception {
    Properties settings = new Properties();
    settings.put("bootstrap.servers", servers);
    try (AdminClient admin = AdminClient.create(settings)) {
      NewTopic orders = new NewTopic(topic, Optional.of(3), Optional.empty());
      admin.createTopics(List.of(orders)).all().get();
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof TopicExistsException)) {
        throw e;
      }
    }
  }

  public void send(int count) throws Exception {
    Map<String, Object> settings = new HashMap<>();
    settings.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, servers);
    settings.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, StringSerializer.class);
    settings.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, LongSerializer.class.getName());
    settings.put(ProducerConfig.ACKS_CONFIG, "all");
    settings.put(ProducerConfig.LINGER_MS_CONFIG, 5);
    settings.put(ProducerConfig.SEND_BUFFER_CONFIG, 128 * 1024);
    Callback complain =
        (metadata, failure) -> {
          if (failure != null) {
            System.err.println("Lost: " + failure);
          }
        };
    try (Producer<String, Long> producer = new KafkaProducer<>(settings)) {
      for (int i = 0; i < count; i++) {
        ProducerRecord<String, Long> order = new ProducerRecord<>(topic, "customer-" + i % 3, 100L);
        order.headers().add("currency", "EUR".getBytes());
        producer.send(order, complain);
      }
      producer.flush();
      RecordMetadata last = producer.send(new ProducerRecord<>(topic, "last", 1L)).get();
      System.err.println("Sent up to " + last.partition() + "@" + last.offset());
    }
  }

  /** Reads until it has seen as many orders and the last one. */
  public Map<String, Long> sum(int count) {
    Properties settings = new Properties();
    settings.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, servers);
    settings.put(ConsumerConfig.GROUP_ID_CONFIG, "sums");
    settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
    settings.put(ConsumerConfig.RECONNECT_BACKOFF_MS_CONFIG, "50");
    Map<String, Long> sums = new TreeMap<>();
    int seen = 0;
    Consumer<String, Long> consumer =
        new KafkaConsumer<>(settings, new StringDeserializer(), new LongDeserializer());
    try {
      consumer.subscribe(List.of(topic), new Noted());
      while (seen <= count) {
        ConsumerRecords<String, Long> records = consumer.poll(Duration.ofMillis(500));
        for (TopicPartition partition : records.partitions()) {
          for (ConsumerRecord<String, Long> order : records.records(partition)) {
            sums.merge(order.key(), order.value(), Long::sum);
            seen++;
          }
          long next = consumer.position(partition);
          consumer.commitSync(Map.of(partition, new OffsetAndMetadata(next)));
        }
      }
      consumer.wakeup();
      consumer.poll(Duration.ofSeconds(10));
    } catch (WakeupException e) {
      System.err.println("Done");
    } finally {
      consumer.close();
    }
    return sums;
  }

  private static final class Noted implements ConsumerRebalanceListener {

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
      System.err.println("Gives back " + partitions);
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
      System.err.println("Reads " + partitions);
    }
  }
}
