package dev.naru.chaos.churn;

import static java.util.Objects.requireNonNull;

import dev.naru.chaos.churn.ChurnJudge.Phase;
import dev.naru.chaos.host.Wait;
import dev.naru.chaos.load.Load;
import dev.naru.chaos.load.MemberHost;
import dev.naru.chaos.load.MemberProcess;
import dev.naru.chaos.load.MemberRole;
import dev.naru.chaos.load.Workload;
import dev.naru.client.Codec;
import dev.naru.client.NaruClient;
import dev.naru.client.TopicPartition;
import dev.naru.client.admin.NewTopic;
import dev.naru.testing.history.HistoryFile;
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
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * Members of a group come and go while records flow: one after the other is stopped and started
 * again, some join and leave for good, one changes what it reads, all are restarted as static ones,
 * and a process full of them is killed. What each was given says for how long nobody read a
 * partition that moved, and whether one that stayed was ever kept waiting.
 */
final class GroupChurn {

  private static final Duration SETTLE_LIMIT = Duration.ofSeconds(60);
  private static final Duration CATCH_UP_LIMIT = Duration.ofMinutes(2);

  private final Plan plan;
  private final NaruClient client;
  private final List<? extends MemberHost> hosts;
  private final Path histories;
  private final AckLog acks = new AckLog();
  private final List<Phase> phases = new ArrayList<>();
  private final Map<String, String> identities = new TreeMap<>();
  private final Map<String, MemberHost> homes = new TreeMap<>(); // of members that live, by name
  private int lives;

  /**
   * How large it is.
   *
   * @param members at most as many as partitions
   * @param warmUp for so long records flow before the first member is restarted: in processes that
   *     have just begun everything waits for everything, which says nothing of the group
   * @param pause what a partition that stays may keep a record waiting
   */
  record Plan(
      int members,
      MemberRole role,
      Workload workload,
      int replicas,
      Duration warmUp,
      Duration pause) {}

  /**
   * What came of it.
   *
   * @param acknowledged records
   * @param killedLimitMillis by when another one must read what a killed member had
   */
  record Report(ChurnJudge judge, long acknowledged, long failed, long killedLimitMillis) {

    @Override
    public String toString() {
      var rolling = judge.phase(ROLLING);
      var text = new StringBuilder();
      judge.phases().forEach(phase -> text.append(phase).append('\n'));
      return text.append(
              "acknowledged=%d failed=%d moved_static=%d%n"
                  .formatted(acknowledged, failed, judge.phase(STATIC).movedCount()))
          .append(
              "moved=%d median_ms=%d p99_ms=%d lost=%d doubled_commits=%d paused_unmoved=%d"
                  .formatted(
                      rolling.movedCount(),
                      rolling.percentileMillis(50),
                      rolling.percentileMillis(99),
                      judge.lost(),
                      judge.doubledCommits(),
                      pausedUnmoved()))
          .toString();
    }

    long pausedUnmoved() {
      return judge.phases().stream().mapToLong(ChurnFigures::pausedCount).sum();
    }
  }

  static final String JOINING = "joining";
  static final String ROLLING = "rolling";
  static final String CHANGING = "changing";
  static final String STATIC = "static";
  static final String KILLED = "killed";

  private GroupChurn(
      Plan plan, NaruClient client, List<? extends MemberHost> hosts, Path histories) {
    this.plan = plan;
    this.client = client;
    this.hosts = hosts;
    this.histories = histories;
  }

  /**
   * Plays it.
   *
   * @param hosts where members live, in turn
   * @param victim one of them, which is killed at last; without it none is
   * @param histories where they write, which is where these are told to
   */
  static Report run(
      Plan plan,
      NaruClient client,
      List<? extends MemberHost> hosts,
      Optional<MemberProcess> victim,
      Path histories)
      throws IOException {
    return new GroupChurn(plan, client, hosts, histories).play(victim);
  }

  private Report play(Optional<MemberProcess> victim) throws IOException {
    makeTopics();
    try (var load = Load.begin(plan.workload(), client, _ -> acks)) {
      var dynamic = phase(JOINING, this::join);
      Wait.hold(plan.warmUp());
      phase(ROLLING, () -> restartAll(dynamic, false));
      phase(CHANGING, () -> change(dynamic));
      dynamic.forEach(this::stop);
      var fixed = new ArrayList<String>();
      for (int number = 0; number < plan.members(); number++) {
        fixed.add(start("s%02d".formatted(number), true, number));
      }
      awaitSettled();
      phase(STATIC, () -> restartAll(fixed, true));
      victim.ifPresent(process -> phase(KILLED, () -> kill(process)));
      load.stopWriting();
      awaitEverythingRead();
      List.copyOf(homes.keySet()).forEach(this::stop);
      return report(load);
    }
  }

  private Report report(Load load) throws IOException {
    try (var files = Files.list(histories)) {
      var judge =
          ChurnJudge.of(
              files.sorted().map(HistoryFile::read).toList(),
              identities,
              plan.workload().topic(),
              acks,
              phases,
              plan.pause());
      long limit = plan.role().session().plusSeconds(5).toMillis();
      return new Report(judge, acks.count(), load.progress().failed(), limit);
    }
  }

  private void makeTopics() {
    client
        .admin()
        .createTopic(
            NewTopic.named(plan.workload().topic())
                .partitions(plan.workload().partitions())
                .replicationFactor(plan.replicas()))
        .join();
    client
        .admin()
        .createTopic(
            NewTopic.named(plan.role().other()).partitions(1).replicationFactor(plan.replicas()))
        .join();
  }

  // ---- what is done to members

  private List<String> join() {
    var names = new ArrayList<String>();
    for (int number = 0; number < plan.members(); number++) {
      names.add(start("d%02d".formatted(number), false, number));
    }
    awaitSettled();
    return names;
  }

  /** One after the other; the next one when the group has settled. */
  private void restartAll(List<String> names, boolean isStatic) {
    for (int number = 0; number < names.size(); number++) {
      var name = names.get(number);
      stop(name);
      names.set(number, start(name.substring(0, 3), isStatic, number));
      awaitSettled();
    }
  }

  /** Two more join, one reads another topic too, two leave. */
  private void change(List<String> names) {
    var more = List.of(start("m00", false, 0), start("m01", false, 1));
    awaitSettled();
    var changing = names.getFirst();
    home(changing).readMore(changing);
    Wait.hold(plan.role().commitEvery());
    awaitSettled();
    more.forEach(this::stop);
    awaitSettled();
  }

  private void kill(MemberProcess victim) {
    int _ = victim.kill();
    homes.values().removeIf(home -> home == victim);
    awaitSettled();
    Wait.hold(plan.role().commitEvery()); // so that those who have it now are given something
  }

  private String start(String who, boolean isStatic, int number) {
    var name = who + "." + lives++;
    identities.put(name, isStatic ? who : name);
    var home = hosts.get(number % hosts.size());
    home.start(name, isStatic ? Optional.of(who) : Optional.empty());
    homes.put(name, home);
    return name;
  }

  private void stop(String name) {
    home(name).stop(name);
    homes.remove(name);
  }

  private MemberHost home(String name) {
    return requireNonNull(homes.get(name));
  }

  private void phase(String name, Runnable what) {
    phase(
        name,
        () -> {
          what.run();
          return name;
        });
  }

  private <T> T phase(String name, Supplier<T> what) {
    long from = System.nanoTime();
    var result = what.get();
    long to = System.nanoTime();
    phases.add(new Phase(name, from, to));
    System.out.printf(
        "%-10s %6d ms, %d acknowledged%n",
        name, Duration.ofNanos(to - from).toMillis(), acks.count());
    return result;
  }

  // ---- what is awaited

  /** Everything has one owner, and shares are even but for who reads the other topic, too. */
  private void awaitSettled() {
    if (!Wait.comes(SETTLE_LIMIT, this::isSettled)) {
      throw new AssertionError(
          "Expected %d members to share %d partitions, but they have %s"
              .formatted(homes.size(), plan.workload().partitions(), sizes()));
    }
  }

  private boolean isSettled() {
    var all = new TreeSet<TopicPartition>();
    int sum = 0;
    int least = Integer.MAX_VALUE;
    int most = 0;
    var holds = holds();
    for (var each : holds.values()) {
      all.addAll(each);
      sum += each.size();
      least = Math.min(least, each.size());
      most = Math.max(most, each.size());
    }
    int wanted = plan.workload().partitions();
    return holds.size() == homes.size()
        && all.size() == wanted
        && sum == wanted
        && most - least <= 2;
  }

  private Map<String, Set<TopicPartition>> holds() {
    var holds = new TreeMap<String, Set<TopicPartition>>();
    hosts.forEach(host -> holds.putAll(host.holds()));
    return holds;
  }

  private Map<String, Integer> sizes() {
    var sizes = new TreeMap<String, Integer>();
    holds().forEach((name, partitions) -> sizes.put(name, partitions.size()));
    return sizes;
  }

  /** Until the group has committed all that was acknowledged. */
  private void awaitEverythingRead() {
    var ends = acks.ends();
    try (var asker =
        client
            .consumer(Codec.bytes(), Codec.bytes())
            .groupId(plan.role().group())
            .autoCommit(false)
            .build()) {
      if (!Wait.comes(
          CATCH_UP_LIMIT,
          () -> {
            var found = asker.committed(plan.workload().allPartitions());
            return ends.entrySet().stream()
                .allMatch(end -> {
                  var place = found.get(new TopicPartition(plan.workload().topic(), end.getKey()));
                  return place != null && place.offset() >= end.getValue();
                });
          })) {
        throw new AssertionError("Expected the group to commit all, but it does not come there");
      }
    }
  }
}
