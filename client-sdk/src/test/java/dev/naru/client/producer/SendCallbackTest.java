package dev.naru.client.producer;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.naru.client.Acks;
import dev.naru.client.Codec;
import dev.naru.client.NaruClient;
import dev.naru.client.NaruException;
import dev.naru.client.ProducerRecord;
import dev.naru.client.RecordAck;
import dev.naru.client.fake.FakeCluster;
import dev.naru.client.fake.Reaction;
import dev.naru.testing.Eventually;
import dev.naru.types.ErrorCode;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SendCallbackTest {

  private static final String CALLBACK_THREAD = "naru-callbacks";

  private final FakeCluster cluster = FakeCluster.of(3);
  private final NaruClient naru =
      NaruClient.builder().bootstrapServers(cluster.addresses()).build();
  private final List<Heard> heard = new CopyOnWriteArrayList<>();

  @AfterEach
  void close() {
    cluster.releaseHeld();
    naru.close();
    cluster.close();
  }

  /** What a callback was told, and where. */
  private record Heard(
      int number, @Nullable RecordAck ack, @Nullable NaruException failure, String thread) {

    long offset() {
      if (ack == null) {
        throw new AssertionError("Expected an acknowledgement, but " + this);
      }
      return ack.offset();
    }
  }

  private ProducerBuilder<String, String> builder() {
    return naru.producer(Codec.utf8(), Codec.utf8());
  }

  private SendCallback hear(int number) {
    return (ack, failure) ->
        heard.add(new Heard(number, ack, failure, Thread.currentThread().getName()));
  }

  private static ProducerRecord<String, String> record(int number) {
    return ProducerRecord.<String, String>of("orders", Integer.toString(number)).withPartition(0);
  }

  @Test
  void tellsEachRecordItsPlaceOnceInOrderOnTheCallbackThread() {
    cluster.createTopic("orders", 1);
    var producer = builder().batchSize(500).build(); // so that there are many batches

    for (int i = 0; i < 5000; i++) {
      producer.send(record(i), hear(i));
    }
    producer.flush();

    assertThat(heard).extracting(Heard::number).containsExactlyElementsOf(upTo(5000));
    assertThat(heard).extracting(Heard::thread).containsOnly(CALLBACK_THREAD);
    assertThat(heard).allMatch(each -> each.failure() == null);
    assertThat(heard).allMatch(each -> each.offset() == each.number());
  }

  @Test
  void goesOnWhenCallbacksThrow() {
    cluster.createTopic("orders", 1);
    var producer = builder().linger(ofMillis(20)).build();

    for (int i = 0; i < 30; i++) {
      int number = i;
      producer.send(
          record(i),
          (ack, failure) -> {
            hear(number).onCompletion(ack, failure);
            switch (number % 4) {
              case 0 -> throw new IllegalStateException("the application's own");
              case 1 -> throw new AssertionError("of the application's own tests");
              case 2 -> throwUndeclared(new IOException("of another language, or a library"));
              default -> {}
            }
          });
    }
    producer.flush();
    var later = producer.send(record(30)).join();

    assertThat(heard).extracting(Heard::number).containsExactlyElementsOf(upTo(30));
    assertThat(later.offset()).isEqualTo(30);
  }

  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // on purpose
  private static <E extends Throwable> void throwUndeclared(Throwable failure) throws E {
    throw (E) failure;
  }

  @Test
  void tellsOfARecordThatItDoesNotTakeBeforeSendReturns() {
    cluster.createTopic("small", 1, 2000);
    var producer = builder().build();

    producer.send(ProducerRecord.of("small", "x".repeat(3000)), hear(0));

    assertThat(heard).hasSize(1);
    assertThat(codes()).containsExactly(ErrorCode.RECORD_TOO_LARGE);
    assertThat(heard.get(0).thread()).isEqualTo(Thread.currentThread().getName());
  }

  @Test
  void tellsEveryRecordOfABatchThatItFailed() {
    cluster.createTopic("orders", 1);
    cluster.onProduce((node, request) -> Reaction.refuse(ErrorCode.CORRUPT_RECORD));
    var producer = builder().linger(ofMillis(20)).retries(0).build();

    for (int i = 0; i < 10; i++) {
      producer.send(record(i), hear(i));
    }
    producer.flush();

    assertThat(heard).extracting(Heard::number).containsExactlyElementsOf(upTo(10));
    assertThat(heard).extracting(Heard::thread).containsOnly(CALLBACK_THREAD);
    assertThat(codes()).hasSize(10).containsOnly(ErrorCode.CORRUPT_RECORD);
  }

  @Test
  void tellsOnceWhenTheAnswerComesAfterTheProducerWasClosed() {
    cluster.createTopic("orders", 1);
    cluster.onProduce((node, request) -> Reaction.hold());
    var producer = builder().build();
    producer.send(record(0), hear(0));
    Eventually.allowing("a call over loopback", ofSeconds(2))
        .until("the batch is on its way", () -> cluster.heldCount() == 1);

    producer.close(ofMillis(10));
    cluster.releaseHeld();
    cluster.onProduce((node, request) -> Reaction.accept());
    builder().build().send(record(1)).join(); // what was released has been heard by then

    assertThat(codes()).containsExactly(ErrorCode.DELIVERY_TIMEOUT);
  }

  @Test
  void tellsTheRecordsTimeAlsoWithoutAPlace() {
    cluster.createTopic("orders", 1);
    var producer = builder().acks(Acks.NONE).build();

    producer.send(record(0).withTimestamp(Instant.ofEpochMilli(1234)), hear(0));
    producer.flush();

    var ack = Objects.requireNonNull(heard.get(0).ack());
    assertThat(ack.hasOffset()).isFalse();
    assertThat(ack.timestampMillis()).isEqualTo(1234);
  }

  @Test
  void refusesASendAfterItWasClosed() {
    cluster.createTopic("orders", 1);
    var producer = builder().build();
    producer.close();

    assertThatThrownBy(() -> producer.send(record(0), hear(0)))
        .isInstanceOf(IllegalStateException.class);
    assertThat(heard).isEmpty();
  }

  private List<ErrorCode> codes() {
    var codes = new ArrayList<ErrorCode>();
    for (var each : heard) {
      if (each.failure() != null) {
        codes.add(each.failure().code());
      }
    }
    return codes;
  }

  private static List<Integer> upTo(int end) {
    return IntStream.range(0, end).boxed().toList();
  }
}
