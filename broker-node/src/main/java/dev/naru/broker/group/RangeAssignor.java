package dev.naru.broker.group;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Each topic's partitions, in order, cut into as many pieces as members want it, the larger ones
 * first. Members are in the order of their places, so that topics with equally many partitions and
 * the same audience are cut alike: what lies under one number in both is read by one member. One
 * that is away keeps its place in that order, and with it its piece.
 */
final class RangeAssignor implements Assignor {

  @Override
  public String name() {
    return "range";
  }

  @Override
  public Target assign(AssignorInput input) {
    var dealing = new Dealing(input);
    for (var topic : input.topics()) {
      var audience =
          IntStream.of(dealing.audience(topic))
              .boxed()
              .sorted(Comparator.comparing(member -> dealing.member(member).place()))
              .toList();
      if (!audience.isEmpty()) {
        cut(dealing, topic, audience);
      }
    }
    return dealing.target();
  }

  private static void cut(Dealing dealing, TopicSeen topic, List<Integer> audience) {
    int each = topic.partitions() / audience.size();
    int larger = topic.partitions() % audience.size();
    int partition = dealing.firstOf(topic);
    for (int i = 0; i < audience.size(); i++) {
      int end = partition + each + (i < larger ? 1 : 0);
      for (; partition < end; partition++) {
        dealing.give(partition, audience.get(i));
      }
    }
  }
}
