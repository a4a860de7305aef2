package dev.naru.stories;

import dev.naru.chaos.host.ChaosCluster;
import dev.naru.chaos.host.Layout;
import dev.naru.chaos.host.Loopback;
import dev.naru.chaos.host.Wait;
import dev.naru.client.admin.OperationDescription.State;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * Everything that one of four nodes holds of a topic moves to the others, with a throttle, while
 * the same partitions are written and read at their end. The first move is cancelled half-way, and
 * leaves nothing; the second one ends.
 */
final class MoveUnderLoad implements Story {

  /** A machine with two cores is busy at times. */
  private static final String SETTINGS =
      """
      raft.election.timeout.min.ms: 2000
      raft.election.timeout.max.ms: 4000
      """;

  /** What is asked for, and what is played; less is quicker, and no proof. */
  private static final int WHOLE_GIGABYTES = 3;

  private static final int WHOLE_BEFORE_SECONDS = 60;
  private static final double GIGABYTES =
      Double.parseDouble(System.getProperty("gb", Integer.toString(WHOLE_GIGABYTES)));
  private static final Duration BEFORE =
      Duration.ofSeconds(Long.getLong("before.seconds", WHOLE_BEFORE_SECONDS));

  /** Of each leader, bytes a second. */
  private static final long THROTTLE = Long.getLong("throttle.mib", 16) << 20;

  private static final double PER_SECOND = Long.getLong("records.per.second", 2000);
  private static final int RECORD_BYTES = 1024;
  private static final double RATIO_MAX = 2;

  private static final Duration WARM_UP = Duration.ofSeconds(30);
  private static final Duration LOOK = Duration.ofMillis(200);
  private static final Duration AWAY = Duration.ofSeconds(60); // until files are gone
  private static final double BYTES_PER_MEGABYTE = 1e6;

  /** Moves at a tenth of the throttle count as stuck. */
  private static final Duration MOVE_MAX =
      Duration.ofSeconds(60 + (long) (10 * GIGABYTES * 1e9 / THROTTLE));

  @Override
  public String number() {
    return "S24";
  }

  @Override
  public String title() {
    return "What a node holds moves away under load: cancelled half-way, then to the end";
  }

  /** One of the two moves. */
  private record Move(
      State end, double share, double seconds, SteadyLoad.Interval during, List<String> left) {}

  @Override
  public Verdict play(Path directory, Teller teller) throws IOException {
    try (var cluster =
            ChaosCluster.start(
                directory,
                new Layout(MovingPartitions.LEAVING, List.of(1, 2, 3)),
                new Loopback(),
                Optional.empty(),
                false,
                SETTINGS);
        var client = cluster.client();
        var tail = cluster.client();
        var load =
            SteadyLoad.of(client, List.of(MovingPartitions.TOPIC), PER_SECOND, RECORD_BYTES)) {
      var partitions = MovingPartitions.create(cluster, client);
      long filled = partitions.fill((long) (GIGABYTES * 1e9));
      long bytes = partitions.bytesOnLeaving();
      teller.say(
          "four nodes are up, and node 4 holds %d MB of %d partitions",
          bytes / 1_000_000, partitions.partitions().size());

      load.read(TailReader.ofEnd(tail, partitions.partitions()));
      load.begin();
      Wait.hold(WARM_UP);
      var _ = load.look();
      Wait.hold(BEFORE);
      var before = load.look();
      tell(teller, "at rest", before);

      var first = partitions.replicas();
      var cancelled = cancelHalfWay(partitions, load, teller);
      Wait.hold(WARM_UP); // what was cancelled is over
      var _ = load.look();
      var moved = finish(partitions, load, teller);
      boolean isMoved = moved.end() == State.DONE && !partitions.replicas().equals(first);

      load.end();
      long expected = filled + load.acknowledged();
      long count = partitions.count();
      teller.say("of %d records %d are read in the end", expected, count);
      var verdict =
          new Verdict()
              .figure("gb", GIGABYTES)
              .figure("moved_mb", bytes / 1_000_000)
              .figure("throttle_mib_s", THROTTLE >> 20)
              .figure("records_s", rounded(before.acked() / before.seconds()))
              .figure("before_ack_p99_ms", before.ackMillis(99))
              .figure("before_e2e_p99_ms", before.readMillis(99))
              .expect("cancelled_end", cancelled.end(), State.CANCELLED)
              .expect(
                  "cancelled_at", rounded(cancelled.share()), "half-way", _ -> isHalf(cancelled))
              .expect("left_behind", cancelled.left(), List.of())
              .expect("finished", isMoved, true)
              .expect("left_on_node_4", moved.left(), List.of())
              .figure("moved_s", rounded(moved.seconds()))
              .figure(
                  "moved_mb_s",
                  rounded(bytes / BYTES_PER_MEGABYTE / Math.max(1e-3, moved.seconds())))
              .figure("set_aside_mb", partitions.megabytesSetAside());
      judge(verdict, "cancelled", before, cancelled.during());
      judge(verdict, "moved", before, moved.during());
      verdict
          .expect("failed_sends", load.failures(), Map.of())
          .expect("lost", load.lost() + Math.max(0, expected - count), 0L)
          .expect("duplicates", load.duplicates() + Math.max(0, count - expected), 0L)
          .expect("reordered", load.reordered(), 0L)
          .figure("host_cores", Runtime.getRuntime().availableProcessors())
          .figure("commit", System.getProperty("stories.commit", "unknown"));
      return whole(verdict);
    }
  }

  private static boolean isHalf(Move move) {
    return move.share() >= 0.4 && move.share() <= 0.8;
  }

  private static Verdict whole(Verdict verdict) {
    return GIGABYTES >= WHOLE_GIGABYTES && BEFORE.toSeconds() >= WHOLE_BEFORE_SECONDS
        ? verdict
        : verdict.only(
            "%s of %d GB, %d of %d s before"
                .formatted(GIGABYTES, WHOLE_GIGABYTES, BEFORE.toSeconds(), WHOLE_BEFORE_SECONDS));
  }

  // ---- the moves

  private static Move cancelHalfWay(MovingPartitions partitions, SteadyLoad load, Teller teller) {
    var before = partitions.replicas();
    var to = partitions.away();
    var added = MovingPartitions.added(before, to);
    long all = partitions.bytesOnLeaving();
    var _ = load.look();
    long beganNanos = System.nanoTime();
    var operation = partitions.move(to, THROTTLE);
    teller.say("all of it moves to nodes 1 to 3, with %d MiB/s of each leader", THROTTLE >> 20);
    double share = awaitHalf(partitions, operation, added, all);
    partitions.cancel(operation);
    teller.say("%.0f %% are copied; now the move is cancelled", share * 100);
    var end = partitions.awaitEnd(operation, MOVE_MAX);
    var during = load.look();
    double seconds = secondsSince(beganNanos);
    // What was done before it was cancelled stays where it is.
    var wanted = partitions.replicas();
    wanted.replaceAll((partition, nodes) ->
        nodes.equals(to.get(partition)) ? nodes : before.getOrDefault(partition, List.of()));
    boolean isClean = Wait.comes(AWAY, () -> partitions.leftovers(wanted).isEmpty());
    var left = isClean ? List.<String>of() : partitions.leftovers(wanted);
    teller.say("it is %s after %.1f s; left behind: %s", end.state(), seconds, left);
    tell(teller, "meanwhile", during);
    return new Move(end.state(), share, seconds, during, left);
  }

  /** Or less, if it ends before. */
  private static double awaitHalf(
      MovingPartitions partitions, UUID operation, Map<Integer, Integer> added, long all) {
    long untilNanos = System.nanoTime() + MOVE_MAX.toNanos();
    double share = 0;
    while (share < 0.5
        && System.nanoTime() < untilNanos
        && !partitions.describe(operation).isFinished()) {
      Wait.hold(LOOK);
      share = partitions.bytes(added) / (double) all;
    }
    return share;
  }

  private static Move finish(MovingPartitions partitions, SteadyLoad load, Teller teller) {
    var to = partitions.away();
    var wanted = partitions.replicas();
    wanted.putAll(to);
    long beganNanos = System.nanoTime();
    var operation = partitions.move(to, THROTTLE);
    teller.say("once more, to the end");
    var end = partitions.awaitEnd(operation, MOVE_MAX);
    var during = load.look();
    double seconds = secondsSince(beganNanos);
    boolean isClean = Wait.comes(AWAY, () -> partitions.leftovers(wanted).isEmpty());
    var left = isClean ? List.<String>of() : partitions.leftovers(wanted);
    teller.say("it is %s after %.1f s; where it should not be: %s", end.state(), seconds, left);
    tell(teller, "meanwhile", during);
    return new Move(end.state(), 1, seconds, during, left);
  }

  private static double secondsSince(long beganNanos) {
    return (System.nanoTime() - beganNanos) / (double) TimeUnit.SECONDS.toNanos(1);
  }

  // ---- figures

  private static void tell(Teller teller, String when, SteadyLoad.Interval interval) {
    teller.say(
        "%s, in %.0f s: %.0f records/s, acknowledged p50 %.2f p99 %.2f max %.1f ms, read p50 %.2f"
            + " p99 %.2f max %.1f ms",
        when,
        interval.seconds(),
        interval.acked() / interval.seconds(),
        interval.ackMillis(50),
        interval.ackMillis(99),
        interval.ackMillis(100),
        interval.readMillis(50),
        interval.readMillis(99),
        interval.readMillis(100));
  }

  private static void judge(
      Verdict verdict, String when, SteadyLoad.Interval before, SteadyLoad.Interval during) {
    double ackRatio = during.ackMillis(99) / before.ackMillis(99);
    double readRatio = during.readMillis(99) / before.readMillis(99);
    verdict
        .figure(when + "_ack_p99_ms", during.ackMillis(99))
        .expect(when + "_ack_ratio", rounded(ackRatio), "2 at most", _ -> ackRatio <= RATIO_MAX)
        .figure(when + "_e2e_p99_ms", during.readMillis(99))
        .expect(when + "_e2e_ratio", rounded(readRatio), "2 at most", _ -> readRatio <= RATIO_MAX)
        .figure(when + "_e2e_max_ms", during.readMillis(100));
  }

  private static String rounded(double value) {
    return String.format(Locale.ROOT, "%.2f", value);
  }
}
