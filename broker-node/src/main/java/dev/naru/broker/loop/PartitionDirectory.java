package dev.naru.broker.loop;

import dev.naru.broker.events.EventCode;
import dev.naru.broker.partition.Partition;
import dev.naru.broker.partition.PartitionInput;
import dev.naru.broker.partition.TailBudget;
import dev.naru.broker.replica.PartitionAssignment;
import dev.naru.metadata.image.ImageDelta;
import dev.naru.metadata.log.Applied;
import dev.naru.metadata.log.ImageSubscriber;
import dev.naru.types.NodeId;
import dev.naru.types.PartitionId;
import java.util.Collection;
import java.util.Collections;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * The partitions of this node: gives each a place when the image gives this node a replica, passes
 * on what the image says of it, and takes the place away again. Changed by the image's thread only;
 * read by all.
 */
public final class PartitionDirectory implements ImageSubscriber {

  /** Opens and puts away logs, on a thread that may wait for the disk. */
  public interface Opener {
    /** Opens or makes the partition's log and then {@linkplain Place#take takes} the place. */
    void open(PartitionAssignment assignment, Place place);

    /**
     * The same for one of many that have come together: a log that is yet to be made may wait a
     * little, until it is its turn or it is {@linkplain #hurry hurried}.
     */
    default void openInTurn(PartitionAssignment assignment, Place place) {
      open(assignment, place);
    }

    /** Somebody asks for this partition: if its log waits to be made, it waits no more. */
    default void hurry(PartitionId partition) {}

    /** The image took the replica away: its log is put aside once the partition has closed. */
    void putAway(PartitionId partition, boolean isTopicDeleted);
  }

  /** A place that waits for its partition. */
  public interface Place {
    /** What the partition shares with the others of its loop. */
    TailBudget tails();

    /** The log is open. */
    void take(Partition partition);

    /** The log will not be opened: whoever waits for the partition is refused. */
    default void abandon() {}
  }

  private static final Logger LOG = LogManager.getLogger(PartitionDirectory.class);

  private static final CompletableFuture<?> DONE = CompletableFuture.completedFuture(true);

  /**
   * Changed partitions of one image whose logs are opened at once: more than topics usually have.
   * To open so many takes some ten milliseconds of a processor, which nobody else misses.
   */
  private static final int AT_ONCE_MAX = 64;

  private final NodeId self;
  private final LoopGroup loops;
  private final Opener opener;
  private final ConcurrentSkipListMap<PartitionId, PartitionSeat> seats =
      new ConcurrentSkipListMap<>();

  /** The last that is to be done with each log; what has been done goes with the next. */
  private final ConcurrentHashMap<PartitionId, CompletableFuture<?>> steps =
      new ConcurrentHashMap<>();

  /** An empty directory, to be subscribed to the image. */
  public PartitionDirectory(NodeId self, LoopGroup loops, Opener opener) {
    this.self = self;
    this.loops = loops;
    this.opener = opener;
  }

  /** The partition's place, if this node has a replica. */
  public Optional<PartitionSeat> seat(PartitionId partition) {
    return Optional.ofNullable(seats.get(partition));
  }

  /** All places; a view that changes with the directory. */
  public Collection<PartitionSeat> seats() {
    return Collections.unmodifiableCollection(seats.values());
  }

  @Override
  public void imageChanged(ImageDelta delta, Applied applied) {
    var changed = new TreeSet<>(delta.partitions());
    if (!delta.nodes().isEmpty()) {
      seats.keySet().stream().filter(id -> concerns(delta, id)).forEach(changed::add);
    }
    boolean areMany = changed.size() > AT_ONCE_MAX;
    changed.forEach(id -> update(id, delta, applied, areMany));
  }

  /** Somebody asks for a partition whose log may not be open yet. From any thread. */
  public void hurry(PartitionId partition) {
    opener.hurry(partition);
  }

  /** Whether one of the replicas is on a node that changed. */
  private static boolean concerns(ImageDelta delta, PartitionId id) {
    return delta
        .after()
        .partition(id)
        .map(entry -> entry.replicaNodes().stream().anyMatch(delta.nodes()::contains))
        .orElse(false);
  }

  private void update(PartitionId id, ImageDelta delta, Applied applied, boolean isOneOfMany) {
    var assignment =
        PartitionAssignment.of(applied.image(), applied.index(), id)
            .filter(found -> found.replicaOn(self).isPresent());
    if (assignment.isEmpty()) {
      Optional.ofNullable(seats.remove(id)).ifPresent(seat -> close(seat, delta));
      return;
    }
    var image = new PartitionInput.ImageApplied(assignment.get());
    seat(id).ifPresentOrElse(seat -> seat.tell(image), () -> begin(image, isOneOfMany));
  }

  private void begin(PartitionInput.ImageApplied image, boolean isOneOfMany) {
    var id = image.assignment().id();
    var seat = loops.seatFor(id);
    seat.expect(image);
    seats.put(id, seat);
    inOrder(id, DONE, () -> open(image.assignment(), seat.place(), isOneOfMany));
  }

  private void open(PartitionAssignment assignment, Place place, boolean isOneOfMany) {
    if (isOneOfMany) {
      opener.openInTurn(assignment, place);
    } else {
      opener.open(assignment, place);
    }
  }

  private void close(PartitionSeat seat, ImageDelta delta) {
    boolean isTopicDeleted = delta.topicsDeleted().contains(seat.id().topic());
    var closed = new CompletableFuture<Boolean>();
    inOrder(seat.id(), closed, () -> opener.putAway(seat.id(), isTopicDeleted));
    seat.tell(new PartitionInput.Closed(), () -> closed.complete(true));
  }

  /**
   * Does this once it is ready, and after all that was to be done before with the partition's log.
   * A replica that is taken away and given back at once is another one: were the log opened before
   * it is put away, it would be put away in use. One that fails stops none of those behind it.
   */
  private void inOrder(PartitionId id, CompletableFuture<?> ready, Runnable step) {
    steps.values().removeIf(CompletableFuture::isDone);
    var before = steps.getOrDefault(id, DONE);
    if (before.isDone() && ready.isDone()) {
      guarded(id, step); // as nearly always
    } else {
      steps.put(id, CompletableFuture.allOf(before, ready).thenRun(() -> guarded(id, step)));
    }
  }

  private static void guarded(PartitionId id, Runnable step) {
    try {
      step.run();
    } catch (RuntimeException e) {
      LOG.error(EventCode.INTERNAL_FAULT.marker(), "A step with the log of {} failed", id, e);
    }
  }
}
