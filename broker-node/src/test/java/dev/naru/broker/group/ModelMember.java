package dev.naru.broker.group;

import dev.naru.broker.group.GroupCommand.Commit;
import dev.naru.broker.group.GroupCommand.Holding;
import dev.naru.broker.group.GroupCommand.KnownTopics;
import dev.naru.types.PartitionId;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.pcollections.TreePMap;
import org.pcollections.TreePSet;

/**
 * A member as an application runs it: it believes what it was told last, which may be long ago, and
 * what it says arrives late, on streams that it may have given up since. It is honest: it reads
 * nothing that it was not told to read.
 */
final class ModelMember {

  /** What it was told at some time. */
  record Told(int epoch, List<Grant> grants) {}

  /** A commit on its way, and the grants under which the partitions were read. */
  record Sent(Commit commit, TreeMap<PartitionId, Integer> grants) {}

  /** What it says on a stream. */
  sealed interface Said {
    record Joins(Joining joining) implements Said {}

    record Holds(Holding holding) implements Said {}

    record Subscribes(List<String> names) implements Said {}

    record Leaves(boolean stays) implements Said {}
  }

  /** One of its streams. What is on its way on it may arrive much later than it is given up. */
  static final class Line {
    private final ModelMember member;
    private final ArrayDeque<Said> onItsWay = new ArrayDeque<>();

    Line(ModelMember member) {
      this.member = member;
    }

    ModelMember member() {
      return member;
    }

    boolean hasSomethingToSay() {
      return !onItsWay.isEmpty();
    }

    Said next() {
      return onItsWay.remove();
    }

    void lose() {
      onItsWay.clear();
    }
  }

  private final ArrayDeque<Told> inbox = new ArrayDeque<>();
  private final TreeMap<PartitionId, Integer> reading = new TreeMap<>();
  private Joining joining;
  private Line line = new Line(this);
  private int attempts;
  private int epoch;

  ModelMember(Joining joining) {
    this.joining = joining;
  }

  MemberId id() {
    return joining.member();
  }

  /** As it comes for the first time. */
  Joining joining() {
    return joining;
  }

  boolean isInstance(Optional<String> instance) {
    return instance.isPresent() && joining.profile().instance().equals(instance);
  }

  /** The newest of its streams. */
  Line line() {
    return line;
  }

  TreePSet<PartitionId> reading() {
    return TreePSet.from(reading.keySet());
  }

  boolean hasMail() {
    return !inbox.isEmpty();
  }

  /** Told by the coordinator, on that stream. */
  void tell(Line on, Told told) {
    if (on == line) {
      inbox.add(told);
    }
  }

  /** Does as the next message says, and says so. */
  void read() {
    var told = inbox.remove();
    epoch = told.epoch();
    var allowed = new TreeMap<PartitionId, Integer>();
    told.grants().forEach(grant -> allowed.put(grant.partition(), grant.grantedEpoch()));
    reading.clear();
    reading.putAll(allowed);
    line.onItsWay.add(new Said.Holds(new Holding(id(), epoch, reading())));
  }

  void wants(String... topics) {
    joining = joining.wanting(topics);
    line.onItsWay.add(new Said.Subscribes(List.of(topics)));
  }

  void leave(boolean stays) {
    line.onItsWay.add(new Said.Leaves(stays));
  }

  /** Comes, or comes back, on another stream. */
  Line connect() {
    inbox.clear();
    line = new Line(this);
    var comes =
        epoch == 0 ? joining : joining.knowing(epoch, reading().toArray(PartitionId[]::new));
    line.onItsWay.add(new Said.Joins(comes.attempt(++attempts)));
    return line;
  }

  /** It stops reading: its lease is over, it leaves, or its process ends. */
  void drop() {
    inbox.clear();
    reading.clear();
    epoch = 0;
  }

  Sent commit(long offset, KnownTopics topics) {
    var offsets = TreePMap.<PartitionId, Committed>empty();
    for (var partition : reading.keySet()) {
      offsets = offsets.plus(partition, Committed.at(offset, 0));
    }
    return new Sent(
        new Commit(Optional.of(id()), epoch, offsets, topics, 0), new TreeMap<>(reading));
  }
}
