package dev.naru.simulation.invariant;

import dev.naru.broker.group.Committed;
import dev.naru.broker.group.GroupEvent;
import dev.naru.broker.group.GroupEvent.OffsetGone;
import dev.naru.broker.group.GroupEvent.OffsetSet;
import dev.naru.broker.group.GroupImage;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.record.BatchHeader;
import dev.naru.types.PartitionId;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The groups as only the simulation can see them: what their logs say as far as that is committed,
 * whatever any coordinator makes of it, and who reads.
 */
public final class GroupScene {

  private final Facts facts;
  private final Map<String, PartitionId> logs = new TreeMap<>();
  private final Map<String, NavigableMap<Long, GroupImage>> images = new TreeMap<>();
  private final Map<String, Map<PartitionId, List<Committed>>> commits = new TreeMap<>();
  private final Map<String, Map<PartitionId, Integer>> acknowledged = new TreeMap<>();
  private final Map<String, Map<PartitionId, BitSet>> processed = new TreeMap<>();
  private final Set<String> notes = new HashSet<>();
  private final Map<PartitionId, Long> createdMillis = new TreeMap<>();
  private final List<GroupReader> readers = new ArrayList<>();
  private long taken;

  /** What is so, whoever knows it. */
  public interface Facts {

    /** The true time, which no machine has. */
    long trueMillis();

    /** The newest image of the cluster. */
    ClusterImage newest();

    /** How long offsets of a group without members are kept. */
    long retentionMillis();

    /** Whether the group reads from the start where it has committed nothing, else from the end. */
    boolean readsFromStart(String group);

    /** How many numbers there are to read now. */
    long numbers(PartitionId partition);
  }

  /** Of no groups yet. */
  public GroupScene(Facts facts) {
    this.facts = facts;
  }

  public Facts facts() {
    return facts;
  }

  // ---- what is committed

  /** A batch of this log is committed, which says this of a group. */
  GroupStep take(PartitionId log, BatchHeader header, String group, List<GroupEvent> events) {
    var before = image(group);
    var after = GroupFold.evolved(before, events);
    taken++;
    logs.putIfAbsent(group, log);
    images.computeIfAbsent(group, _ -> new TreeMap<>()).put(taken, after);
    for (var event : events) {
      switch (event) {
        case OffsetSet(var partition, var committed) -> {
          commits(group, partition).add(committed);
          notes.add(committed.metadata());
        }
        case OffsetGone(var partition) -> forget(group, partition);
        default -> {}
      }
    }
    return new GroupStep(
        log, header.nextOffset(), before, after, events, header.maxTimestamp(), facts.trueMillis());
  }

  private void forget(String group, PartitionId partition) {
    commits(group, partition).clear();
    acknowledged.computeIfAbsent(group, _ -> new TreeMap<>()).remove(partition);
  }

  /** How many batches are committed by now, of all logs. */
  public long taken() {
    return taken;
  }

  /** The group as it is agreed on now. */
  public GroupImage image(String group) {
    var known = images.get(group);
    return known == null
        ? GroupImage.empty(group)
        : Objects.requireNonNull(known.lastEntry()).getValue();
  }

  /** All groups of which anything was ever known. */
  public List<String> groups() {
    return List.copyOf(images.keySet());
  }

  /** Where the group is kept. */
  PartitionId logOf(String group) {
    return Objects.requireNonNull(logs.get(group));
  }

  /** Those whose log this is. */
  List<String> groupsOf(PartitionId log) {
    return logs.keySet().stream().filter(group -> log.equals(logs.get(group))).toList();
  }

  /** The group after so many batches of all logs. */
  GroupImage imageAt(String group, long step) {
    var known = images.get(group);
    var entry = known == null ? null : known.floorEntry(step);
    return entry == null ? GroupImage.empty(group) : entry.getValue();
  }

  /** Every image of the group from this step on, beginning with the one at it. */
  List<GroupImage> imagesSince(String group, long step) {
    var known = images.get(group);
    var since = new ArrayList<GroupImage>();
    since.add(imageAt(group, step));
    if (known != null) {
      since.addAll(known.tailMap(step, false).values());
    }
    return since;
  }

  /** What was committed of the partition, in its order, since it was last forgotten. */
  public List<Committed> commits(String group, PartitionId partition) {
    return commits
        .computeIfAbsent(group, _ -> new TreeMap<>())
        .computeIfAbsent(partition, _ -> new ArrayList<>());
  }

  /** Whether there was ever a commit with this note. */
  boolean isCommitted(String note) {
    return notes.contains(note);
  }

  /** Which commit has this note; below 0 if none has. */
  int indexOf(String group, PartitionId partition, String note) {
    var known = commits(group, partition);
    for (int i = known.size() - 1; i >= 0; i--) {
      if (known.get(i).metadata().equals(note)) {
        return i;
      }
    }
    return -1;
  }

  // ---- what clients know

  /** Somebody was told that this is kept. */
  void acknowledged(String group, PartitionId partition, int index) {
    acknowledged
        .computeIfAbsent(group, _ -> new TreeMap<>())
        .merge(partition, index + 1, Math::max);
  }

  /** Of each partition, how many commits are acknowledged, or come before one that is. */
  public Map<PartitionId, Integer> acknowledged(String group) {
    return Map.copyOf(acknowledged.getOrDefault(group, Map.of()));
  }

  public void comes(GroupReader reader) {
    readers.add(reader);
  }

  public void goes(GroupReader reader) {
    readers.remove(reader);
  }

  /** Those whose processes are there. */
  public List<GroupReader> readers(String group) {
    return readers.stream()
        .filter(reader -> reader.group().equals(group) && reader.isAlive())
        .toList();
  }

  /** The application has done with these numbers. */
  public void processed(String group, PartitionId partition, long from, long to) {
    processed(group, partition).set((int) from, (int) to);
  }

  BitSet processed(String group, PartitionId partition) {
    return processed
        .computeIfAbsent(group, _ -> new TreeMap<>())
        .computeIfAbsent(partition, _ -> new BitSet());
  }

  // ---- topics

  public void created(PartitionId partition) {
    createdMillis.putIfAbsent(partition, facts.trueMillis());
  }

  /** When there was the partition first. */
  public long createdMillis(PartitionId partition) {
    return createdMillis.getOrDefault(partition, 0L);
  }

  /** All partitions of the topics of these names. */
  public List<PartitionId> partitionsOf(Iterable<String> topics) {
    var all = new TreeSet<PartitionId>();
    for (var name : topics) {
      facts
          .newest()
          .topicNamed(name)
          .ifPresent(topic -> {
            for (int i = 0; i < topic.partitions().size(); i++) {
              all.add(new PartitionId(topic.id(), i));
            }
          });
    }
    return List.copyOf(all);
  }
}
