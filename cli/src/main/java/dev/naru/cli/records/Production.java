package dev.naru.cli.records;

import dev.naru.cli.CommandFailure;
import dev.naru.cli.output.Notes;
import dev.naru.cli.output.Stdout;
import dev.naru.client.NaruException;
import dev.naru.client.RecordAck;
import dev.naru.client.producer.Producer;
import dev.naru.types.ErrorCode;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * Sends what a stream holds, record by record, and accounts for every one of them. Ends at the end
 * of the stream or at the first failure; what is on its way then is waited for.
 */
public final class Production {

  /** The largest line that is read into memory; topics set smaller limits of their own. */
  private static final int RECORD_BYTES_MAX = 32 << 20;

  private static final Duration FINISH_MAX = Duration.ofSeconds(5);

  private final String topic;
  private final Producer<byte[], byte[]> producer;
  private final RecordShape shape;
  private final Notes notes;
  private final AckLedger ledger;
  private volatile boolean isStopped; // written by the thread of a signal, read by ours

  /**
   * For records of one topic.
   *
   * @param print what stdout gets for each acknowledgement, if anything
   */
  public Production(
      String topic,
      Producer<byte[], byte[]> producer,
      RecordShape shape,
      Optional<Function<RecordAck, String>> print,
      Stdout stdout,
      Notes notes) {
    this.topic = topic;
    this.producer = producer;
    this.shape = shape;
    this.notes = notes;
    this.ledger =
        new AckLedger(
            ack -> print.ifPresent(form -> stdout.line(form.apply(ack))),
            () -> print.ifPresent(form -> stdout.flush()));
  }

  /** Sends everything; fails with the first thing that went wrong, after all is accounted for. */
  public void run(InputStream input, byte[] delimiter, double perSecond, LongSupplier nanoTime)
      throws IOException {
    var splitter = new RecordSplitter(input, delimiter, RECORD_BYTES_MAX);
    var pace = new Pace(perSecond, nanoTime);
    var refusedLine = Optional.<CommandFailure>empty();
    try {
      sendAll(splitter, pace);
    } catch (CommandFailure e) {
      refusedLine = Optional.of(e);
    }
    producer.flush();
    ledger.awaitAll();
    if (!isStopped) { // else the thread of the signal says it
      report();
    }
    ledger.firstFailure().ifPresent(this::fail);
    refusedLine.ifPresent(refused -> {
      throw refused;
    });
  }

  /** Sends no more, waits a little for what is on its way, and says what became of it. */
  public void stop() {
    isStopped = true;
    ledger.awaitAll(FINISH_MAX);
    report();
  }

  private void sendAll(RecordSplitter splitter, Pace pace) throws IOException {
    while (!isStopped && !ledger.hasFailed()) {
      var line = splitter.next();
      if (line.isEmpty()) {
        return;
      }
      var toSend = shape.record(line.get(), splitter.number());
      pace.awaitNext();
      ledger.add(splitter.number(), producer.send(toSend));
    }
  }

  private void report() {
    var count = ledger.count();
    notes.note(
        "produced %d records to %s, %d failed%s"
            .formatted(
                count.acked(),
                topic,
                count.failed(),
                count.unknown() > 0 ? ", " + count.unknown() + " unknown" : ""));
  }

  private void fail(AckLedger.Failure failure) {
    if (failure.cause() instanceof NaruException refused
        && refused.code() == ErrorCode.RECORD_TOO_LARGE) {
      throw CommandFailure.of(
          refused.code(), "Line " + failure.number() + ": " + refused.getMessage());
    }
    if (failure.cause() instanceof RuntimeException cause) {
      throw cause;
    }
    throw new IllegalStateException(failure.cause());
  }
}
