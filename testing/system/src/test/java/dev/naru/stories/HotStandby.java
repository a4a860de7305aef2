package dev.naru.stories;

import dev.naru.chaos.host.ChaosCluster;
import dev.naru.chaos.host.Layout;
import dev.naru.chaos.host.ProxyNetwork;
import dev.naru.chaos.host.Wait;
import dev.naru.chaos.load.Load;
import dev.naru.chaos.load.MemberProcess;
import dev.naru.chaos.load.MemberRole;
import dev.naru.chaos.load.Tally;
import dev.naru.chaos.load.Workload;
import dev.naru.client.TopicPartition;
import dev.naru.client.admin.NewTopic;
import dev.naru.testing.history.HistoryFile;
import dev.naru.testing.history.Operation.OfMember.Assigned;
import dev.naru.testing.history.Operation.OfMember.Lost;
import dev.naru.testing.history.Operation.OfMember.Revoked;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Four partitions and five members, each a process; one that has a partition is killed. */
final class HotStandby implements Story {

  private static final String TOPIC = "watched";
  private static final int PARTITIONS = 4;
  private static final int MEMBERS = 5;
  private static final Duration SESSION = Duration.ofSeconds(6);
  private static final long TAKEOVER_MILLIS_MAX = SESSION.plusSeconds(5).toMillis();
  private static final Workload WORKLOAD = new Workload(TOPIC, PARTITIONS, 1, 200, 100, 0);
  private static final MemberRole ROLE =
      new MemberRole("watchers", 1, TOPIC, SESSION, Duration.ofMillis(500));
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final Duration WHILE = Duration.ofSeconds(3);

  @Override
  public String number() {
    return "A-7";
  }

  @Override
  public String title() {
    return "A member that has nothing to do takes what a dead one had, and nobody else is disturbed";
  }

  @Override
  public Verdict play(Path directory, Teller teller) throws IOException {
    var histories = Files.createDirectories(directory.resolve("histories"));
    var members = new TreeMap<String, MemberProcess>();
    var tally = new Tally();
    try (var cluster =
            ChaosCluster.start(
                directory,
                Layout.allVote(3),
                new ProxyNetwork(),
                Optional.empty(),
                false,
                "offsets.topic.num.partitions: 3\n");
        var client = cluster.client()) {
      client
          .admin()
          .createTopic(NewTopic.named(TOPIC).partitions(PARTITIONS).replicationFactor(3))
          .join();
      for (int i = 0; i < MEMBERS; i++) {
        var name = "member-" + i;
        var process = MemberProcess.start(cluster.bootstrapServers(), ROLE, histories);
        members.put(name, process);
        process.start(name, Optional.empty());
      }
      try (var load = Load.begin(WORKLOAD, client, _ -> tally.ofWriter())) {
        if (!Wait.comes(LIMIT, () -> isSpread(members))) {
          throw new AssertionError(
              "Expected four members to have a partition each, but they have " + holds(members));
        }
        var before = holds(members);
        teller.say("five members share four partitions: %s", before);
        Wait.hold(WHILE);
        var verdict = kill(members, before, histories, teller);
        Wait.hold(WHILE);
        load.stopWriting();
        boolean isAllRead = Wait.comes(LIMIT, () -> missed(tally, histories) == 0);
        teller.say(
            "%d records were acknowledged; all of them were read: %s",
            load.progress().acknowledged(), isAllRead);
        return verdict.expect("missed", missed(tally, histories), 0L);
      }
    } finally {
      members.values().forEach(MemberProcess::close);
    }
  }

  private static Verdict kill(
      Map<String, MemberProcess> members,
      Map<String, Set<TopicPartition>> before,
      Path histories,
      Teller teller)
      throws IOException {
    var idle = namesOf(before, 0);
    var busy = new ArrayList<>(namesOf(before, 1));
    var victim = busy.removeFirst();
    var its = before.getOrDefault(victim, Set.of());
    long killedNanos = System.nanoTime();
    int _ = process(members, victim).kill();
    teller.say("%s, which has %s, is killed (kill -9)", victim, its);
    var standby = idle.getFirst();
    boolean isTaken = Wait.comes(LIMIT, () -> process(members, standby).holds().containsValue(its));
    long millis = isTaken ? assignedMillis(histories, standby, killedNanos) : -1;
    teller.say(
        "%s, which had nothing, has %s, %d ms later",
        standby, process(members, standby).holds(), millis);
    Wait.hold(WHILE);
    long disturbed = 0;
    for (var other : busy) {
      disturbed += takenSince(histories, other, killedNanos);
    }
    return new Verdict()
        .expect("standby_before", idle.size(), 1)
        .expect("moved", isTaken ? its.size() : 0, 1)
        .expect("revoked_elsewhere", disturbed, 0L)
        .expect(
            "takeover_ms",
            millis,
            "at most " + TAKEOVER_MILLIS_MAX,
            took -> took >= 0 && took <= TAKEOVER_MILLIS_MAX);
  }

  private static MemberProcess process(Map<String, MemberProcess> members, String name) {
    return Optional.ofNullable(members.get(name)).orElseThrow();
  }

  private static boolean isSpread(Map<String, MemberProcess> members) {
    return namesOf(holds(members), 1).size() == PARTITIONS;
  }

  private static Map<String, Set<TopicPartition>> holds(Map<String, MemberProcess> members) {
    var holds = new TreeMap<String, Set<TopicPartition>>();
    members.values().forEach(process -> holds.putAll(process.holds()));
    return holds;
  }

  private static List<String> namesOf(Map<String, Set<TopicPartition>> holds, int partitions) {
    return holds.entrySet().stream()
        .filter(each -> each.getValue().size() == partitions)
        .map(Map.Entry::getKey)
        .toList();
  }

  /** When it was first given something after this time, since then. */
  private static long assignedMillis(Path histories, String name, long sinceNanos) {
    var first = new AtomicLong(Long.MAX_VALUE);
    HistoryFile.read(histories.resolve(name))
        .replay(operation -> {
          if (operation instanceof Assigned(long at, _) && at > sinceNanos) {
            first.accumulateAndGet(at, Math::min);
          }
        });
    return TimeUnit.NANOSECONDS.toMillis(first.get() - sinceNanos);
  }

  /** How many partitions it gave back or lost after this time. */
  private static long takenSince(Path histories, String name, long sinceNanos) {
    var taken = new AtomicLong();
    HistoryFile.read(histories.resolve(name))
        .replay(operation -> {
          if (operation.atNanos() > sinceNanos
              && (operation instanceof Revoked || operation instanceof Lost)) {
            taken.incrementAndGet();
          }
        });
    return taken.get();
  }

  /** Acknowledged, and given to no member by now. */
  private static long missed(Tally tally, Path histories) throws IOException {
    var reader = tally.ofFinalReader();
    try (var files = Files.list(histories)) {
      for (var file : files.toList()) {
        HistoryFile.read(file).replay(reader::record);
      }
    }
    return tally.lost();
  }
}
