package dev.naru.broker.upkeep;

import dev.naru.broker.coordinator.GroupLag;
import dev.naru.broker.coordinator.GroupLags;
import dev.naru.broker.group.Committed;
import dev.naru.broker.group.GroupImage;
import dev.naru.broker.group.LagAnswer;
import dev.naru.broker.group.LagPosition;
import dev.naru.broker.metrics.NodeMeters;
import dev.naru.broker.peer.LagCalls;
import dev.naru.broker.rpc.LagMeter;
import dev.naru.broker.runtime.Clocks;
import dev.naru.broker.runtime.NodeRuntime;
import dev.naru.broker.upkeep.LagTable.TopicLag;
import dev.naru.broker.upkeep.LagTrend.Growth;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.types.NodeId;
import dev.naru.types.PartitionId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;
import org.pcollections.TreePMap;

/**
 * Looks every ten seconds at how far the groups are behind that are coordinated here, those without
 * members too, and tells: the metrics, and on demand whoever describes a group. It takes the
 * offsets from the coordinators and asks the leaders of their partitions what lies behind.
 *
 * <p>A look goes over several threads and waits on none of them; what it ends with, the metrics and
 * {@link LagTable}, is touched on the thread of chores only.
 */
public final class LagWatch implements GroupLags {

  private static final Logger LOG = LogManager.getLogger(LagWatch.class);

  private static final Duration INTERVAL = Duration.ofSeconds(10);

  /** A coordinator that has to show first that it leads writes something, and that takes time. */
  private static final Duration SHARD_MAX = Duration.ofSeconds(3);

  /** Places that are asked of in one look, each a read of a header: groups beyond have no lag. */
  static final int POSITIONS_MAX = 200_000;

  private static final String TOO_SLOW = "poll_interval";
  private static final String DID_NOT_GIVE_BACK = "revocation_timeout";

  private final Supplier<ClusterImage> image;
  private final Clocks clocks;
  private final Executor chores;
  private final LagGauges gauges;
  private final GroupMembers members;
  private final SlowMembers slow = new SlowMembers();
  private final AtomicBoolean isLooking = new AtomicBoolean();

  /** Touched by the thread of chores only. */
  private final LagTable table = new LagTable();

  /** How often a shard has ended here; by that a look sees that it came too late for one. */
  private final ConcurrentHashMap<PartitionId, Integer> endings = new ConcurrentHashMap<>();

  /** Written by the thread of chores, read by any. */
  private volatile Map<String, Growth> growth = Map.of();

  /** Set once, when there are partitions; read by all. */
  private volatile @Nullable Ways ways;

  /** The coordinators of this node. */
  public interface Shards {
    /** All groups of each; nothing, or no answer, where that is not known. */
    Map<PartitionId, CompletableFuture<Optional<List<GroupImage>>>> ask();
  }

  private record Ways(Shards shards, LagSurvey survey) {}

  /** What the coordinators told. */
  private record Gathered(
      TreeMap<PartitionId, List<GroupImage>> groups, Map<PartitionId, Integer> endingsBefore) {

    List<GroupImage> all() {
      return groups.values().stream().flatMap(List::stream).toList();
    }
  }

  /**
   * Knows nothing until it has {@linkplain #route ways}.
   *
   * @param chores one thread
   */
  public LagWatch(Supplier<ClusterImage> image, Clocks clocks, Executor chores, NodeMeters meters) {
    this.image = image;
    this.clocks = clocks;
    this.chores = chores;
    this.gauges = new LagGauges(meters);
    this.members = new GroupMembers(meters);
  }

  /** From now on these are asked, every ten seconds and on demand. */
  public void begin(
      NodeId self, Shards shards, LagMeter here, LagCalls elsewhere, NodeRuntime runtime) {
    route(shards, new LagSurvey(self, image, here::measure, elsewhere::ask));
    runtime.repeat(INTERVAL, "The look at how far groups are behind", this::look);
  }

  void route(Shards shards, LagSurvey survey) {
    ways = new Ways(shards, survey);
  }

  // ---- what coordinators tell

  /** A coordinator is none any more. Any thread. */
  void ended(PartitionId shard) {
    endings.merge(shard, 1, Integer::sum);
    chores.execute(() -> { // or not, if the node ends, and its metrics with it
      gauges.forget(shard);
      members.forget(shard);
    });
  }

  /** A member went, and why. Any thread. */
  void memberGone(String group, String cause) {
    if (cause.endsWith(TOO_SLOW) || cause.equals(DID_NOT_GIVE_BACK)) {
      slow.note(group, clocks.nanos().getAsLong());
    }
  }

  // ---- a look

  /** Begins a look, unless one is under way. */
  void look() {
    var known = ways;
    if (known == null || !isLooking.compareAndSet(false, true)) {
      return;
    }
    var _ =
        gather(known.shards)
            .thenCompose(gathered ->
                known
                    .survey
                    .ask(positions(gathered.all()))
                    .thenAcceptAsync(answers -> tell(gathered, answers), chores))
            .whenComplete((_, failure) -> {
              isLooking.set(false);
              if (failure != null) {
                LOG.debug("Lag of groups was not measured", failure);
              }
            });
  }

  private CompletableFuture<Gathered> gather(Shards shards) {
    var before = Map.copyOf(endings);
    var asked = shards.ask();
    var heard = new ArrayList<CompletableFuture<?>>();
    asked.forEach((shard, answer) ->
        heard.add(
            answer.completeOnTimeout(
                Optional.empty(), SHARD_MAX.toMillis(), TimeUnit.MILLISECONDS)));
    return CompletableFuture.allOf(heard.toArray(CompletableFuture[]::new))
        .thenApplyAsync(
            _ -> {
              var groups = new TreeMap<PartitionId, List<GroupImage>>();
              asked.forEach(
                  (shard, answer) -> answer.join().ifPresent(known -> groups.put(shard, known)));
              return new Gathered(groups, before);
            },
            chores);
  }

  /** Those of one group after the other, each once. */
  private static Collection<LagPosition> positions(List<GroupImage> groups) {
    var positions = new LinkedHashSet<LagPosition>();
    for (var group : groups) {
      for (var entry : group.offsets().entrySet()) {
        if (positions.size() == POSITIONS_MAX) {
          LOG.debug("Groups from {} on have more offsets than are looked at", group.group());
          return positions;
        }
        positions.add(LagPosition.of(entry.getKey(), entry.getValue()));
      }
    }
    return positions;
  }

  private void tell(Gathered gathered, Map<LagPosition, LagAnswer> answers) {
    var here = new TreeMap<>(gathered.groups);
    here.keySet().removeIf(shard -> hasEnded(shard, gathered));
    var all = here.values().stream().flatMap(List::stream).toList();
    var looked =
        table.look(
            clocks.nanos().getAsLong(), clocks.wallMillis().getAsLong(), all, answers, image.get());
    growth = looked.growth();
    gauges.show(byShard(here, looked.topics()));
    members.show(here);
  }

  /** Since it was asked: then another node tells of its groups from now on. */
  private boolean hasEnded(PartitionId shard, Gathered gathered) {
    return !Optional.ofNullable(endings.get(shard))
        .equals(Optional.ofNullable(gathered.endingsBefore.get(shard)));
  }

  private static Map<PartitionId, List<TopicLag>> byShard(
      Map<PartitionId, List<GroupImage>> groups, List<TopicLag> lags) {
    var shards = new TreeMap<String, PartitionId>();
    groups.forEach((shard, all) -> all.forEach(group -> shards.put(group.group(), shard)));
    var byShard = new TreeMap<PartitionId, List<TopicLag>>();
    for (var lag : lags) {
      Optional.ofNullable(shards.get(lag.group()))
          .ifPresent(shard -> byShard.computeIfAbsent(shard, same -> new ArrayList<>()).add(lag));
    }
    return byShard;
  }

  // ---- on demand

  @Override
  public Map<PartitionId, GroupLag> of(String group, TreePMap<PartitionId, Committed> offsets) {
    var known = ways;
    if (known == null) {
      return TreePMap.empty();
    }
    var positions = new LinkedHashSet<LagPosition>();
    offsets.forEach((partition, committed) -> positions.add(LagPosition.of(partition, committed)));
    var answers = known.survey.ask(positions).join(); // a survey ends within its time
    return Collections.unmodifiableMap(
        LagTable.measured(offsets, answers, image.get(), clocks.wallMillis().getAsLong()));
  }

  @Override
  public List<String> advice(GroupImage image, Map<PartitionId, GroupLag> lags) {
    return GroupAdvice.of(
        image,
        lags,
        Optional.ofNullable(growth.get(image.group())),
        slow.count(image.group(), clocks.nanos().getAsLong()));
  }
}
