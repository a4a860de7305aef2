package dev.naru.broker.group;

import dev.naru.broker.group.GroupCommand.Commit;
import dev.naru.broker.group.GroupCommand.Holding;
import dev.naru.types.PartitionId;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.pcollections.TreePMap;
import org.pcollections.TreePSet;

/**
 * A member as an application runs it: it believes what it was told last, which may be long ago, and
 * what it says arrives late. It is honest: it reads nothing that it was not told to read.
 */
final class ModelMember {

  /** What it was told at some time. */
  record Told(int epoch, List<Grant> grants) {}

  /** A commit on its way, and the grants under which the partitions were read. */
  record Sent(Commit commit, TreeMap<PartitionId, Integer> grants) {}

  private final ArrayDeque<Told> inbox = new ArrayDeque<>();
  private final ArrayDeque<Holding> outbox = new ArrayDeque<>();
  private final TreeMap<PartitionId, Integer> reading = new TreeMap<>();
  private Joining joining;
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

  void wants(String... topics) {
    joining = joining.wanting(topics);
  }

  int epoch() {
    return epoch;
  }

  TreePSet<PartitionId> reading() {
    return TreePSet.from(reading.keySet());
  }

  boolean hasMail() {
    return !inbox.isEmpty();
  }

  boolean hasSomethingToSay() {
    return !outbox.isEmpty();
  }

  void tell(Told told) {
    inbox.add(told);
  }

  /** Does as the next message says, and will say so. */
  void read() {
    var told = inbox.remove();
    epoch = told.epoch();
    var allowed = new TreeMap<PartitionId, Integer>();
    told.grants().forEach(grant -> allowed.put(grant.partition(), grant.grantedEpoch()));
    reading.clear();
    reading.putAll(allowed);
    outbox.add(new Holding(id(), epoch, reading()));
  }

  Holding say() {
    return outbox.remove();
  }

  /** Its stream breaks, and what was under way on it is lost. */
  void disconnect() {
    inbox.clear();
    outbox.clear();
  }

  /** It stops reading: its lease is over, it leaves, or its process ends. */
  void drop() {
    disconnect();
    reading.clear();
    epoch = 0;
  }

  Sent commit(long offset) {
    var offsets = TreePMap.<PartitionId, Committed>empty();
    for (var partition : reading.keySet()) {
      offsets = offsets.plus(partition, Committed.at(offset, 0));
    }
    return new Sent(
        new Commit(Optional.of(id()), epoch, offsets, TreePSet.empty(), 0), new TreeMap<>(reading));
  }
}
