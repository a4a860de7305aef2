package dev.naru.metadata.log;

import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.image.ImageDelta;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * Hands images to subscribers and completes those who wait for an index, on its own thread {@code
 * image}, so that apply calls nobody. It queues nothing: it looks at the newest {@link Applied},
 * and a slow subscriber gets several changes as one delta.
 */
public final class ImagePublisher implements AutoCloseable {

  private final Supplier<Applied> newest;
  private final FatalFault fatal;
  private final Thread thread;
  private final ConcurrentLinkedQueue<ImageSubscriber> arriving = new ConcurrentLinkedQueue<>();
  private final ConcurrentSkipListMap<Waiter, CompletableFuture<Applied>> waiting =
      new ConcurrentSkipListMap<>();
  private final AtomicLong waiters = new AtomicLong();

  /** Set by whoever has news, cleared by the thread before it looks: no news is missed. */
  private volatile boolean news = true;

  private volatile boolean closed;

  private record Waiter(long index, long number) implements Comparable<Waiter> {
    @Override
    public int compareTo(Waiter other) {
      int byIndex = Long.compare(index, other.index);
      return byIndex != 0 ? byIndex : Long.compare(number, other.number);
    }
  }

  /** One subscriber, and the image it was last shown. */
  private static final class Subscription {
    final ImageSubscriber subscriber;
    ClusterImage shown;

    Subscription(ImageSubscriber subscriber, ClusterImage shown) {
      this.subscriber = subscriber;
      this.shown = shown;
    }
  }

  private ImagePublisher(Supplier<Applied> newest, ThreadFactory threads, FatalFault fatal) {
    this.newest = newest;
    this.fatal = fatal;
    this.thread = threads.newThread(this::run);
    thread.setName("image");
  }

  /**
   * Starts its thread. A subscriber that throws is a bug after which it has missed a change: fatal.
   */
  public static ImagePublisher start(
      Supplier<Applied> newest, ThreadFactory threads, FatalFault fatal) {
    var publisher = new ImagePublisher(newest, threads, fatal);
    publisher.thread.start();
    return publisher;
  }

  /** See {@link MetadataLog#subscribe}. */
  public void subscribe(ImageSubscriber subscriber) {
    arriving.add(subscriber);
    signal();
  }

  /** See {@link MetadataLog#whenApplied}. */
  public CompletableFuture<Applied> whenApplied(long index) {
    var waiter = new Waiter(index, waiters.incrementAndGet());
    var future = new CompletableFuture<Applied>();
    waiting.put(waiter, future);
    var _ = future.whenComplete((_, _) -> waiting.remove(waiter)); // also one that gave up
    signal();
    return future;
  }

  /** Something was applied. Never blocks; called by apply. */
  public void signal() {
    news = true;
    LockSupport.unpark(thread);
  }

  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(thread);
  }

  private void run() {
    var subscriptions = new ArrayList<Subscription>();
    try {
      while (!closed) {
        if (!news) {
          LockSupport.park(this);
          continue;
        }
        news = false;
        Applied applied = newest.get();
        welcome(subscriptions, applied.image());
        show(subscriptions, applied);
        complete(applied);
      }
    } catch (RuntimeException | Error e) {
      fatal.end("Expected every image subscriber to return, but one threw", e);
    }
    waiting.values().forEach(future -> future.cancel(false));
  }

  private void welcome(List<Subscription> subscriptions, ClusterImage image) {
    var empty = ClusterImage.empty(image.clusterId());
    for (var next = arriving.poll(); next != null; next = arriving.poll()) {
      subscriptions.add(new Subscription(next, image.equals(empty) ? image : empty));
    }
  }

  /** Nearly always all have been shown the same before: what differs is looked for once. */
  @SuppressWarnings("ReferenceEquality") // the same object means no change
  private static void show(List<Subscription> subscriptions, Applied applied) {
    Optional<ImageDelta> last = Optional.empty();
    for (var subscription : subscriptions) {
      var before = subscription.shown;
      if (before != applied.image()) {
        var delta =
            last.filter(known -> known.before() == before)
                .orElseGet(() -> ImageDelta.between(before, applied.image()));
        last = Optional.of(delta);
        subscription.shown = applied.image();
        subscription.subscriber.imageChanged(delta, applied);
      }
    }
  }

  private void complete(Applied applied) {
    for (Map.Entry<Waiter, CompletableFuture<Applied>> entry : waiting.entrySet()) {
      if (entry.getKey().index() > applied.index()) {
        return;
      }
      entry.getValue().complete(applied);
    }
  }
}
