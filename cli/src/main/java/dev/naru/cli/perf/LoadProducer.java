package dev.naru.cli.perf;

import dev.naru.cli.records.Pace;
import dev.naru.client.ProducerRecord;
import dev.naru.client.producer.Producer;
import java.util.function.BooleanSupplier;

/** Sends one producer's part of the load. */
final class LoadProducer implements Runnable {

  private final Load load;
  private final long records;
  private final Producer<byte[], byte[]> producer;
  private final Payloads payloads;
  private final Tally tally;
  private final LoadClock clock;
  private final BooleanSupplier isStopped;
  private final Pace pace;
  private long sent;

  LoadProducer(
      Load load,
      int number,
      Producer<byte[], byte[]> producer,
      Payloads payloads,
      Tally tally,
      LoadClock clock,
      BooleanSupplier isStopped) {
    this.load = load;
    this.records = load.recordsOf(number);
    this.producer = producer;
    this.payloads = payloads;
    this.tally = tally;
    this.clock = clock;
    this.isStopped = isStopped;
    this.pace = new Pace(load.perSecond() / load.producers(), clock.nanoTime());
  }

  @Override
  public void run() {
    try {
      while (clock.isWarmingUp() && goesOn()) {
        pace.awaitNext();
        sendUncounted();
      }
      for (long i = 0; i < records && !clock.isOver() && goesOn(); i++) {
        send(pace.awaitNext());
      }
      producer.flush();
    } catch (RuntimeException e) {
      tally.failed(e);
    }
  }

  private boolean goesOn() {
    return !isStopped.getAsBoolean() && !tally.hasFailed();
  }

  private void sendUncounted() {
    var _ =
        producer
            .send(next())
            .whenComplete((ack, failure) -> {
              if (failure != null) {
                tally.failed(failure);
              }
            });
  }

  /**
   * Latency counts from when the record was due, so that a stall is not hidden by waiting for it.
   */
  private void send(long dueNanos) {
    var _ =
        producer
            .send(next())
            .whenComplete((ack, failure) -> {
              if (failure == null) {
                tally.took(clock.nowNanos() - dueNanos);
              } else {
                tally.failed(failure);
              }
            });
  }

  private ProducerRecord<byte[], byte[]> next() {
    long number = sent++;
    return ProducerRecord.of(load.topic(), payloads.key(number), payloads.value(number));
  }
}
