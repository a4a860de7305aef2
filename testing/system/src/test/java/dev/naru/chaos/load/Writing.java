package dev.naru.chaos.load;

import dev.naru.client.Codec;
import dev.naru.client.NaruClient;
import dev.naru.client.NaruException;
import dev.naru.client.ProducerRecord;
import dev.naru.client.RecordAck;
import dev.naru.client.producer.Producer;
import dev.naru.testing.history.Acks;
import dev.naru.testing.history.Operation.SendFailed;
import dev.naru.testing.history.Operation.SendInvoked;
import dev.naru.testing.history.Operation.SendOk;
import dev.naru.testing.history.Operation.SendUnknown;
import dev.naru.testing.history.Operation.SessionBegan;
import dev.naru.testing.history.PartitionName;
import dev.naru.testing.history.Payload;
import dev.naru.testing.history.Value;
import dev.naru.types.ErrorCode;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One producer that writes at a steady pace, partition after partition, until it is closed. It asks
 * for the acknowledgement of all replicas and leaves all sending again to the SDK. Every second one
 * says its numbers to the leaders: then a record that is there twice is an anomaly.
 */
final class Writing implements AutoCloseable {

  /** So many records may be unanswered: what a pause of some seconds leaves behind. */
  private static final int UNANSWERED_MAX = 5000;

  /** Refusals before anything was sent. All else may have happened. */
  private static final Set<ErrorCode> NOTHING_WAS_SENT =
      Set.of(ErrorCode.BUFFER_EXHAUSTED, ErrorCode.RECORD_TOO_LARGE, ErrorCode.TOPIC_NOT_FOUND);

  private final int tag;
  private final Workload workload;
  private final Recorder recorder;
  private final Progress progress;
  private final boolean isNumbered;
  private final Producer<byte[], byte[]> producer;
  private final Semaphore unanswered = new Semaphore(UNANSWERED_MAX);
  private final Thread thread;
  private volatile boolean isClosed; // written by who closes, read by the thread

  Writing(int tag, Workload workload, NaruClient client, Recorder recorder, Progress progress) {
    this.tag = tag;
    this.workload = workload;
    this.recorder = recorder;
    this.progress = progress;
    this.isNumbered = tag % 2 == 0;
    this.producer = client.producer(Codec.bytes(), Codec.bytes()).idempotence(isNumbered).build();
    this.thread = Thread.ofPlatform().name("writing-" + tag).start(this::write);
  }

  private void write() {
    recorder.record(new SessionBegan(System.nanoTime(), tag, Acks.ALL, !isNumbered));
    long next = System.nanoTime();
    for (int sequence = 0; !isClosed; sequence++) {
      if (!mayWrite()) {
        return;
      }
      send(new Value(tag, sequence));
      next = Math.max(next + workload.pauseNanos(), System.nanoTime() - workload.pauseNanos());
      while (System.nanoTime() < next) {
        LockSupport.parkNanos(next - System.nanoTime());
      }
    }
  }

  private boolean mayWrite() {
    try {
      while (!isClosed) {
        if (unanswered.tryAcquire(100, TimeUnit.MILLISECONDS)) {
          return true;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return false;
  }

  private void send(Value value) {
    recorder.record(new SendInvoked(System.nanoTime(), value));
    var payload = Payload.of(value, workload.payloadBytes());
    int partition = (value.producer() + value.sequence()) % workload.partitions();
    producer.send(
        ProducerRecord.<byte[], byte[]>of(workload.topic(), payload).withPartition(partition),
        (ack, failure) -> {
          if (failure == null && ack != null) {
            acknowledged(value, ack);
          } else {
            failed(value, failure);
          }
          unanswered.release();
        });
  }

  private void acknowledged(Value value, RecordAck ack) {
    long now = System.nanoTime();
    recorder.record(
        new SendOk(
            now,
            value,
            new PartitionName(ack.topic(), ack.partition()),
            OptionalLong.of(ack.offset())));
    progress.acknowledged(ack.partition(), now);
  }

  private void failed(Value value, @Nullable NaruException failure) {
    boolean isProven = failure != null && NOTHING_WAS_SENT.contains(failure.code());
    recorder.record(
        isProven
            ? new SendFailed(System.nanoTime(), value)
            : new SendUnknown(System.nanoTime(), value));
    progress.failed(failure == null ? "nothing" : failure.code().toString());
  }

  /** Sends no more; what has no answer now will have none. */
  void abandon() {
    isClosed = true;
    Threads.join(thread);
    producer.close(Duration.ZERO);
    recorder.close();
  }

  /** Sends no more, and waits until every record has its answer. */
  @Override
  public void close() {
    isClosed = true;
    Threads.join(thread);
    producer.close();
    recorder.close();
  }
}
