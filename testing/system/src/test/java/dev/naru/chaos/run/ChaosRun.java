package dev.naru.chaos.run;

import dev.naru.chaos.fault.Fault;
import dev.naru.chaos.fault.FaultKind;
import dev.naru.chaos.fault.Stage;
import dev.naru.chaos.host.ChaosCluster;
import dev.naru.chaos.host.Wait;
import dev.naru.chaos.load.GroupReading;
import dev.naru.chaos.load.HistoryRecorder;
import dev.naru.chaos.load.Load;
import dev.naru.chaos.load.Recorder;
import dev.naru.chaos.load.Workload;
import dev.naru.chaos.run.ChaosPlan.Step;
import dev.naru.client.NaruClient;
import dev.naru.client.admin.NewTopic;
import dev.naru.testing.history.HealthyWindow;
import dev.naru.testing.history.History;
import dev.naru.testing.history.HistoryChecker;
import dev.naru.testing.history.HistoryFile;
import dev.naru.testing.history.Incident;
import dev.naru.testing.history.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

/**
 * One run: clients write and read all the time; one fault after the other is made and proven, and
 * between them everything heals. At the end everything is read from the leaders, the nodes stop,
 * and the checker gets what the clients have seen, what was read, and the files of every replica.
 */
final class ChaosRun {

  private static final Duration HEAL_LIMIT = Duration.ofMinutes(2);
  private static final Duration CALM_MIN = Duration.ofSeconds(1);
  private static final Duration CALM_MAX = Duration.ofSeconds(4);

  private final ChaosPlan plan;
  private final Workload workload;
  private final ChaosCluster cluster;
  private final NaruClient client;
  private final NaruClient admin;
  private final Duration livenessTimeout;
  private final Path directory;
  private final Path histories;
  private final List<Incident> incidents = new ArrayList<>();
  private final List<HealthyWindow> healthy = new ArrayList<>();
  private final List<String> surprises = new ArrayList<>();
  private final List<Path> ofClients = new ArrayList<>();
  private final List<Path> ofFinalReaders = new ArrayList<>();
  private long longestHealNanos;

  private ChaosRun(
      ChaosPlan plan,
      Workload workload,
      ChaosCluster cluster,
      NaruClient client,
      NaruClient admin,
      Duration livenessTimeout,
      Path directory)
      throws IOException {
    this.plan = plan;
    this.workload = workload;
    this.cluster = cluster;
    this.client = client;
    this.admin = admin;
    this.livenessTimeout = livenessTimeout;
    this.directory = directory;
    this.histories = Files.createDirectories(directory.resolve("histories"));
  }

  /** Runs the plan; the cluster must be there, and is stopped by it. */
  static ChaosReport run(
      ChaosPlan plan,
      Workload workload,
      ChaosCluster cluster,
      Duration livenessTimeout,
      Path directory)
      throws Exception {
    try (var client = cluster.client();
        var admin = cluster.clientSettings().requestTimeout(Duration.ofSeconds(3)).build()) {
      return new ChaosRun(plan, workload, cluster, client, admin, livenessTimeout, directory)
          .unfold();
    }
  }

  private ChaosReport unfold() throws IOException {
    long began = System.nanoTime();
    client
        .admin()
        .createTopic(
            NewTopic.named(workload.topic())
                .partitions(workload.partitions())
                .replicationFactor(cluster.hosts().size())
                .config("segment.bytes", "131072"))
        .join();
    try (var load = Load.begin(workload, client, this::recorder);
        var group = beginGroup(load)) {
      var stage =
          new Stage(
              cluster, admin, workload.topic(), livenessTimeout, directory, Optional.of(group));
      long until = System.nanoTime() + plan.time().toNanos();
      do {
        beCalm(load, group);
        play(plan.next(), stage, load);
      } while (System.nanoTime() < until);
      beCalm(load, group);
      load.stopWriting();
      load.readEverything("final");
      load.stopReading();
      endGroup(group);
      var end = Ending.of(cluster, client, workload, reading(ofFinalReaders));
      var verdict = HistoryChecker.check(new Run(reading(ofClients), end, incidents, healthy));
      return new ChaosReport(
          plan,
          Duration.ofNanos(System.nanoTime() - began),
          load.progress().acknowledged(),
          load.progress().failed(),
          load.progress().read(),
          load.progress().longestGapMillis(),
          longestHealNanos / 1_000_000,
          load.progress().failures(),
          incidents,
          surprises,
          verdict);
    }
  }

  private GroupReading beginGroup(Load load) {
    ofClients.add(histories.resolve(GroupReading.outsideHistory()));
    return GroupReading.begin(
        workload, client, cluster.bootstrapServers(), this::recorder, histories, load.progress());
  }

  /** It has all the time that it needs to read what was written, and to commit that. */
  private static void endGroup(GroupReading group) {
    if (!group.comesToTheEnd(HEAL_LIMIT)) {
      throw new AssertionError(
          "Expected group %s to commit the end of all partitions, but it is at %s"
              .formatted(group.group(), group.found()));
    }
    group.close();
  }

  /**
   * Waits until everything is well, and then for some seconds in which writes must succeed. On a
   * slow machine they last until one does.
   */
  private void beCalm(Load load, GroupReading group) {
    long broken = System.nanoTime();
    cluster.startAll();
    var _ = cluster.awaitInSync(admin, workload.topic(), HEAL_LIMIT);
    awaitAcknowledgements(load);
    awaitCommits(group);
    long from = System.nanoTime();
    longestHealNanos = Math.max(longestHealNanos, from - broken);
    Wait.hold(plan.calm(CALM_MIN, CALM_MAX));
    awaitAcknowledgements(load);
    healthy.add(new HealthyWindow(from, System.nanoTime()));
  }

  /** In each partition; a client that was cut off may need longer than the nodes. */
  private static void awaitAcknowledgements(Load load) {
    var before = load.progress().byPartition();
    if (!Wait.comes(HEAL_LIMIT, () -> hasGrown(before, load.progress().byPartition()))) {
      throw new AssertionError(
          "Expected records to be acknowledged in each partition again, but of %s came %s"
              .formatted(before, load.progress().byPartition()));
    }
  }

  private static void awaitCommits(GroupReading group) {
    if (!group.goesOn(HEAL_LIMIT)) {
      throw new AssertionError(
          "Expected group %s to commit more in each partition again, but it is at %s"
              .formatted(group.group(), group.found()));
    }
  }

  private static boolean hasGrown(List<Long> before, List<Long> now) {
    return IntStream.range(0, before.size())
        .allMatch(partition -> now.get(partition) > before.get(partition));
  }

  private void play(Step step, Stage stage, Load load) {
    var links =
        step.meanwhile()
            .map(other -> CompletableFuture.runAsync(() -> inflict(other, stage, step.seed())));
    inflict(step.kind(), stage, step.seed() + 1);
    links.ifPresent(CompletableFuture::join);
    if (!step.kind().mayEndNodes()) {
      cluster.hosts().stream()
          .filter(host -> !host.isAlive())
          .forEach(
              host -> surprises.add("node %d ended by itself in %s".formatted(host.id(), step)));
    }
    System.out.printf(
        "%s: %s; %d acknowledged%n", step, incidents.getLast(), load.progress().acknowledged());
  }

  private void inflict(FaultKind kind, Stage stage, long seed) {
    long from = System.nanoTime();
    Fault.Outcome outcome;
    try {
      outcome = kind.fault().inflict(stage, new Random(seed));
    } catch (Exception | AssertionError e) {
      outcome = new Fault.Outcome("failed: " + e, Optional.empty());
    }
    var incident =
        new Incident(kind.text(), outcome.target(), from, System.nanoTime(), outcome.proof());
    synchronized (incidents) {
      incidents.add(incident);
    }
  }

  private Recorder recorder(String name) {
    var path = histories.resolve(name);
    synchronized (ofClients) { // members begin while others run
      (name.equals("final") ? ofFinalReaders : ofClients).add(path);
    }
    return HistoryRecorder.in(path);
  }

  private static List<History> reading(List<Path> paths) throws IOException {
    return paths.stream().map(HistoryFile::read).toList();
  }
}
