package dev.naru.bench.versus.machine;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Reads every 200 ms how much processor time some processes and all the others have had, so that
 * one can ask afterwards for any span of time. A process that has ended keeps what it had when it
 * was last read.
 */
public final class CpuMeter implements AutoCloseable {

  private static final long PERIOD_MILLIS = 200;
  private static final int KERNEL_EVERY = 5; // reading all threads of the kernel takes longer

  private final ProcFiles proc = ProcFiles.ofSystem();
  private final long self = ProcessHandle.current().pid();
  private final int cpus = Runtime.getRuntime().availableProcessors();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final List<Sample> samples = new ArrayList<>(); // guarded by this, like all below
  private final Map<Long, Double> watched = new HashMap<>();
  private double kernel;

  private CpuMeter() {}

  /** Starts reading. */
  public static CpuMeter start(Iterable<Long> pids) {
    var meter = new CpuMeter();
    pids.forEach(meter::watch);
    Thread.ofPlatform().name("cpu-meter").daemon().start(meter::run);
    return meter;
  }

  /** One more process, which has had no time before. */
  public synchronized void watch(long pid) {
    watched.put(pid, 0.0);
  }

  private void run() {
    try {
      for (int i = 0; !closed.await(PERIOD_MILLIS, TimeUnit.MILLISECONDS); i++) {
        sample(i % KERNEL_EVERY == 0);
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException("Expected to measure until the end, but was interrupted", e);
    }
  }

  private synchronized void sample(boolean withKernel) {
    double ours = 0;
    double alive = 0;
    for (var entry : watched.entrySet()) {
      double now = proc.cpuSeconds(entry.getKey(), true).orElse(0);
      entry.setValue(Math.max(entry.getValue(), now));
      ours += entry.getValue();
      alive += now;
    }
    if (withKernel) {
      kernel = proc.kernelThreadSeconds();
    }
    // Those that have ended, watched or as short as a command, are this process's children by now.
    double accounted = proc.cpuSeconds(self, true).orElse(0) + alive;
    samples.add(new Sample(System.nanoTime(), ours, kernel, proc.busySeconds() - accounted));
  }

  /** What was used between two readings of {@link System#nanoTime}. */
  public synchronized CpuUsage between(long fromNanos, long toNanos) {
    sample(true);
    var from = at(fromNanos);
    var to = at(toNanos);
    double ours = to.ours - from.ours;
    double ofKernel = to.kernel - from.kernel;
    return new CpuUsage(
        (toNanos - fromNanos) / (double) TimeUnit.SECONDS.toNanos(1),
        cpus,
        ours,
        ofKernel,
        Math.max(0, to.others - from.others - ofKernel));
  }

  /** Between two samples, as if the time had been used evenly. */
  private Sample at(long nanos) {
    var before = samples.getFirst();
    for (var sample : samples) {
      if (sample.nanos - nanos >= 0) {
        return before.towards(sample, nanos);
      }
      before = sample;
    }
    return before;
  }

  @Override
  public void close() {
    closed.countDown();
  }

  private record Sample(long nanos, double ours, double kernel, double others) {

    Sample towards(Sample later, long at) {
      if (later.nanos <= nanos) {
        return this;
      }
      double part = Math.clamp((at - nanos) / (double) (later.nanos - nanos), 0, 1);
      return new Sample(
          at,
          ours + part * (later.ours - ours),
          kernel + part * (later.kernel - kernel),
          others + part * (later.others - others));
    }
  }
}
