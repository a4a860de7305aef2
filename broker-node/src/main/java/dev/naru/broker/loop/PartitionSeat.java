package dev.naru.broker.loop;

import dev.naru.broker.partition.FetchKey;
import dev.naru.broker.partition.Partition;
import dev.naru.broker.partition.PartitionAddress;
import dev.naru.broker.partition.PartitionInput;
import dev.naru.broker.partition.PartitionTraffic;
import dev.naru.broker.partition.PartitionView;
import dev.naru.broker.partition.TailBudget;
import dev.naru.broker.replica.FollowerLag;
import dev.naru.types.PartitionId;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A partition's place on its loop, and its address for everyone else. The place exists as soon as
 * the image gives this node a replica; the partition takes it once its log is open.
 */
public final class PartitionSeat implements PartitionAddress {

  /** What can be said of a place. */
  public sealed interface Condition {
    /** Its log is being opened or made. */
    record Opening() implements Condition {}

    /** It is served. */
    record Occupied(Partition partition) implements Condition {}

    /** A fault stopped it; the other partitions go on. */
    record Failed(String why) implements Condition {}

    /** The image took it away, or the node stops. */
    record Gone() implements Condition {}
  }

  private final PartitionId id;
  private final PartitionLoop loop;

  /** Written by the loop, read by all. */
  private volatile Condition condition = new Condition.Opening();

  // Owned by the loop, once the place is known.
  final ArrayDeque<Delivery> backlog = new ArrayDeque<>();
  boolean isQueued;
  boolean isTouched;
  boolean isTicking;
  private PartitionInput.@Nullable ImageApplied newestImage;
  private final EarlyFollowers early = new EarlyFollowers();
  private boolean isAbandoned;

  PartitionSeat(PartitionId id, PartitionLoop loop) {
    this.id = id;
    this.loop = loop;
  }

  public PartitionId id() {
    return id;
  }

  /** As it is now. */
  public Condition condition() {
    return condition;
  }

  @Override
  public Optional<PartitionView> view() {
    return condition instanceof Condition.Occupied(var partition)
        ? Optional.of(partition.view())
        : Optional.empty();
  }

  /** What producers have written to the partition, if it is served. */
  public Optional<PartitionTraffic> traffic() {
    return condition instanceof Condition.Occupied(var partition)
        ? Optional.of(partition.traffic())
        : Optional.empty();
  }

  /** How far followers are behind, if the partition is led here and one may be. */
  public List<FollowerLag> lags(long nowNanos) {
    return condition instanceof Condition.Occupied(var partition)
        ? partition.lags().at(nowNanos)
        : List.of();
  }

  /**
   * Puts in what a client asks; false when the loop has no room for more.
   *
   * @param taken runs on the loop once the partition has dealt with the input: the memory is free
   */
  public boolean ask(PartitionInput input, Runnable taken) {
    return loop.request(new Delivery(this, input, taken));
  }

  /** Puts in what a client asks; false when the loop has no room for more. */
  public boolean ask(PartitionInput input) {
    return ask(input, Delivery.NOTHING);
  }

  /**
   * Puts in that a fetch waits; false when the loop has no room for more. The loop is not woken: it
   * need not know before something happens here. What happens before it knows wakes no fetch. So
   * whoever puts it in looks at the {@link #view} again afterwards, and calls {@link #wake} if that
   * has moved.
   */
  public boolean remember(PartitionInput.FetchWaits waits) {
    return loop.requestQuietly(new Delivery(this, waits, Delivery.NOTHING));
  }

  /**
   * Puts in, behind that, that the fetch waits no longer, and does not wake the loop either.
   * Without room nothing is lost: the fetch is woken in vain, at its deadline at the latest.
   */
  public void forget(FetchKey gone) {
    var input = new PartitionInput.FetchGone(gone);
    var _ = loop.requestQuietly(new Delivery(this, input, Delivery.NOTHING));
  }

  /** Has the loop take at once what it was not woken for. */
  public void wake() {
    loop.wake();
  }

  /**
   * Puts in what the protocol needs.
   *
   * @param taken runs on the loop once the partition has dealt with the input: the memory is free
   */
  public void tell(PartitionInput input, Runnable taken) {
    loop.put(new Delivery(this, input, taken));
  }

  /** Puts in what the protocol needs. */
  @Override
  public void tell(PartitionInput input) {
    tell(input, Delivery.NOTHING);
  }

  /**
   * Puts in that a follower subscribes. The partition answers, at the latest when it has taken its
   * place.
   *
   * @param refuse runs on the loop if it does not, and will not
   */
  public void follow(PartitionInput.FromFollower subscribing, Runnable refuse) {
    tell(
        subscribing,
        () -> {
          if (isVacant() && !early.waits(subscribing.from(), refuse)) {
            refuse.run();
          }
        });
  }

  /** For the partition that is to sit here, once its log is open. */
  PartitionDirectory.Place place() {
    return new PartitionDirectory.Place() {
      @Override
      public TailBudget tails() {
        return loop.tails();
      }

      @Override
      public void take(Partition partition) {
        loop.put(new Delivery.Occupation(PartitionSeat.this, partition));
      }

      @Override
      public void abandon() {
        loop.put(new Delivery.Abandonment(PartitionSeat.this));
      }
    };
  }

  /** What the partition begins with: by whoever has made the place, before others know of it. */
  void expect(PartitionInput.ImageApplied image) {
    newestImage = image;
  }

  // From here on: by the loop only.

  /** Hands the input to the partition; false when there is none to take it. */
  boolean take(PartitionInput input) {
    if (condition instanceof Condition.Occupied(var partition)) {
      partition.take(input);
    } else if (input instanceof PartitionInput.ImageApplied image) {
      newestImage = image;
      return true;
    } else if (condition instanceof Condition.Opening && !isAbandoned) {
      early.take(input);
    }
    boolean isTaken = condition instanceof Condition.Occupied;
    if (input instanceof PartitionInput.Closed) {
      condition = new Condition.Gone();
      early.refuseAll();
    }
    return isTaken;
  }

  boolean isVacant() {
    return !(condition instanceof Condition.Occupied);
  }

  /** Whether ticks change nothing here until something comes in. */
  boolean isAtRest() {
    return !(condition instanceof Condition.Occupied(var partition)) || partition.isAtRest();
  }

  void sitDown(Partition partition) {
    if (condition instanceof Condition.Gone) {
      return; // taken away while its log was being opened
    }
    condition = new Condition.Occupied(partition);
    var image = newestImage;
    newestImage = null;
    if (image != null) {
      partition.take(image);
    }
    early.takeAll().forEach(partition::take);
  }

  void fail(String why) {
    condition = new Condition.Failed(why);
    early.refuseAll();
  }

  /** Its log will not be opened, so that nobody is to wait for that. */
  void abandon() {
    isAbandoned = true;
    early.refuseAll();
  }

  @Override
  public String toString() {
    return id.toString();
  }
}
