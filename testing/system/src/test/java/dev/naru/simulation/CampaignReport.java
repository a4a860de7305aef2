package dev.naru.simulation;

import dev.naru.simulation.planted.Planted;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** What a campaign has come to so far. Written by the threads that run, read by who tells. */
final class CampaignReport {

  private static final double NANOS_PER_SECOND = 1e9;
  private static final double NANOS_PER_HOUR = 3600e9;

  /** Longer than any run takes that comes to an end. */
  private static final long LONG_RUN_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final CampaignPlan plan;
  private final long beganNanos = System.nanoTime();
  private final Map<Planted.World, Sum> sums = new EnumMap<>(Planted.World.class);
  private final Map<Thread, Running> running = new HashMap<>();
  private final List<Failure> failures = new ArrayList<>();
  private final Tally tally = new Tally();

  /** A run that must not have ended so. */
  record Failure(CampaignPlan.Run run, Throwable what) {

    /** The invariant that did not hold, or the kind of error. */
    String kind() {
      return what instanceof SimulationFailure failure
          ? failure.invariant()
          : what.getClass().getSimpleName();
    }
  }

  private record Running(CampaignPlan.Run run, long sinceNanos) {}

  /**
   * What the runs in one world have come to, or all of them.
   *
   * @param traces the sum of what their traces came to
   */
  private record Sum(
      long runs,
      long failed,
      long events,
      long virtualNanos,
      long acknowledged,
      long traces,
      long threadNanos) {

    static final Sum NOTHING = new Sum(0, 0, 0, 0, 0, 0, 0);

    Sum plus(Sum other) {
      return new Sum(
          runs + other.runs,
          failed + other.failed,
          events + other.events,
          virtualNanos + other.virtualNanos,
          acknowledged + other.acknowledged,
          traces + other.traces,
          threadNanos + other.threadNanos);
    }
  }

  CampaignReport(CampaignPlan plan) {
    this.plan = plan;
  }

  synchronized void begins(CampaignPlan.Run run) {
    running.put(Thread.currentThread(), new Running(run, System.nanoTime()));
  }

  synchronized void ended(CampaignPlan.Run run, Simulation.Result result) {
    tally.add(result.tally());
    add(
        run,
        new Sum(
            1,
            0,
            result.events(),
            result.virtualNanos(),
            result.acknowledged(),
            result.hash(),
            threadNanos()));
  }

  synchronized void failed(CampaignPlan.Run run, Throwable what) {
    failures.add(new Failure(run, what));
    add(run, new Sum(1, 1, 0, 0, 0, 0, threadNanos()));
  }

  private long threadNanos() {
    return System.nanoTime()
        - Objects.requireNonNull(running.remove(Thread.currentThread())).sinceNanos;
  }

  private void add(CampaignPlan.Run run, Sum more) {
    sums.merge(run.world(), more, Sum::plus);
  }

  synchronized List<Failure> failures() {
    return List.copyOf(failures);
  }

  /** What happened in all runs, in one number: the same for the same runs, in whatever order. */
  synchronized long traces() {
    return all().traces;
  }

  // ---- in words

  String heading() {
    return format(
        "%,d runs on %d threads, seeds from %d on, worlds: %s%s",
        plan.runs(),
        plan.threads(),
        plan.firstSeed(),
        plan.worlds().stream().map(CampaignReport::name).collect(Collectors.joining(", ")),
        plan.rules() instanceof Planted bug ? ", planted: " + bug : "");
  }

  /** One line: how far it is, and how fast. */
  synchronized String progress() {
    var all = all();
    double seconds = seconds();
    return format(
            "%7.0f s  %,d of %,d seeds  %.1f seeds/s  %,d events  %,.0f events/s  %d failed",
            seconds,
            all.runs,
            plan.runs(),
            all.runs / seconds,
            all.events,
            all.events / seconds,
            all.failed)
        + longest().map(each -> "  still running after a minute: " + each.run).orElse("");
  }

  private Optional<Running> longest() {
    long now = System.nanoTime();
    return running.values().stream()
        .filter(each -> now - each.sinceNanos > LONG_RUN_NANOS)
        .max(Comparator.comparingLong(each -> now - each.sinceNanos));
  }

  /** The results, to be pasted into a page, and what happened how often. */
  synchronized String table() {
    var lines = new StringJoiner("\n");
    lines.add("");
    lines.add(
        "| world | seeds | failed | events | simulated hours | batches acknowledged"
            + " | seeds/s per thread | events/s per thread |");
    lines.add("| --- | --- | --- | --- | --- | --- | --- | --- |");
    sums.forEach((world, sum) -> lines.add(row(name(world), sum)));
    var all = all();
    if (sums.size() > 1) {
      lines.add(row("all", all));
    }
    double seconds = seconds();
    lines.add("");
    lines.add(
        format(
            "Wall %.0f s on %d threads: %.1f seeds and %,.0f events per second. Traces: %016x. %s",
            seconds,
            plan.threads(),
            all.runs / seconds,
            all.events / seconds,
            all.traces,
            all.failed == 0 ? "None failed." : all.failed + " failed:"));
    failures.stream()
        .map(failure -> format("%s  %s", failure.kind(), failure.run))
        .sorted()
        .forEach(lines::add);
    lines.add("What happened how often: " + tally);
    return lines.toString();
  }

  private static String row(String name, Sum sum) {
    double seconds = sum.threadNanos / NANOS_PER_SECOND;
    return format(
        "| %s | %,d | %d | %,d | %.1f | %,d | %.1f | %,.0f |",
        name,
        sum.runs,
        sum.failed,
        sum.events,
        sum.virtualNanos / NANOS_PER_HOUR,
        sum.acknowledged,
        sum.runs / seconds,
        sum.events / seconds);
  }

  private Sum all() {
    return sums.values().stream().reduce(Sum.NOTHING, Sum::plus);
  }

  private double seconds() {
    return (System.nanoTime() - beganNanos) / NANOS_PER_SECOND;
  }

  private static String name(Planted.World world) {
    return world.name().toLowerCase(Locale.ROOT);
  }

  private static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
