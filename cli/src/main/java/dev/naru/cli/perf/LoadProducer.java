package dev.naru.cli.perf;

import dev.naru.cli.records.Pace;
import dev.naru.client.NaruException;
import dev.naru.client.RecordAck;
import dev.naru.client.producer.Producer;
import dev.naru.client.producer.SendCallback;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Sends one producer's part of the load. */
final class LoadProducer implements Runnable {

  private final long records;
  private final Producer<byte[], byte[]> producer;
  private final LoadRecords source;
  private final Tally.Share tally;
  private final LoadClock clock;
  private final BooleanSupplier isStopped;
  private final Pace pace;

  LoadProducer(
      Load load,
      int number,
      Producer<byte[], byte[]> producer,
      Payloads payloads,
      Tally.Share tally,
      LoadClock clock,
      BooleanSupplier isStopped) {
    this.records = load.recordsOf(number);
    this.producer = producer;
    this.source = new LoadRecords(load.topic(), payloads);
    this.tally = tally;
    this.clock = clock;
    this.isStopped = isStopped;
    this.pace = new Pace(load.perSecond() / load.producers(), clock.nanoTime());
  }

  @Override
  public void run() {
    try {
      SendCallback uncounted = this::onUncounted;
      while (clock.isWarmingUp() && goesOn()) {
        pace.awaitNext();
        producer.send(source.next(), uncounted);
      }
      long nowNanos = clock.nowNanos();
      for (long i = 0; i < records && !clock.isOver(nowNanos) && goesOn(); i++) {
        producer.send(source.next(), new Sent(pace.awaitNext(nowNanos)));
        nowNanos = clock.nowNanos(); // once a record: it costs as much as encoding one
      }
      producer.flush();
      tally.enterAll(); // every callback has been called by now
    } catch (RuntimeException e) {
      tally.failed(e);
    }
  }

  private boolean goesOn() {
    return !isStopped.getAsBoolean() && !tally.hasFailed();
  }

  private void onUncounted(@Nullable RecordAck ack, @Nullable NaruException failure) {
    if (failure != null) {
      tally.failed(failure);
    }
  }

  /**
   * A record on its way. Latency counts from when it was due, so that a stall is not hidden by
   * waiting for it.
   */
  private final class Sent implements SendCallback {

    private final long dueNanos;

    Sent(long dueNanos) {
      this.dueNanos = dueNanos;
    }

    @Override
    public void onCompletion(@Nullable RecordAck ack, @Nullable NaruException failure) {
      if (failure == null) {
        tally.took(dueNanos, clock.nowNanos());
      } else {
        tally.failed(failure);
      }
    }
  }
}
