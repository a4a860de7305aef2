package dev.naru.broker.group;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Spreads each topic by itself: of any topic, members that want it have equally many partitions, or
 * one more. Who has one more is chosen so that the sums come out equal, too. Within that, as little
 * moves as can be. Who is away keeps what it has, and the others share the rest.
 */
final class UniformAssignor implements Assignor {

  @Override
  public String name() {
    return "uniform";
  }

  @Override
  public Target assign(AssignorInput input) {
    var dealing = new Dealing(input);
    int[] present = dealing.present();
    for (var topic : input.topics()) {
      int[] audience = dealing.audience(topic);
      if (audience.length > 0) {
        spread(dealing, topic, audience, present);
      }
    }
    return dealing.target();
  }

  private static void spread(Dealing dealing, TopicSeen topic, int[] audience, int[] present) {
    int[] readers = dealing.readers(audience);
    int[] room = new int[IntStream.of(audience).max().orElse(0) + 1];
    int rest = topic.partitions();
    int first = dealing.firstOf(topic);
    int end = first + topic.partitions();
    if (readers.length < audience.length) {
      for (int partition = first; partition < end; partition++) {
        int member = present[partition];
        if (member != Dealing.NOBODY && dealing.member(member).isAway()) {
          room[member]++;
          rest--;
        }
      }
    }
    addQuotas(dealing, topic, rest, readers, present, room);
    for (int partition = first; partition < end; partition++) {
      int member = present[partition];
      if (member != Dealing.NOBODY && room[member] > 0) {
        dealing.give(partition, member);
        room[member]--;
      }
    }
    for (int partition = first; partition < end; partition++) {
      if (dealing.owner(partition) == Dealing.NOBODY) {
        int member = roomiest(dealing, partition, readers, room);
        dealing.give(partition, member);
        room[member]--;
      }
    }
  }

  /** How many partitions of this topic each reader is to have, of the rest there is for them. */
  private static void addQuotas(
      Dealing dealing, TopicSeen topic, int rest, int[] readers, int[] present, int[] room) {
    int[] had = new int[room.length];
    int first = dealing.firstOf(topic);
    for (int partition = first; partition < first + topic.partitions(); partition++) {
      if (present[partition] != Dealing.NOBODY) {
        had[present[partition]]++;
      }
    }
    for (int member : readers) {
      room[member] = rest / readers.length;
    }
    luckiest(dealing, readers, had)
        .subList(0, rest % readers.length)
        .forEach(member -> room[member]++);
  }

  /**
   * Those first that have the least of the topics before, then those that have most of this one.
   */
  private static List<Integer> luckiest(Dealing dealing, int[] audience, int[] had) {
    return IntStream.of(audience)
        .boxed()
        .sorted(
            Comparator.<Integer>comparingInt(dealing::load)
                .thenComparing(Comparator.<Integer>comparingInt(member -> had[member]).reversed())
                .thenComparing(Comparator.naturalOrder()))
        .toList();
  }

  /** Of those that lack most, the first, or the first that runs where the partition is led. */
  private static int roomiest(Dealing dealing, int partition, int[] audience, int[] room) {
    int best = audience[0];
    boolean isBestNear = dealing.isNear(partition, best);
    for (int member : audience) {
      if (room[member] > room[best]) {
        best = member;
        isBestNear = dealing.isNear(partition, best);
      } else if (room[member] == room[best] && !isBestNear && dealing.isNear(partition, member)) {
        best = member;
        isBestNear = true;
      }
    }
    return best;
  }
}
