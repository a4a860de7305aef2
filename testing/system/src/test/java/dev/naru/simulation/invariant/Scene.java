package dev.naru.simulation.invariant;

import dev.naru.broker.replica.PartitionAssignment;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.DeclaredLoss;
import dev.naru.metadata.image.Flush;
import dev.naru.metadata.image.PartitionImage;
import dev.naru.types.NodeId;
import dev.naru.types.PartitionId;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The whole cluster as only the simulation can see it: what is decided, what is true, and who holds
 * what.
 */
public final class Scene {

  private final Map<PartitionId, Truth> truths = new TreeMap<>();
  private final Map<PartitionId, Map<NodeId, Replica>> live = new TreeMap<>();
  private final Map<PartitionId, Set<NodeId>> rotten = new TreeMap<>();
  private final Map<NodeId, Set<PartitionId>> ledWhenCutOff = new TreeMap<>();
  private final Map<PartitionId, Map<NodeId, Replica>> last = new TreeMap<>();
  private ClusterImage image;

  public Scene(ClusterImage image) {
    this.image = image;
  }

  /** The newest image, which no node may have applied yet. */
  public ClusterImage image() {
    return image;
  }

  public void decided(ClusterImage newest) {
    image = newest;
  }

  public Truth truth(PartitionId partition) {
    return truths.computeIfAbsent(partition, Truth::new);
  }

  /** The replicas of processes that are alive. */
  public Collection<Replica> replicas(PartitionId partition) {
    return live.getOrDefault(partition, Map.of()).values();
  }

  public Optional<Replica> replica(PartitionId partition, NodeId node) {
    return Optional.ofNullable(live.getOrDefault(partition, Map.of()).get(node));
  }

  /** The replica as it was last seen, its process alive or not. */
  public Optional<Replica> lastSeen(PartitionId partition, NodeId node) {
    return Optional.ofNullable(last.getOrDefault(partition, Map.of()).get(node));
  }

  /**
   * The recovery that took the partition from this replica's leader, or from itself, and that it
   * has not heard of: what it still does counts for nobody.
   */
  public Optional<DeclaredLoss> lossUnheardBy(Replica replica) {
    var entry = entry(replica.partition());
    if (entry.isEmpty() || entry.get().losses().all().isEmpty()) {
      return Optional.empty(); // as nearly always
    }
    var known =
        replica
            .assignment()
            .map(PartitionAssignment::leaderEpoch)
            .orElse(replica.view().leaderEpoch());
    return entry.get().losses().since(known).all().stream().findFirst();
  }

  /** The disk of this node has changed what it kept of the partition. */
  public void rotted(PartitionId partition, NodeId node) {
    rotten.computeIfAbsent(partition, _ -> new TreeSet<>()).add(node);
  }

  /** Whether the replica's files may hold something else than was written. */
  public boolean isRotten(Replica replica) {
    return rotten.getOrDefault(replica.partition(), Set.of()).contains(replica.self().id());
  }

  /** The replicas of this node reach no other, nor do any reach them; nobody else is in trouble. */
  public void cutOff(NodeId node) {
    var led = new TreeSet<PartitionId>();
    image
        .partitionIds()
        .filter(id ->
            entry(id).filter(entry -> entry.isLedBy(node) && entry.isr().size() > 1).isPresent())
        .forEach(led::add);
    ledWhenCutOff.put(node, led);
  }

  public void reachedAgain(NodeId node) {
    ledWhenCutOff.remove(node);
  }

  /** The nodes that are cut off now, and what each led, with others in sync, when that began. */
  public Map<NodeId, Set<PartitionId>> ledWhenCutOff() {
    return ledWhenCutOff;
  }

  /** A log is taken into use, or again after it has been repaired. */
  public void opened(Replica replica) {
    rotten.getOrDefault(replica.partition(), new TreeSet<>()).remove(replica.self().id());
    live.computeIfAbsent(replica.partition(), _ -> new TreeMap<>())
        .put(replica.self().id(), replica);
    last.computeIfAbsent(replica.partition(), _ -> new TreeMap<>())
        .put(replica.self().id(), replica);
  }

  /** The replica is gone, and with it its log. */
  public void closed(NodeId node, PartitionId partition) {
    live.getOrDefault(partition, new TreeMap<>()).remove(node);
  }

  /** The process is gone. */
  public void ended(NodeId node) {
    live.values().forEach(each -> each.remove(node));
  }

  public Optional<PartitionImage> entry(PartitionId partition) {
    return image.partition(partition);
  }

  public Flush flush(PartitionId partition) {
    return image.topic(partition.topic()).map(t -> t.settings().flush()).orElse(Flush.QUORUM);
  }

  /** -1: no limit. */
  public long retentionMillis(PartitionId partition) {
    return image.topic(partition.topic()).map(t -> t.settings().retentionMillis()).orElse(-1L);
  }

  /** -1: no limit. */
  public long retentionBytes(PartitionId partition) {
    return image.topic(partition.topic()).map(t -> t.settings().retentionBytes()).orElse(-1L);
  }

  /** Whether the topic is one whose logs are compacted: then replicas differ in their bytes. */
  public boolean isCompacted(PartitionId partition) {
    return image
        .topic(partition.topic())
        .filter(t -> t.settings().cleanup().compacts())
        .isPresent();
  }

  /** How long deletions stay in a compacted log. */
  public long tombstoneMillis(PartitionId partition) {
    return image
        .topic(partition.topic())
        .map(t -> t.settings().compaction().tombstoneMillis())
        .orElse(Long.MAX_VALUE);
  }

  /** Whether the replica leads, or is counted on by the controller. */
  public boolean isComplete(Replica replica) {
    boolean isRegistered =
        image
            .node(replica.self().id())
            .filter(node -> node.epoch().equals(replica.self().epoch()))
            .isPresent();
    return isPresentLeader(replica)
        || (isRegistered
            && entry(replica.partition())
                .filter(entry -> entry.isr().contains(replica.self().id()))
                .isPresent());
  }

  /** Whether the replica leads under the newest leader epoch there is. */
  public boolean isPresentLeader(Replica replica) {
    return replica.view().isLeader()
        && entry(replica.partition())
            .filter(entry -> entry.leaderEpoch().equals(replica.view().leaderEpoch()))
            .isPresent();
  }
}
