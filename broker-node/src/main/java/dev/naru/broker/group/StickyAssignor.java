package dev.naru.broker.group;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * Moves as little as can be: only the sums count, not from which topics they come. Who is away
 * keeps what it has.
 *
 * <ol>
 *   <li>Everybody keeps what it has and still wants.
 *   <li>What nobody has is dealt to those that have least: first what few members could take.
 *   <li>While a member has two more than another one that wants the same topic, one partition
 *       moves, from who has most to who has least.
 * </ol>
 *
 * <p>When all members want the same topics, they end up with equally many partitions, or one more,
 * and no fewer moves lead there: dealing first fills up those that have least, and after that every
 * partition that moves is above what its owner could keep.
 */
final class StickyAssignor implements Assignor {

  @Override
  public String name() {
    return "sticky";
  }

  @Override
  public Target assign(AssignorInput input) {
    var dealing = new Dealing(input);
    var audiences = audiences(dealing, input);
    int[] present = dealing.present();
    for (int partition = 0; partition < present.length; partition++) {
      if (present[partition] != Dealing.NOBODY) {
        dealing.give(partition, present[partition]);
      }
    }
    audiences.forEach(audience -> audience.dealRest(dealing));
    level(dealing, audiences, present);
    return dealing.target();
  }

  /** The smallest audience first. */
  private static List<Audience> audiences(Dealing dealing, AssignorInput input) {
    var byMembers = new TreeMap<int[], List<TopicSeen>>(StickyAssignor::compare);
    for (var topic : input.topics()) {
      byMembers.computeIfAbsent(dealing.audience(topic), key -> new ArrayList<>()).add(topic);
    }
    return byMembers.entrySet().stream()
        .filter(entry -> entry.getKey().length > 0)
        .map(entry -> new Audience(dealing, entry.getKey(), entry.getValue()))
        .toList();
  }

  private static int compare(int[] a, int[] b) {
    return Comparator.<int[]>comparingInt(members -> members.length)
        .thenComparing(Arrays::compare)
        .compare(a, b);
  }

  /** Each move makes loads more equal, so this ends, though a partition may move more than once. */
  private static void level(Dealing dealing, List<Audience> audiences, int[] present) {
    boolean hasMoved = true;
    while (hasMoved) {
      hasMoved = false;
      for (var audience : audiences) {
        hasMoved |= audience.level(dealing, present);
      }
    }
  }

  /**
   * The members that want the same topics, and the partitions of these: each of the ones can have
   * each of the others.
   */
  private static final class Audience {

    private final int[] members;
    private final int[] readers;
    private final int[] partitions;

    Audience(Dealing dealing, int[] members, List<TopicSeen> topics) {
      this.members = members;
      readers = dealing.readers(members);
      partitions =
          topics.stream()
              .flatMapToInt(topic ->
                  IntStream.range(
                      dealing.firstOf(topic), dealing.firstOf(topic) + topic.partitions()))
              .toArray();
    }

    void dealRest(Dealing dealing) {
      for (int partition : partitions) {
        if (dealing.owner(partition) == Dealing.NOBODY) {
          dealing.give(partition, poorest(dealing, partition));
        }
      }
    }

    /** Returns whether it moved anything. */
    boolean level(Dealing dealing, int[] present) {
      var hands = new Hands(this, dealing, present);
      boolean hasMoved = false;
      while (true) {
        int richest = richest(dealing, hands);
        if (richest == Dealing.NOBODY) {
          return hasMoved;
        }
        int partition = hands.top(richest);
        int poorest = poorest(dealing, partition);
        if (dealing.load(richest) < dealing.load(poorest) + 2) {
          return hasMoved;
        }
        dealing.give(partition, poorest);
        hands.moveTop(richest, poorest);
        hasMoved = true;
      }
    }

    private int richest(Dealing dealing, Hands hands) {
      int richest = Dealing.NOBODY;
      for (int member : readers) {
        if ((richest == Dealing.NOBODY || dealing.load(member) > dealing.load(richest))
            && !hands.isEmpty(member)) {
          richest = member;
        }
      }
      return richest;
    }

    /** Of those that have least, the first, or the first that runs where the partition is led. */
    private int poorest(Dealing dealing, int partition) {
      int poorest = readers[0];
      boolean isPoorestNear = dealing.isNear(partition, poorest);
      for (int member : readers) {
        if (dealing.load(member) < dealing.load(poorest)) {
          poorest = member;
          isPoorestNear = dealing.isNear(partition, poorest);
        } else if (dealing.load(member) == dealing.load(poorest)
            && !isPoorestNear
            && dealing.isNear(partition, member)) {
          poorest = member;
          isPoorestNear = true;
        }
      }
      return poorest;
    }
  }

  /** What each member has of one audience's partitions; on top what it would miss least. */
  private static final class Hands {

    private final Audience audience;
    private final List<List<Integer>> hands = new ArrayList<>();

    /**
     * At the bottom what it had before, the lowest numbers first; on top what it was just dealt.
     */
    Hands(Audience audience, Dealing dealing, int[] present) {
      this.audience = audience;
      IntStream.of(audience.members).forEach(member -> hands.add(new ArrayList<>()));
      take(dealing, partition -> dealing.owner(partition) == present[partition]);
      take(dealing, partition -> dealing.owner(partition) != present[partition]);
    }

    boolean isEmpty(int member) {
      return of(member).isEmpty();
    }

    int top(int member) {
      return of(member).getLast();
    }

    void moveTop(int from, int to) {
      of(to).add(of(from).removeLast());
    }

    private void take(Dealing dealing, IntPredicate which) {
      IntStream.of(audience.partitions)
          .filter(which)
          .forEach(partition -> of(dealing.owner(partition)).add(partition));
    }

    private List<Integer> of(int member) {
      return hands.get(Arrays.binarySearch(audience.members, member));
    }
  }
}
