package dev.naru.cli.perf;

import dev.naru.cli.records.Pace;
import dev.naru.client.ProducerRecord;
import dev.naru.client.producer.Producer;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/** Sends one producer's part of the load. */
final class LoadProducer implements Runnable {

  private final Load load;
  private final long records;
  private final Producer<byte[], byte[]> producer;
  private final Payloads payloads;
  private final Tally tally;
  private final LongSupplier nanoTime;
  private final BooleanSupplier isOver;

  LoadProducer(
      Load load,
      int number,
      Producer<byte[], byte[]> producer,
      Payloads payloads,
      Tally tally,
      LongSupplier nanoTime,
      BooleanSupplier isOver) {
    this.load = load;
    this.records = load.recordsOf(number);
    this.producer = producer;
    this.payloads = payloads;
    this.tally = tally;
    this.nanoTime = nanoTime;
    this.isOver = isOver;
  }

  @Override
  public void run() {
    try {
      var pace = new Pace(load.perSecond() / load.producers(), nanoTime);
      for (long i = 0; i < records && !isOver.getAsBoolean() && !tally.hasFailed(); i++) {
        send(i, pace.awaitNext());
      }
      producer.flush();
    } catch (RuntimeException e) {
      tally.failed(e);
    }
  }

  /**
   * Latency counts from when the record was due, so that a stall is not hidden by waiting for it.
   */
  private void send(long number, long dueNanos) {
    var toSend = ProducerRecord.of(load.topic(), payloads.key(number), payloads.value(number));
    var _ =
        producer
            .send(toSend)
            .whenComplete((ack, failure) -> {
              if (failure == null) {
                tally.acked(nanoTime.getAsLong() - dueNanos);
              } else {
                tally.failed(failure);
              }
            });
  }
}
