package dev.naru.chaos.run;

import dev.naru.chaos.fault.FaultKind;
import dev.naru.chaos.fault.Stage;
import dev.naru.chaos.host.ChaosCluster;
import dev.naru.chaos.host.Layout;
import dev.naru.chaos.host.NamespaceNetwork;
import dev.naru.chaos.host.Network;
import dev.naru.chaos.host.ProxyNetwork;
import dev.naru.chaos.load.Workload;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The process that the clients of a run are in: with root in a network namespace of its own, which
 * is why it is a process. {@link ChaosProcess} starts it.
 */
final class ChaosMain {

  private static final int NODES = 3;
  private static final long DISK_BYTES_MIN = 2L << 30;

  /** Nothing is deleted, or the checker would see no end of it: the load writes 29 MB a minute. */
  private static final long DISK_BYTES_PER_MINUTE = 40L << 20;

  /**
   * Seven processes share what cores there are; with less, voters depose each other for nothing.
   */
  private static final int ELECTION_MILLIS = 1000;

  private ChaosMain() {}

  /**
   * Arguments: directory, report, seed, seconds, kinds, liveness in ms, namespaces or {@code -}.
   */
  public static void main(String[] args) throws Exception {
    var directory = Path.of(args[0]);
    var report = Path.of(args[1]);
    long seed = Long.parseLong(args[2]);
    var time = Duration.ofSeconds(Long.parseLong(args[3]));
    var kinds = FaultKind.parse(args[4]);
    var liveness = Duration.ofMillis(Long.parseLong(args[5]));
    boolean isRoot = !args[6].equals("-");
    Network network = isRoot ? NamespaceNetwork.attach(args[6], NODES) : new ProxyNetwork();
    var workload = new Workload("chaos", 6, 4, isRoot ? 2500 : 1500, 120, 2);
    var disks = isRoot ? Optional.of(diskBytes(time)) : Optional.<Long>empty();
    try (var cluster =
        ChaosCluster.start(
            directory,
            Layout.allVote(NODES),
            network,
            disks,
            kinds.contains(FaultKind.CLOCK_JUMP),
            settings(liveness))) {
      var possible = possible(kinds, new StageOf(cluster, liveness, directory), report);
      var plan = ChaosPlan.of(seed, time, possible);
      System.out.println("plan: seed " + seed + ", " + time + ", " + possible);
      var told = ChaosRun.run(plan, workload, cluster, liveness, directory);
      Files.writeString(report, told.text());
      System.out.println(told.line());
    }
  }

  private static long diskBytes(Duration time) {
    return DISK_BYTES_MIN + time.toMinutes() * DISK_BYTES_PER_MINUTE;
  }

  /** What a stage is made of, before there is a client. */
  private record StageOf(ChaosCluster cluster, Duration liveness, Path directory) {}

  private static List<FaultKind> possible(List<FaultKind> kinds, StageOf of, Path report)
      throws Exception {
    var possible = new ArrayList<FaultKind>();
    var skipped = new TreeMap<String, String>();
    try (var client = of.cluster().client()) {
      var stage =
          new Stage(of.cluster(), client, "none", of.liveness(), of.directory(), Optional.empty());
      for (var kind : kinds) {
        var whyNot = kind.fault().whyNot(stage);
        if (whyNot.isEmpty()) {
          possible.add(kind);
        } else {
          skipped.put(kind.text(), whyNot.get());
        }
      }
    }
    var lines = new ArrayList<String>();
    skipped.forEach((kind, why) -> lines.add("SKIPPED " + kind + ": " + why));
    if (!skipped.isEmpty()) {
      lines.add(
          "NOT EXERCISED: %d of %d fault kinds (%s)"
              .formatted(
                  skipped.size(),
                  kinds.size(),
                  String.join("; ", new TreeSet<>(skipped.values()))));
    }
    lines.forEach(System.out::println);
    Files.write(report.resolveSibling(report.getFileName() + ".skipped"), lines);
    return possible;
  }

  private static String settings(Duration liveness) {
    return """
    node.liveness.timeout.ms: %d
    replica.lag.time.max.ms: %d
    log.scrub.interval.ms: 5000
    log.scrub.bytes.per.second: 67108864
    offsets.topic.num.partitions: 3
    raft.election.timeout.min.ms: %d
    raft.election.timeout.max.ms: %d
    """
        .formatted(liveness.toMillis(), liveness.toMillis(), ELECTION_MILLIS, 2 * ELECTION_MILLIS);
  }
}
