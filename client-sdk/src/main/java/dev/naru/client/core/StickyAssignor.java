package dev.naru.client.core;

import dev.naru.client.TopicPartition;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableSet;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Everybody keeps what it has, what nobody has goes to who has least, and then as few move as it
 * takes that nobody has two more than somebody who could have one of them.
 *
 * <p>What two members say to have belongs to the one that was given it later; if they were given it
 * in the same generation one of them is wrong, and neither keeps it.
 */
public final class StickyAssignor implements ClassicAssignor {

  @Override
  public String name() {
    return "sticky";
  }

  @Override
  public SortedMap<String, SortedSet<TopicPartition>> assign(
      SortedMap<String, Integer> partitionCounts, Collection<ClassicMember> members) {
    var draft = new Draft(members);
    var partitions = partitionsThatSomebodyWants(partitionCounts, draft);
    var holders = holders(members, partitions);
    partitions.forEach(partition -> {
      var holder = holders.get(partition);
      if (holder != null) {
        draft.give(partition, holder);
      }
    });
    partitions.stream()
        .filter(partition -> !holders.containsKey(partition))
        .sorted(
            Comparator.<TopicPartition>comparingInt(each -> draft.readers(each.topic()))
                .thenComparing(Comparator.naturalOrder()))
        .forEach(partition -> draft.give(partition, draft.leastLoaded(partition.topic())));
    balance(draft);
    return draft.assigned();
  }

  private static List<TopicPartition> partitionsThatSomebodyWants(
      SortedMap<String, Integer> counts, Draft draft) {
    var partitions = new ArrayList<TopicPartition>();
    counts.forEach((topic, count) -> {
      for (int i = 0; i < count && draft.readers(topic) > 0; i++) {
        partitions.add(new TopicPartition(topic, i));
      }
    });
    return partitions;
  }

  /** Who may keep what it has. */
  private static SortedMap<TopicPartition, ClassicMember> holders(
      Collection<ClassicMember> members, List<TopicPartition> partitions) {
    var existing = new TreeSet<>(partitions);
    var generations = new TreeMap<TopicPartition, Integer>();
    var holders = new TreeMap<TopicPartition, ClassicMember>();
    for (var member : members.stream().sorted().toList()) {
      for (var partition : member.owned()) {
        var known = generations.get(partition);
        if (existing.contains(partition) && (known == null || member.generation() > known)) {
          generations.put(partition, member.generation());
          holders.put(partition, member);
        } else if (known != null && member.generation() == known) {
          holders.remove(partition);
        }
      }
    }
    holders.entrySet().removeIf(held -> !held.getValue().topics().contains(held.getKey().topic()));
    return holders;
  }

  /**
   * Who has most gives first, so that nobody both gives and is given. Each move makes the loads
   * more alike, so this ends.
   */
  private static void balance(Draft draft) {
    boolean hasMoved = true;
    while (hasMoved) {
      hasMoved = false;
      for (var holder : draft.heaviestFirst()) {
        hasMoved = givesOne(draft, holder);
        if (hasMoved) {
          break; // the order has changed
        }
      }
    }
  }

  /** The last of its partitions that somebody could have who has two less. */
  private static boolean givesOne(Draft draft, ClassicMember holder) {
    int most = draft.load(holder) - 2;
    for (var partition : draft.lastFirst(holder)) {
      var candidate = draft.leastLoaded(partition.topic());
      if (draft.load(candidate) <= most) {
        draft.give(partition, candidate);
        return true;
      }
    }
    return false;
  }

  /** Who has what so far, and for each topic who has least. */
  private static final class Draft {

    private final SortedMap<String, TreeSet<TopicPartition>> owned = new TreeMap<>();
    private final SortedMap<TopicPartition, ClassicMember> holders = new TreeMap<>();
    private final SortedMap<String, TreeSet<ClassicMember>> byLoad = new TreeMap<>();
    private final TreeSet<ClassicMember> all;

    Draft(Collection<ClassicMember> members) {
      members.forEach(member -> owned.put(member.id(), new TreeSet<>()));
      var order =
          Comparator.<ClassicMember>comparingInt(this::load)
              .thenComparing(Comparator.naturalOrder());
      all = new TreeSet<>(order);
      all.addAll(members);
      for (var member : members) {
        for (var topic : member.topics()) {
          byLoad.computeIfAbsent(topic, name -> new TreeSet<>(order)).add(member);
        }
      }
    }

    int readers(String topic) {
      var readers = byLoad.get(topic);
      return readers == null ? 0 : readers.size();
    }

    int load(ClassicMember member) {
      return own(member).size();
    }

    ClassicMember leastLoaded(String topic) {
      return readersOf(topic).first();
    }

    Iterable<ClassicMember> heaviestFirst() {
      return all.descendingSet();
    }

    Iterable<TopicPartition> lastFirst(ClassicMember member) {
      return own(member).descendingSet();
    }

    void give(TopicPartition partition, ClassicMember to) {
      var before = holders.put(partition, to);
      if (before != null) {
        change(before, () -> own(before).remove(partition));
      }
      change(to, () -> own(to).add(partition));
    }

    /** A sorted set does not see that what it sorts by has changed. */
    private void change(ClassicMember member, Runnable change) {
      member.topics().forEach(topic -> readersOf(topic).remove(member));
      all.remove(member);
      change.run();
      all.add(member);
      member.topics().forEach(topic -> readersOf(topic).add(member));
    }

    private NavigableSet<ClassicMember> readersOf(String topic) {
      var readers = byLoad.get(topic);
      if (readers == null) {
        throw new IllegalStateException("Expected readers of " + topic + ", but there are none");
      }
      return readers;
    }

    private NavigableSet<TopicPartition> own(ClassicMember member) {
      var own = owned.get(member.id());
      if (own == null) {
        throw new IllegalStateException("Expected a known member, but was " + member);
      }
      return own;
    }

    SortedMap<String, SortedSet<TopicPartition>> assigned() {
      return new TreeMap<>(owned);
    }
  }
}
