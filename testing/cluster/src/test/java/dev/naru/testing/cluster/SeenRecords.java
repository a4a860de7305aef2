package dev.naru.testing.cluster;

import dev.naru.client.ConsumerRecord;
import dev.naru.client.NaruException;
import dev.naru.client.ProducerRecord;
import dev.naru.client.RecordAck;
import dev.naru.client.RecordInterceptor;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/** Notes what passes it, adds a header to records that go out, and throws when it is told to. */
final class SeenRecords implements RecordInterceptor {

  static final String HEADER = "seen";

  final Queue<String> events = new ConcurrentLinkedQueue<>();
  volatile boolean isBroken;

  @Override
  public <K, V> ProducerRecord<K, V> onSend(ProducerRecord<K, V> record) {
    throwIfBroken();
    events.add("send " + record.value());
    return record.withHeader(HEADER, "yes");
  }

  @Override
  public void onAcknowledged(
      ProducerRecord<?, ?> record, @Nullable RecordAck ack, @Nullable NaruException failure) {
    throwIfBroken();
    events.add(
        (failure == null ? "ack " : failure.code() + " ")
            + record.value()
            + " "
            + record.headers().size());
  }

  @Override
  public void onPolled(List<? extends ConsumerRecord<?, ?>> records) {
    throwIfBroken();
    records.forEach(record -> events.add("polled " + record.value()));
  }

  private void throwIfBroken() {
    if (isBroken) {
      throw new IllegalStateException("an interceptor that is broken");
    }
  }
}
