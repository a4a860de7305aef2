package dev.naru.stories;

import dev.naru.chaos.host.ChaosCluster;
import dev.naru.chaos.host.Layout;
import dev.naru.chaos.host.Loopback;
import dev.naru.chaos.host.NodeHost;
import dev.naru.chaos.host.OtherRelease;
import dev.naru.chaos.host.Wait;
import dev.naru.cli.Commands;
import dev.naru.client.NaruClient;
import dev.naru.client.admin.NewTopic;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;

/**
 * Three nodes are replaced one by one by the next release while records are written and read: each
 * is drained, stopped, replaced, started and undrained, the controller last. The first one goes
 * back once before all go on. In the end the newer rules are put into force.
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
    try (var cluster =
            ChaosCluster.start(
                directory, Layout.allVote(3), new Loopback(), Optional.empty(), false, "");
        var client = cluster.client()) {
      client
          .admin()
          .createTopic(NewTopic.named(TOPIC).partitions(PARTITIONS).replicationFactor(3))
          .join();
      var _ = cluster.awaitInSync(client, TOPIC, IN_SYNC);
      int older = inForce(client);
      var newer = OtherRelease.in(directory.resolve("newer"), "next", older + 1);
      teller.say("three nodes of one release, metadata version %d", older);
      try (var traffic = CountedTraffic.begin(client, TOPIC, PARTITIONS, RATE)) {
        Wait.hold(WARM_UP);
        var before = traffic.timesFromNow();
        Wait.hold(BEFORE);
        double p99Before = before.quantileMillis(P99);
        teller.say("p99 of acknowledgements is %.1f ms before", p99Before);
        var during = traffic.timesFromNow();
        boolean isRefusedTooEarly = upgradeAll(cluster, client, newer, teller);
        var command = command(cluster, "cluster", "upgrade", "finalize");
        teller.say("naru cluster upgrade finalize ends with %d", command.status());
        int after = inForce(client);
        double p99During = during.quantileMillis(P99);
        long gapMillis = during.longestGapMillis(System.nanoTime());
        traffic.end();
        teller.say("p99 was %.1f ms during, the longest gap %d ms", p99During, gapMillis);
        traffic.errors().forEach((what, times) -> teller.say("told %d times: %s", times, what));
        int oldExit = exitOfTheOlderRelease(cluster.host(1), teller);
        return judged(
            new Figures(p99Before, p99During, gapMillis, isRefusedTooEarly, after - older, oldExit),
            traffic);
      }
    }
  }

  private record Figures(
      double p99Before,
      double p99During,
      long gapMillis,
      boolean isRefusedTooEarly,
      int raisedBy,
      int oldExit) {}

  /** Whether the newer rules were refused as long as a node did not know them. */
  private static boolean upgradeAll(
      ChaosCluster cluster, NaruClient client, OtherRelease newer, Teller teller) {
    var order = controllerLast(cluster, client);
    var first = order.getFirst();
    replace(cluster, client, first, () -> newer.install(first), teller);
    int early = command(cluster, "cluster", "upgrade", "finalize").status();
    teller.say("to finalize with one of three nodes ends with %d", early);
    replace(cluster, client, first, () -> OtherRelease.takeBack(first), teller);
    teller.say("node %d has gone back to the older release", first.id());
    for (var host : order) {
      replace(cluster, client, host, () -> newer.install(host), teller);
    }
    return early != 0;
  }

  private static List<NodeHost> controllerLast(ChaosCluster cluster, NaruClient client) {
    int controller = client.admin().describeCluster().join().controller().orElse(1);
    var order = new ArrayList<>(cluster.hosts());
    order.removeIf(host -> host.id() == controller);
    order.add(cluster.host(controller));
    return order;
  }

  private static void replace(
      ChaosCluster cluster, NaruClient client, NodeHost host, Runnable replacement, Teller teller) {
    var node = Integer.toString(host.id());
    expectDone(command(cluster, "nodes", "drain", node, "--wait"));
    int status = host.stop();
    replacement.run();
    host.start().awaitReady();
    expectDone(command(cluster, "nodes", "undrain", node));
    var _ = cluster.awaitInSync(client, TOPIC, IN_SYNC);
    if (!Wait.comes(IN_SYNC, () -> isWhole(client))) {
      throw new AssertionError("Expected all replicas to be in sync again, but some are not");
    }
    expectDone(command(cluster, "partitions", "elect", "--all"));
    teller.say("node %s was drained, stopped (%d), replaced, started, undrained", node, status);
    Wait.hold(REST);
  }

  private static boolean isWhole(NaruClient client) {
    var cluster = client.admin().describeCluster().join();
    return cluster.offlinePartitionCount() == 0 && cluster.underReplicatedPartitionCount() == 0;
  }

  /** The nodes know the newer rules now, of which it knows nothing. */
  private static int exitOfTheOlderRelease(NodeHost host, Teller teller) {
    int _ = host.stop();
    OtherRelease.takeBack(host);
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
        .expect("refused_too_early", seen.isRefusedTooEarly, true)
        .expect("raised_by", seen.raisedBy, 1)
        .expect("older_release_exit", seen.oldExit, NOT_WANTED)
        .figure("records", traffic.records())
        .figure("rate", traffic.perSecond());
  }
}
