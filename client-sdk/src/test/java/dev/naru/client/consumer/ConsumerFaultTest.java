package dev.naru.client.consumer;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.naru.client.Codec;
import dev.naru.client.NaruClient;
import dev.naru.client.NaruException;
import dev.naru.client.OffsetReset;
import dev.naru.client.TopicPartition;
import dev.naru.client.fake.FakeCluster;
import dev.naru.types.ErrorCode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A consumer of which some partitions, or other threads, do not do what the rest expects. */
class ConsumerFaultTest {

  private final FakeCluster cluster = FakeCluster.of(3);
  private final NaruClient naru =
      NaruClient.builder().bootstrapServers(cluster.addresses()).build();

  @AfterEach
  void close() {
    naru.close();
    cluster.close();
  }

  private ConsumerBuilder<String, String> builder() {
    return naru.consumer(Codec.utf8(), Codec.utf8())
        .autoOffsetReset(OffsetReset.EARLIEST)
        .fetchMaxWait(ofMillis(100));
  }

  @Test
  void failsForAPartitionThatIsNotThere() {
    cluster.createTopic("orders", 1);
    var consumer = builder().build();
    consumer.assign(new TopicPartition("orders", 1));

    var failure = catchThrowableOfType(NaruException.class, () -> consumer.poll(ofSeconds(20)));

    assertThat(failure.code()).isEqualTo(ErrorCode.PARTITION_NOT_FOUND);
    assertThat(cluster.metadataCalls()).as("it was asked again").isGreaterThan(1);
  }
}
