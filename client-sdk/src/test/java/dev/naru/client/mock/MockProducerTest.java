package dev.naru.client.mock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.naru.client.BufferExhaustedException;
import dev.naru.client.Codec;
import dev.naru.client.NaruException;
import dev.naru.client.ProducerRecord;
import dev.naru.client.RecordAck;
import dev.naru.types.ErrorCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What a test can have a producer in memory do; what it does as others do is in the contract. */
class MockProducerTest {

  private static final String TOPIC = "orders";

  private final MockCluster cluster = new MockCluster().topic(TOPIC, 1);
  private final MockProducer<String, String> producer =
      cluster.producer(Codec.utf8(), Codec.utf8());

  private CompletableFuture<RecordAck> send(String value) {
    return producer.send(ProducerRecord.of(TOPIC, value));
  }

  private List<String> stored() {
    return cluster.records(TOPIC, Codec.utf8(), Codec.utf8()).stream()
        .map(record -> String.valueOf(record.value()))
        .toList();
  }

  private static NaruException failureOf(CompletableFuture<?> failed) {
    return (NaruException) Objects.requireNonNull(catchThrowable(failed::join).getCause());
  }

  @Test
  void answersAtOnceOnTheThreadThatSends() {
    var threads = new ArrayList<Thread>();

    producer.send(
        ProducerRecord.of(TOPIC, "a"), (ack, failure) -> threads.add(Thread.currentThread()));

    assertThat(threads).containsExactly(Thread.currentThread());
    assertThat(send("b")).isCompleted();
    assertThat(stored()).containsExactly("a", "b");
  }

  @Test
  void answersWhatItHoldsInTheOrderInWhichItCame() {
    producer.hold();
    var first = send("a");
    var second = send("b");
    var third = send("c");
    assertThat(producer.heldCount()).isEqualTo(3);
    assertThat(stored()).isEmpty();

    assertThat(producer.completeNext()).isTrue();
    producer.failNext(ErrorCode.NOT_ENOUGH_REPLICAS);
    assertThat(third).isNotDone();
    producer.release();

    assertThat(first.join().offset()).isZero();
    assertThat(failureOf(second).code()).isEqualTo(ErrorCode.NOT_ENOUGH_REPLICAS);
    assertThat(third.join().offset()).isEqualTo(1);
    assertThat(producer.completeNext()).isFalse();
    assertThat(stored()).containsExactly("a", "c");
  }

  @Test
  void failsTheNextOneThatIsSent() {
    producer.failNext(ErrorCode.DELIVERY_TIMEOUT);

    assertThat(failureOf(send("a")).code()).isEqualTo(ErrorCode.DELIVERY_TIMEOUT);
    assertThat(send("b").join().offset()).isZero();
  }

  @Test
  void answersABatchAsOne() {
    producer.hold();
    var batch =
        producer.send(List.of(ProducerRecord.of(TOPIC, "a"), ProducerRecord.of(TOPIC, "b")));
    assertThat(producer.heldCount()).isEqualTo(2);

    producer.completeNext();

    assertThat(batch.join()).extracting(RecordAck::offset).containsExactly(0L, 1L);
  }

  @Test
  void callsBackForWhatACallbackSendsAfterThatCallback() {
    var calls = new ArrayList<String>();

    producer.send(
        ProducerRecord.of(TOPIC, "a"),
        (ack, failure) -> {
          producer.send(ProducerRecord.of(TOPIC, "b"), (other, none) -> calls.add("b"));
          calls.add("a");
        });

    assertThat(calls).containsExactly("a", "b");
  }

  @Test
  void hasRoomForItsBufferMemoryOnly() {
    var small =
        cluster.producer(
            Codec.utf8(), Codec.utf8(), with -> with.bufferMemory(1000).batchSize(500));
    small.hold();

    var first = small.send(ProducerRecord.of(TOPIC, "v".repeat(600)));
    var second = small.send(ProducerRecord.of(TOPIC, "v".repeat(600)));

    assertThat(failureOf(second)).isInstanceOf(BufferExhaustedException.class);
    small.flush();
    assertThat(first.join().offset()).isZero();
  }

  @Test
  void failsWhatItHoldsWhenThereIsNoTimeToClose() {
    producer.hold();
    var held = send("a");

    producer.close(Duration.ZERO);

    assertThat(failureOf(held).code()).isEqualTo(ErrorCode.DELIVERY_TIMEOUT);
    assertThat(producer.isClosed()).isTrue();
    assertThat(stored()).isEmpty();
  }

  @Test
  void stampsRecordsWithTheTimeOfTheCluster() {
    cluster.advance(Duration.ofMinutes(1));

    assertThat(send("a").join().timestampMillis()).isEqualTo(cluster.now().toEpochMilli());
  }

  @Test
  void seesPartitionsThatAreAdded() {
    send("a").join();
    cluster.topic(TOPIC, 3);

    var ack = producer.send(ProducerRecord.<String, String>of(TOPIC, "b").withPartition(2)).join();

    assertThat(ack.partition()).isEqualTo(2);
  }
}
