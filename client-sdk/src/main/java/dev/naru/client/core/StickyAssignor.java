package dev.naru.client.core;

import dev.naru.client.TopicPartition;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Everybody keeps what it has, what nobody has goes to who has least, and then as few move as it
 * takes that nobody has two more than somebody who could have one of them.
 *
 * <p>What two members say to have belongs to the one that was given it later; if they were given it
 * in the same generation one of them is wrong, and neither keeps it.
 *
 * <p>All others stand still meanwhile, so it is done over numbers: a thousand topics of a hundred
 * members take milliseconds.
 */
public final class StickyAssignor implements ClassicAssignor {

  private static final int NOBODY = -1;

  @Override
  public String name() {
    return "sticky";
  }

  @Override
  public SortedMap<String, SortedSet<TopicPartition>> assign(
      SortedMap<String, Integer> partitionCounts, Collection<ClassicMember> members) {
    var table = new Table(partitionCounts, members.stream().sorted().toList());
    table.keepWhatTheyHave();
    table.audiences.forEach(Audience::dealRest);
    boolean hasMoved = true;
    while (hasMoved) { // ends, since each move makes the loads more alike
      hasMoved = false;
      for (var audience : table.audiences) {
        hasMoved |= audience.level();
      }
    }
    return table.assigned();
  }

  /** Partitions and members as numbers, in their order. */
  private static final class Table {

    private final List<ClassicMember> members;
    private final List<TopicPartition> partitions = new ArrayList<>();
    private final SortedMap<String, Integer> firstOf = new TreeMap<>();
    private final List<Audience> audiences;
    private final int[] owner;
    private final int[] load;

    Table(SortedMap<String, Integer> counts, List<ClassicMember> members) {
      this.members = members;
      var numbers = new TreeMap<int[], List<Integer>>(Table::compare); // by who wants them
      counts.forEach((topic, count) -> {
        int[] readers = readers(topic);
        if (readers.length > 0) {
          firstOf.put(topic, partitions.size());
          for (int i = 0; i < count; i++) {
            numbers.computeIfAbsent(readers, key -> new ArrayList<>()).add(partitions.size());
            partitions.add(new TopicPartition(topic, i));
          }
        }
      });
      audiences =
          numbers.entrySet().stream()
              .map(entry -> new Audience(this, entry.getKey(), entry.getValue()))
              .toList();
      owner = new int[partitions.size()];
      Arrays.fill(owner, NOBODY);
      load = new int[members.size()];
    }

    /** The smallest first: what few could have is dealt first. */
    private static int compare(int[] a, int[] b) {
      return Comparator.<int[]>comparingInt(readers -> readers.length)
          .thenComparing(Arrays::compare)
          .compare(a, b);
    }

    private int[] readers(String topic) {
      return IntStream.range(0, members.size())
          .filter(member -> members.get(member).topics().contains(topic))
          .toArray();
    }

    void keepWhatTheyHave() {
      int[] holder = new int[partitions.size()];
      int[] generation = new int[partitions.size()];
      Arrays.fill(holder, NOBODY);
      Arrays.fill(generation, Integer.MIN_VALUE);
      for (int member = 0; member < members.size(); member++) {
        for (var owned : members.get(member).owned()) {
          int partition = number(owned);
          if (partition == NOBODY) {
            continue;
          }
          int since = members.get(member).generation();
          if (since > generation[partition]) {
            generation[partition] = since;
            holder[partition] = member;
          } else if (since == generation[partition]) {
            holder[partition] = NOBODY;
          }
        }
      }
      for (int partition = 0; partition < holder.length; partition++) {
        if (holder[partition] != NOBODY
            && members.get(holder[partition]).topics().contains(topicOf(partition))) {
          give(partition, holder[partition]);
        }
      }
    }

    private String topicOf(int partition) {
      return partitions.get(partition).topic();
    }

    private int number(TopicPartition partition) {
      var first = firstOf.get(partition.topic());
      if (first == null) {
        return NOBODY;
      }
      int number = first + partition.partition();
      return number < partitions.size() && partitions.get(number).equals(partition)
          ? number
          : NOBODY;
    }

    void give(int partition, int member) {
      if (owner[partition] != NOBODY) {
        load[owner[partition]]--;
      }
      owner[partition] = member;
      load[member]++;
    }

    SortedMap<String, SortedSet<TopicPartition>> assigned() {
      var assigned = ClassicAssignor.nothing(members);
      for (int partition = 0; partition < owner.length; partition++) {
        var own = assigned.get(members.get(owner[partition]).id());
        if (own != null) {
          own.add(partitions.get(partition));
        }
      }
      return assigned;
    }
  }

  /** The members that want the same topics, and all that these have. */
  private static final class Audience {

    private final Table table;
    private final int[] readers;
    private final int[] partitions;

    Audience(Table table, int[] readers, List<Integer> partitions) {
      this.table = table;
      this.readers = readers;
      this.partitions = partitions.stream().mapToInt(Integer::intValue).toArray();
    }

    void dealRest() {
      for (int partition : partitions) {
        if (table.owner[partition] == NOBODY) {
          table.give(partition, poorest());
        }
      }
    }

    /**
     * Who has most gives first, the last of its partitions, so that nobody both gives and is given.
     * Returns whether anything moved.
     */
    boolean level() {
      var hands =
          new ArrayList<ArrayDeque<Integer>>(); // by reader, its partitions of this audience
      IntStream.of(readers).forEach(reader -> hands.add(new ArrayDeque<>()));
      for (int partition : partitions) {
        hands.get(Arrays.binarySearch(readers, table.owner[partition])).add(partition);
      }
      boolean hasMoved = false;
      while (true) {
        int richest = richest(hands);
        int poorest = poorest();
        if (richest == NOBODY || table.load[richest] < table.load[poorest] + 2) {
          return hasMoved;
        }
        int partition = hands.get(Arrays.binarySearch(readers, richest)).removeLast();
        table.give(partition, poorest);
        hands.get(Arrays.binarySearch(readers, poorest)).add(partition);
        hasMoved = true;
      }
    }

    private int richest(List<ArrayDeque<Integer>> hands) {
      int richest = NOBODY;
      for (int i = 0; i < readers.length; i++) {
        if (!hands.get(i).isEmpty()
            && (richest == NOBODY || table.load[readers[i]] > table.load[richest])) {
          richest = readers[i];
        }
      }
      return richest;
    }

    private int poorest() {
      int poorest = readers[0];
      for (int reader : readers) {
        if (table.load[reader] < table.load[poorest]) {
          poorest = reader;
        }
      }
      return poorest;
    }
  }
}
