package dev.naru.broker.group;

import dev.naru.broker.group.AssignorInput.Subscriber;
import dev.naru.types.PartitionId;
import dev.naru.types.TopicId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.pcollections.TreePMap;
import org.pcollections.TreePSet;

/**
 * The table at which one assignor deals: partitions and members as numbers, in the order of their
 * ids, so that ten thousand of the ones and a thousand of the others are dealt in milliseconds.
 */
final class Dealing {

  /** Of a partition that lies on the table. */
  static final int NOBODY = -1;

  /** Two numbers for no rack, so that nobody is near where nothing is known. */
  private static final int NO_RACK_OF_MEMBER = -1;

  private static final int NO_RACK_OF_PARTITION = -2;

  private final AssignorInput input;
  private final List<PartitionId> partitions = new ArrayList<>();
  private final TreeMap<TopicId, Integer> firstOf = new TreeMap<>();
  private final int[] owner;
  private final int[] load;
  private final int[] rackOfPartition;
  private final int[] rackOfMember;

  /** All partitions lie on the table. */
  Dealing(AssignorInput input) {
    this.input = input;
    for (var topic : input.topics()) {
      firstOf.put(topic.id(), partitions.size());
      IntStream.range(0, topic.partitions())
          .forEach(number -> partitions.add(new PartitionId(topic.id(), number)));
    }
    owner = new int[partitions.size()];
    Arrays.fill(owner, NOBODY);
    load = new int[input.members().size()];
    var racks = new TreeMap<String, Integer>();
    rackOfMember =
        input.members().stream()
            .mapToInt(member -> numbered(racks, member.rack(), NO_RACK_OF_MEMBER))
            .toArray();
    rackOfPartition =
        input.topics().stream()
            .flatMapToInt(topic ->
                IntStream.range(0, topic.partitions())
                    .map(number -> numbered(racks, topic.rackOf(number), NO_RACK_OF_PARTITION)))
            .toArray();
  }

  /** How many partitions there are. */
  int partitions() {
    return partitions.size();
  }

  /** The number of the first partition of this topic; the others follow. */
  int firstOf(TopicSeen topic) {
    return firstOf.getOrDefault(topic.id(), 0);
  }

  /** Whose the partition is, or {@link #NOBODY}'s. */
  int owner(int partition) {
    return owner[partition];
  }

  /** How many partitions the member has by now. */
  int load(int member) {
    return load[member];
  }

  Subscriber member(int member) {
    return input.members().get(member);
  }

  /** The members that want this topic, in the order of their ids. */
  int[] audience(TopicSeen topic) {
    return IntStream.range(0, input.members().size())
        .filter(member -> member(member).topics().contains(topic.id()))
        .toArray();
  }

  /** Those of these members that can be given something: who does not read now can wait. */
  int[] readers(int[] audience) {
    int[] readers = IntStream.of(audience).filter(member -> !member(member).isAway()).toArray();
    return readers.length == 0 ? audience : readers;
  }

  /** By partition, whose it is until now; nobody's, if its owner is gone or does not want it. */
  int[] present() {
    int[] present = new int[partitions.size()];
    Arrays.fill(present, NOBODY);
    for (int member = 0; member < input.members().size(); member++) {
      var subscriber = member(member);
      for (var partition : subscriber.present()) {
        int number = number(partition);
        if (number != NOBODY && subscriber.topics().contains(partition.topic())) {
          present[number] = member;
        }
      }
    }
    return present;
  }

  /** Gives the partition to this member, from the table or from another one. */
  void give(int partition, int member) {
    if (owner[partition] != NOBODY) {
      load[owner[partition]]--;
    }
    owner[partition] = member;
    load[member]++;
  }

  /** Whether the member runs where the partition is led. */
  boolean isNear(int partition, int member) {
    return rackOfPartition[partition] == rackOfMember[member];
  }

  Target target() {
    var lists = new ArrayList<List<PartitionId>>();
    input.members().forEach(member -> lists.add(new ArrayList<>()));
    for (int partition = 0; partition < owner.length; partition++) {
      if (owner[partition] != NOBODY) {
        lists.get(owner[partition]).add(partitions.get(partition));
      }
    }
    var target = TreePMap.<MemberId, TreePSet<PartitionId>>empty();
    for (int member = 0; member < lists.size(); member++) {
      target = target.plus(member(member).id(), TreePSet.from(lists.get(member)));
    }
    return new Target(target);
  }

  private int number(PartitionId partition) {
    var first = firstOf.get(partition.topic());
    if (first == null) {
      return NOBODY;
    }
    int number = first + partition.partition();
    return number < partitions.size() && partitions.get(number).equals(partition) ? number : NOBODY;
  }

  private static int numbered(Map<String, Integer> racks, Optional<String> rack, int none) {
    return rack.map(name -> racks.computeIfAbsent(name, key -> racks.size())).orElse(none);
  }
}
