package dev.naru.cli.perf;

import dev.naru.cli.output.Notes;
import dev.naru.client.Codec;
import dev.naru.client.NaruClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.HdrHistogram.Histogram;

/** Runs a load and measures it. */
public final class LoadRun {

  private static final Duration PROGRESS = Duration.ofSeconds(1);

  private final Load load;
  private final Supplier<NaruClient> connect;
  private final Notes notes;
  private final Tally tally = new Tally();
  private volatile boolean isStopped; // written by the thread of a signal, read by the senders

  /** Every producer connects by itself. */
  public LoadRun(Load load, Supplier<NaruClient> connect, Notes notes) {
    this.load = load;
    this.connect = connect;
    this.notes = notes;
  }

  /** Runs it to its end; a failure ends it early, and is thrown after the report was made. */
  public LoadReport run() {
    var payloads = new Payloads(load);
    var clients = new ArrayList<NaruClient>();
    try {
      for (int i = 0; i < load.producers(); i++) {
        clients.add(connect.get());
      }
      long startNanos = System.nanoTime();
      watch(start(clients, payloads, startNanos), startNanos);
      long nanos = System.nanoTime() - startNanos;
      return LoadReport.of(load, tally, nanos);
    } finally {
      clients.forEach(NaruClient::close);
    }
  }

  /** Makes {@link #run} end as if its time were over. Any thread. */
  public void stop() {
    isStopped = true;
  }

  private List<Thread> start(List<NaruClient> clients, Payloads payloads, long startNanos) {
    long nanosMax = load.duration().map(Duration::toNanos).orElse(Long.MAX_VALUE);
    BooleanSupplier isOver = () -> isStopped || System.nanoTime() - startNanos >= nanosMax;
    var threads = new ArrayList<Thread>();
    for (int i = 0; i < clients.size(); i++) {
      var producer = clients.get(i).producer(Codec.bytes(), Codec.bytes()).build();
      var sender = new LoadProducer(load, i, producer, payloads, tally, System::nanoTime, isOver);
      threads.add(Thread.ofPlatform().name("load-" + i).daemon().start(sender));
    }
    return threads;
  }

  private void watch(List<Thread> threads, long startNanos) {
    long lastNanos = startNanos;
    for (var thread : threads) {
      while (!endsWithin(thread, PROGRESS)) {
        long nowNanos = System.nanoTime();
        notes.note(progress(tally.sinceLastTime(), nowNanos - lastNanos));
        lastNanos = nowNanos;
      }
    }
  }

  private String progress(Histogram recent, long nanos) {
    double perSecond = recent.getTotalCount() / (nanos / (double) TimeUnit.SECONDS.toNanos(1));
    return "%,.0f records/s, %.1f MB/s, p50 %.1f ms, p99 %.1f ms"
        .formatted(
            perSecond,
            perSecond * load.recordBytes() / 1e6,
            recent.getValueAtPercentile(50) / 1e3,
            recent.getValueAtPercentile(99) / 1e3);
  }

  private static boolean endsWithin(Thread thread, Duration limit) {
    try {
      return thread.join(limit);
    } catch (InterruptedException e) {
      throw new IllegalStateException("Expected to wait for the load, but was interrupted", e);
    }
  }
}
