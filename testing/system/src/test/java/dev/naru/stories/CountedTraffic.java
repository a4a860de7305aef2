package dev.naru.stories;

import static java.util.Objects.requireNonNull;

import dev.naru.chaos.host.Wait;
import dev.naru.chaos.load.Threads;
import dev.naru.client.Codec;
import dev.naru.client.NaruClient;
import dev.naru.client.NaruException;
import dev.naru.client.OffsetReset;
import dev.naru.client.ProducerRecord;
import dev.naru.client.consumer.Consumer;
import dev.naru.client.producer.Producer;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Numbered records at a steady pace, as an idempotent producer sends them, and a group of one
 * member that reads them all. Each is accounted for: which were acknowledged, which were read, and
 * how often.
 */
final class CountedTraffic implements AutoCloseable {

  private static final String GROUP = "upgraded";
  private static final int VALUE_BYTES = 100;
  private static final int TURNS_A_SECOND = 200;
  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration END_MAX = Duration.ofMinutes(3);

  private final Producer<byte[], byte[]> producer;
  private final Consumer<byte[], byte[]> consumer;
  private final String topic;
  private final int partitions;
  private final int rate;
  private final Thread writer;
  private final Thread reader;
  private final long beganNanos = System.nanoTime();

  private final BitSet acknowledged = new BitSet(); // guarded by this
  private final BitSet read = new BitSet(); // guarded by this
  private long duplicates; // guarded by this

  /** What the application was told, and how often. */
  private final SortedMap<String, Long> errors = new TreeMap<>(); // guarded by this

  /** Added and removed by the story, written by the thread of callbacks. */
  private final List<AckTimes> times = new CopyOnWriteArrayList<>();

  private volatile boolean isWritten; // told by the story, read by the writer
  private volatile boolean isClosed; // told by the story, read by the reader

  private CountedTraffic(NaruClient client, String topic, int partitions, int rate) {
    this.topic = topic;
    this.partitions = partitions;
    this.rate = rate;
    producer = client.producer(Codec.bytes(), Codec.bytes()).build();
    consumer =
        client
            .consumer(Codec.bytes(), Codec.bytes())
            .groupId(GROUP)
            .autoCommit(true)
            .autoOffsetReset(OffsetReset.EARLIEST)
            .build();
    reader = Thread.ofPlatform().name("counted-reader").start(this::read);
    writer = Thread.ofPlatform().name("counted-writer").start(this::write);
  }

  static CountedTraffic begin(NaruClient client, String topic, int partitions, int rate) {
    return new CountedTraffic(client, topic, partitions, rate);
  }

  /** Times of acknowledgements from now on, beside those that are taken already. */
  AckTimes timesFromNow() {
    var begun = new AckTimes(partitions, System.nanoTime());
    times.add(begun);
    return begun;
  }

  /** Nothing is added to these any more. */
  void end(AckTimes taken) {
    times.remove(taken);
  }

  // ---- writing

  private void write() {
    long next = System.nanoTime();
    for (int number = 0; !isWritten; ) {
      for (int i = 0; i < rate / TURNS_A_SECOND; i++, number++) {
        send(number, next);
      }
      next += TimeUnit.SECONDS.toNanos(1) / TURNS_A_SECOND;
      while (System.nanoTime() < next) {
        LockSupport.parkNanos(next - System.nanoTime());
      }
    }
  }

  /** Counted from when it was due: whoever is late because the one before was is late, too. */
  private void send(int number, long dueNanos) {
    byte[] value = ByteBuffer.allocate(VALUE_BYTES).putInt(number).array();
    int partition = number % partitions;
    producer.send(
        ProducerRecord.<byte[], byte[]>of(topic, value).withPartition(partition),
        (_, failure) -> {
          if (failure == null) {
            long now = System.nanoTime();
            times.forEach(taken -> taken.acknowledged(partition, dueNanos, now));
            acknowledged(number);
          } else {
            failed(failure);
          }
        });
  }

  private synchronized void acknowledged(int number) {
    acknowledged.set(number);
  }

  private synchronized void failed(Throwable failure) {
    var told = failure instanceof NaruException known ? known.code().name() : failure.toString();
    errors.merge(told, 1L, Long::sum);
  }

  // ---- reading

  private void read() {
    consumer.subscribe(List.of(topic));
    while (!isClosed) {
      try {
        for (var rec : consumer.poll(POLL)) {
          seen(ByteBuffer.wrap(requireNonNull(rec.value())).getInt());
        }
      } catch (NaruException e) {
        failed(e);
      }
    }
    consumer.close();
  }

  private synchronized void seen(int number) {
    duplicates += read.get(number) ? 1 : 0;
    read.set(number);
  }

  // ---- what became of them

  /** Writes no more, and waits until all that was acknowledged is read, or should have been. */
  void end() {
    isWritten = true;
    Threads.join(writer);
    producer.flush();
    boolean _ = Wait.comes(END_MAX, () -> lost() == 0);
    Wait.hold(POLL.multipliedBy(5)); // what comes twice comes now
  }

  /** Records acknowledged in a second, on average until now. */
  synchronized long perSecond() {
    return acknowledged.cardinality()
        / Math.max(1, TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - beganNanos));
  }

  synchronized long records() {
    return acknowledged.cardinality();
  }

  /** Acknowledged and not read. */
  synchronized long lost() {
    var missing = (BitSet) acknowledged.clone();
    missing.andNot(read);
    return missing.cardinality();
  }

  /** Read again. */
  synchronized long duplicates() {
    return duplicates;
  }

  /** What the application was told that it had to deal with, and how often. */
  synchronized SortedMap<String, Long> errors() {
    return new TreeMap<>(errors);
  }

  @Override
  public void close() {
    isWritten = true;
    isClosed = true;
    Threads.join(writer);
    Threads.join(reader);
    producer.close();
  }
}
