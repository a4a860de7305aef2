package dev.naru.stories;

import dev.naru.chaos.host.ChaosCluster;
import dev.naru.chaos.host.Layout;
import dev.naru.chaos.host.Loopback;
import dev.naru.chaos.host.NodeHost;
import dev.naru.chaos.host.NodeRelease;
import dev.naru.chaos.host.Wait;
import dev.naru.cli.Commands;
import dev.naru.client.NaruClient;
import dev.naru.client.admin.NewTopic;
import dev.naru.metadata.image.ClusterImage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;

/**
 * Three nodes are replaced one by one by the next release while records are written and read: each
 * is drained, stopped, replaced, started and undrained, the controller last. The first one goes
 * back once before all go on. In the end the newer rules are put into force, if there are any.
 */
final class RollingUpgrade implements Story {

  private static final String TOPIC = "carried";
  private static final int PARTITIONS = 6;
  private static final int WHOLE_RATE = 20_000;
  private static final int RATE = Integer.getInteger("upgrade.rate", WHOLE_RATE);
  private static final int WHOLE_BEFORE_SECONDS = 60;

  /** How long it is measured how it was before. */
  private static final Duration BEFORE =
      Duration.ofSeconds(Integer.getInteger("upgrade.before.seconds", WHOLE_BEFORE_SECONDS));

  /** Compilers and caches of new processes settle, which is no part of what is compared. */
  private static final Duration WARM_UP =
      Duration.ofSeconds(Integer.getInteger("upgrade.warmup.seconds", 30));

  /** How long each node serves before the next one is drained. */
  private static final Duration REST =
      Duration.ofSeconds(Integer.getInteger("upgrade.rest.seconds", 5));

  /**
   * Where a real older release lies, from which this code is the next; without one this code is the
   * older one, and the next is the same that says to know newer rules.
   */
  private static final String OLDER = System.getProperty("older.distribution", "");

  private static final Duration IN_SYNC = Duration.ofMinutes(3);
  private static final double P99 = 0.99;
  private static final long GAP_MILLIS_MAX = 3_000;
  private static final double P99_MILLIS_MAX = 500;
  private static final double P99_TIMES_MAX = 5;

  /** As the node's process says that the cluster will not have it. */
  private static final int NOT_WANTED = 6;

  @Override
  public String number() {
    return "A-6";
  }

  @Override
  public String title() {
    return "Nodes are replaced by the next release one by one, and nobody who writes or reads notices";
  }

  @Override
  public Verdict play(Path directory, Teller teller) throws IOException {
    var older = older();
    try (var cluster = ChaosCluster.start(directory, Layout.allVote(3), new Loopback(), older);
        var client = cluster.client()) {
      client
          .admin()
          .createTopic(NewTopic.named(TOPIC).partitions(PARTITIONS).replicationFactor(3))
          .join();
      var _ = cluster.awaitInSync(client, TOPIC, IN_SYNC);
      int before = inForce(client);
      var newer = newer(directory, before);
      teller.say("three nodes of one release (%s), metadata version %d", older, before);
      try (var traffic = CountedTraffic.begin(client, TOPIC, PARTITIONS, RATE)) {
        Wait.hold(WARM_UP);
        var ofOneRelease = traffic.timesFromNow();
        Wait.hold(BEFORE);
        traffic.end(ofOneRelease);
        double p99Before = ofOneRelease.quantileMillis(P99);
        teller.say("p99 of acknowledgements is %.1f ms before", p99Before);
        var during = traffic.timesFromNow();
        var rolled = upgradeAll(cluster, client, traffic, older, newer, teller);
        var command = command(cluster, "cluster", "upgrade", "finalize");
        teller.say("naru cluster upgrade finalize ends with %d", command.status());
        int after = inForce(client);
        double p99During = during.quantileMillis(P99);
        long gapMillis = during.longestGapMillis(System.nanoTime());
        traffic.end();
        teller.say("p99 was %.1f ms during, the longest gap %d ms", p99During, gapMillis);
        traffic.errors().forEach((what, times) -> teller.say("told %d times: %s", times, what));
        int oldExit = after > before ? exitOfTheOlderRelease(cluster.host(1), older, teller) : 0;
        return judged(
            new Figures(p99Before, p99During, gapMillis, rolled, before, after, oldExit), traffic);
      }
    }
  }

  private record Figures(
      double p99Before,
      double p99During,
      long gapMillis,
      Rolled rolled,
      int versionBefore,
      int versionAfter,
      int oldExit) {}

  /**
   * How the nodes were replaced.
   *
   * @param isRefusedTooEarly whether the newer rules were refused as long as a node did not know
   *     them
   * @param worstP99 of acknowledgements while one node was replaced
   */
  private record Rolled(boolean isRefusedTooEarly, double worstP99) {}

  private static NodeRelease older() {
    return OLDER.isEmpty()
        ? new NodeRelease.ThisCode()
        : NodeRelease.Distribution.at(Path.of(OLDER));
  }

  /** This code after a real older release, else this code with rules that nobody knows yet. */
  private static NodeRelease newer(Path directory, int inForce) throws IOException {
    return OLDER.isEmpty()
        ? NodeRelease.NextOfThisCode.in(directory.resolve("newer"), "next", inForce + 1)
        : new NodeRelease.ThisCode();
  }

  /** Which rules the newer release knows. */
  private static int newestRules(int versionBefore) {
    return OLDER.isEmpty() ? versionBefore + 1 : ClusterImage.METADATA_VERSION_LATEST;
  }

  private static Rolled upgradeAll(
      ChaosCluster cluster,
      NaruClient client,
      CountedTraffic traffic,
      NodeRelease older,
      NodeRelease newer,
      Teller teller) {
    var order = controllerLast(cluster, client);
    var first = order.getFirst();
    double worst = replace(cluster, client, traffic, first, newer, teller);
    int early = command(cluster, "cluster", "upgrade", "finalize").status();
    teller.say("to finalize with one of three nodes ends with %d", early);
    worst = Math.max(worst, replace(cluster, client, traffic, first, older, teller));
    teller.say("node %d has gone back to the older release", first.id());
    for (var host : order) {
      worst = Math.max(worst, replace(cluster, client, traffic, host, newer, teller));
    }
    return new Rolled(early != 0, worst);
  }

  private static List<NodeHost> controllerLast(ChaosCluster cluster, NaruClient client) {
    int controller = client.admin().describeCluster().join().controller().orElse(1);
    var order = new ArrayList<>(cluster.hosts());
    order.removeIf(host -> host.id() == controller);
    order.add(cluster.host(controller));
    return order;
  }

  /** Returns p99 of the acknowledgements meanwhile. */
  private static double replace(
      ChaosCluster cluster,
      NaruClient client,
      CountedTraffic traffic,
      NodeHost host,
      NodeRelease release,
      Teller teller) {
    var node = Integer.toString(host.id());
    var times = traffic.timesFromNow();
    expectDone(command(cluster, "nodes", "drain", node, "--wait"));
    int status = host.stop();
    host.install(release);
    host.start().awaitReady();
    expectDone(command(cluster, "nodes", "undrain", node));
    var _ = cluster.awaitInSync(client, TOPIC, IN_SYNC);
    if (!Wait.comes(IN_SYNC, () -> isWhole(client))) {
      throw new AssertionError("Expected all replicas to be in sync again, but some are not");
    }
    expectDone(command(cluster, "partitions", "elect", "--all"));
    traffic.end(times);
    double p99 = times.quantileMillis(P99);
    teller.say(
        "node %s was drained, stopped (%d), replaced, started, undrained; p99 was %.1f ms",
        node, status, p99);
    Wait.hold(REST);
    return p99;
  }

  private static boolean isWhole(NaruClient client) {
    var cluster = client.admin().describeCluster().join();
    return cluster.offlinePartitionCount() == 0 && cluster.underReplicatedPartitionCount() == 0;
  }

  /** The nodes know the newer rules now, of which it knows nothing. */
  private static int exitOfTheOlderRelease(NodeHost host, NodeRelease older, Teller teller) {
    int _ = host.stop();
    host.install(older);
    host.start();
    int status = host.ended();
    teller.say("node %d of the older release ends with %d", host.id(), status);
    return status;
  }

  private static int inForce(NaruClient client) {
    try {
      return client.admin().configs().checkUpgrade().join().metadataVersion();
    } catch (CompletionException e) {
      throw new AssertionError("Expected to learn which rules are in force, but", e);
    }
  }

  private static Commands.Outcome command(ChaosCluster cluster, String... words) {
    return new Commands(cluster.bootstrapServers()).run(words);
  }

  private static void expectDone(Commands.Outcome command) {
    if (command.status() != 0) {
      throw new AssertionError("Expected a command to be done, but it said: " + command.stderr());
    }
  }

  private static Verdict judged(Figures seen, CountedTraffic traffic) {
    var verdict = new Verdict();
    if (RATE < WHOLE_RATE) {
      verdict.only("%d of %d records/s".formatted(RATE, WHOLE_RATE));
    } else if (BEFORE.toSeconds() < WHOLE_BEFORE_SECONDS) {
      verdict.only("%d of %d s before".formatted(BEFORE.toSeconds(), WHOLE_BEFORE_SECONDS));
    }
    int newest = newestRules(seen.versionBefore);
    boolean hasNewRules = newest > seen.versionBefore;
    if (!OLDER.isEmpty()) {
      verdict.figure("older", OLDER);
    }
    double p99Max = Math.min(P99_MILLIS_MAX, P99_TIMES_MAX * seen.p99Before);
    return verdict
        .expect("lost", traffic.lost(), 0L)
        .expect("duplicates", traffic.duplicates(), 0L)
        .expect(
            "app_errors", traffic.errors().values().stream().mapToLong(Long::longValue).sum(), 0L)
        .expect(
            "max_gap_ms", seen.gapMillis, "at most " + GAP_MILLIS_MAX, gap -> gap <= GAP_MILLIS_MAX)
        .figure("p99_before_ms", seen.p99Before)
        .expect(
            "p99_during_ms",
            seen.p99During,
            "at most 5 times that before, and below 500",
            p99 -> p99 <= p99Max)
        .figure("p99_worst_replacement_ms", seen.rolled.worstP99)
        .expect("refused_too_early", seen.rolled.isRefusedTooEarly, hasNewRules)
        .figure("metadata_version_before", seen.versionBefore)
        .expect("metadata_version", seen.versionAfter, newest)
        .expect("older_release_exit", seen.oldExit, hasNewRules ? NOT_WANTED : 0)
        .figure("records", traffic.records())
        .figure("rate", traffic.perSecond());
  }
}
