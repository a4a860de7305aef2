package dev.naru.metadata.balance;

import dev.naru.types.NodeId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** A node, and how full it is by a plan so far. */
final class Holder {

  /** A node is not filled beyond by a plan: at 0.9 of a disk the first alarm comes. */
  static final double DISK_USED_MAX = 0.85;

  private final NodeId node;
  private final double size;
  private final List<Alike> groups = new ArrayList<>();
  private double load;

  /**
   * What its disks may still take; not known: enough. What goes away makes room only when the plan
   * has been carried out: until then both copies are there.
   */
  private double room = Double.POSITIVE_INFINITY;

  private double roomLater;

  Holder(NodeId node, double size, double load, Optional<DiskUse> disk) {
    this.node = node;
    this.size = size;
    this.load = load;
    disk.ifPresent(use -> room = DISK_USED_MAX * use.totalBytes() - use.usedBytes());
    this.roomLater = room;
  }

  NodeId node() {
    return node;
  }

  double size() {
    return size;
  }

  double load() {
    return load;
  }

  double room() {
    return room;
  }

  /** What its disks may take when the plan has been carried out. */
  double roomLater() {
    return roomLater;
  }

  boolean hasRoom(long weight) {
    return weight <= room;
  }

  /** Whether there is no room for it yet, but will be when the plan has been carried out. */
  boolean hasRoomLater(long weight) {
    return !hasRoom(weight) && weight <= roomLater;
  }

  /** Where its replicas that may go are; also groups that are empty by now. */
  List<Alike> groups() {
    return Collections.unmodifiableList(groups);
  }

  void isIn(Alike group) {
    groups.add(group);
  }

  /** One that is there. */
  void weigh(long weight) {
    load += weight;
  }

  /** One is on its way to it: counted already, unless nodes count as full as their disks. */
  void awaits(long weight, boolean byDisk) {
    room -= weight;
    roomLater -= weight;
    load += byDisk ? weight : 0;
  }

  /** One is on its way from it. */
  void parts(long weight, boolean byDisk) {
    roomLater += weight;
    load -= byDisk ? weight : 0;
  }

  void give(long weight) {
    load -= weight;
    roomLater += weight;
  }

  void take(long weight) {
    load += weight;
    room -= weight;
    roomLater -= weight;
  }

  double full() {
    return load / size;
  }

  /** The weight that narrows the gap most if it goes there; lighter and heavier ones do less. */
  long bestWeight(Holder to) {
    return (long) ((full() - to.full()) / (1 / size + 1 / to.size));
  }

  /** By how much it gets evener; 0 if one of both would come to where the other was. */
  double gain(Holder to, long weight) {
    double nowTo = (to.load + weight) / to.size;
    double nowFrom = (load - weight) / size;
    return nowTo >= full() || nowFrom <= to.full()
        ? 0
        : weight * ((full() - nowTo) + (nowFrom - to.full()));
  }

  /** No replica of at most this weight gains more. */
  double gainMax(Holder to, long heaviest) {
    double gap = full() - to.full();
    double slope = 1 / size + 1 / to.size;
    double best = Math.min((double) heaviest, gap / slope);
    return best * (2 * gap - best * slope);
  }
}
