package dev.naru.cli.perf;

import dev.naru.cli.output.Notes;
import dev.naru.client.Codec;
import dev.naru.client.NaruClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Runs a load and measures it. */
public final class LoadRun {

  private static final Duration PROGRESS = Duration.ofSeconds(1);

  private final Load load;
  private final Supplier<NaruClient> connect;
  private final Notes notes;
  private final Payloads payloads;
  private final Tally tally = new Tally();
  private volatile boolean isStopped; // written by the thread of a signal, read by the senders

  /** Every producer connects by itself. */
  public LoadRun(Load load, Supplier<NaruClient> connect, Notes notes) {
    this.load = load;
    this.connect = connect;
    this.notes = notes;
    this.payloads = Payloads.of(load);
  }

  /** Runs it to its end; a failure ends it early, and is thrown after the report was made. */
  public LoadReport run() {
    var clients = new ArrayList<NaruClient>();
    try {
      for (int i = 0; i < load.producers(); i++) {
        clients.add(connect.get());
      }
      var clock = LoadClock.start(load, System::nanoTime);
      watch(start(clients, clock), clock);
      return LoadReport.of(load, payloads, tally, Math.max(1, clock.countedNanos()));
    } finally {
      clients.forEach(NaruClient::close);
    }
  }

  /** Makes {@link #run} end as if its time were over. Any thread. */
  public void stop() {
    isStopped = true;
  }

  private List<Thread> start(List<NaruClient> clients, LoadClock clock) {
    var threads = new ArrayList<Thread>();
    for (int i = 0; i < clients.size(); i++) {
      var producer = clients.get(i).producer(Codec.bytes(), Codec.bytes()).build();
      var sender =
          new LoadProducer(load, i, producer, payloads, tally.share(), clock, () -> isStopped);
      threads.add(Thread.ofPlatform().name("load-" + i).daemon().start(sender));
    }
    return threads;
  }

  private void watch(List<Thread> threads, LoadClock clock) {
    long lastNanos = clock.nowNanos();
    for (var thread : threads) {
      while (!endsWithin(thread, PROGRESS)) {
        long nowNanos = clock.nowNanos();
        notes.note(progress(clock, nowNanos - lastNanos));
        lastNanos = nowNanos;
      }
    }
  }

  private String progress(LoadClock clock, long nanos) {
    if (clock.isWarmingUp()) {
      return "warming up, %.0f s left".formatted(clock.warmupSecondsLeft());
    }
    var recent = tally.sinceLastTime();
    double perSecond = recent.count() / (nanos / (double) TimeUnit.SECONDS.toNanos(1));
    return "%,.0f records/s, %.1f MB/s, %s"
        .formatted(perSecond, perSecond * payloads.meanBytes() / 1e6, recent.brief());
  }

  private static boolean endsWithin(Thread thread, Duration limit) {
    try {
      return thread.join(limit);
    } catch (InterruptedException e) {
      throw new IllegalStateException("Expected to wait for the load, but was interrupted", e);
    }
  }
}
