package dev.naru.stories;

import dev.naru.chaos.host.Wait;
import dev.naru.chaos.load.Threads;
import dev.naru.client.Codec;
import dev.naru.client.NaruClient;
import dev.naru.client.NaruException;
import dev.naru.client.ProducerRecord;
import dev.naru.client.producer.Producer;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;
import org.jspecify.annotations.Nullable;

/**
 * A producer with {@code acks=all} at a steady rate, and readers at the ends of what it writes,
 * each on a thread of its own, with the settings that applications have unless they choose others.
 * A record carries its number and when it was due, and all times count from that: a cluster that
 * holds up its producer is not the better for it.
 *
 * <pre>
 *  0  number, 8 bytes
 *  8  when it was due, 8 bytes: System.nanoTime
 * 16  bytes that do not compress
 * </pre>
 */
final class SteadyLoad implements AutoCloseable {

  /**
   * Those of a thousandth of a second are due together; more turns would cost more than records.
   */
  private static final long TURN_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private static final double NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final int DIGITS = 3;
  private static final int STAMP_BYTES = 2 * Long.BYTES;
  private static final Duration READY_MAX = Duration.ofMinutes(2);
  private static final Duration LAST_MAX = Duration.ofMinutes(2);

  private final Producer<byte[], byte[]> producer;
  private final List<String> turns;
  private final double perSecond;
  private final byte[] filling;
  private final List<TailReader> readers = new ArrayList<>();
  private final Recorder acks = new Recorder(DIGITS);
  private final BitSet acknowledged = new BitSet(); // guarded by itself
  private final LongAdder acknowledgements = new LongAdder();
  private final SortedMap<String, Long> failures = new TreeMap<>(); // guarded by itself
  private long lookedNanos; // these three belong to who looks
  private long ackedThen;
  private List<Long> readThen = List.of();
  private @Nullable Thread sender;
  private volatile long sent; // written by the sender alone
  private volatile boolean isEnding; // told to the sender

  private SteadyLoad(NaruClient client, List<String> turns, double perSecond, int valueBytes) {
    this.producer = client.producer(Codec.bytes(), Codec.bytes()).build();
    this.turns = List.copyOf(turns);
    this.perSecond = perSecond;
    this.filling = new byte[valueBytes];
    new Random(valueBytes).nextBytes(filling);
  }

  /**
   * Prepares one that does not write yet.
   *
   * @param turns the topics, one for each record, over and over
   * @param valueBytes of each record, at least 16
   */
  static SteadyLoad of(NaruClient client, List<String> turns, double perSecond, int valueBytes) {
    if (valueBytes < STAMP_BYTES) {
      throw new IllegalArgumentException(
          "Expected values of %d bytes at least, but %d".formatted(STAMP_BYTES, valueBytes));
    }
    return new SteadyLoad(client, turns, perSecond, valueBytes);
  }

  /** One more, who must be there before the load begins. */
  void read(TailReader reader) {
    readers.add(reader);
  }

  /** Writes as soon as all readers have their partitions. */
  void begin() {
    for (var reader : readers) {
      if (!Wait.comes(READY_MAX, reader::isReady)) {
        throw new AssertionError("Expected " + reader + " to get its partitions, but it has not");
      }
    }
    sender = Thread.ofPlatform().name("steady-sending").start(this::send);
    var _ = look();
  }

  // ---- writing

  private void send() {
    long begunNanos = System.nanoTime();
    for (long number = 0; !isEnding; number++) {
      long due = (long) (number * NANOS_PER_SECOND / perSecond);
      long dueNanos = begunNanos + due - due % TURN_NANOS;
      for (long left = dueNanos - System.nanoTime(); left > 0; ) {
        LockSupport.parkNanos(left);
        left = dueNanos - System.nanoTime();
      }
      send(number, dueNanos);
      sent = number + 1;
    }
  }

  private void send(long number, long dueNanos) {
    var value = filling.clone();
    ByteBuffer.wrap(value).putLong(number).putLong(dueNanos);
    producer.send(
        ProducerRecord.of(topicOf(number), value),
        (ack, failure) -> {
          if (failure == null) {
            acks.recordValue(System.nanoTime() - dueNanos);
            acknowledged(number);
          } else {
            failed(failure);
          }
        });
  }

  private void acknowledged(long number) {
    synchronized (acknowledged) {
      acknowledged.set(Math.toIntExact(number));
    }
    acknowledgements.increment();
  }

  private void failed(NaruException failure) {
    synchronized (failures) {
      failures.merge(failure.code().toString(), 1L, Long::sum);
    }
  }

  private String topicOf(long number) {
    return turns.get((int) (number % turns.size()));
  }

  static long numberOf(byte[] value) {
    return ByteBuffer.wrap(value).getLong();
  }

  static long dueNanosOf(byte[] value) {
    return ByteBuffer.wrap(value).getLong(Long.BYTES);
  }

  // ---- looking

  /**
   * What happened between two looks.
   *
   * @param acked records
   * @param read records of each reader, in their order
   * @param acks nanoseconds until acknowledgements
   * @param reads nanoseconds until polls, of all readers
   */
  record Interval(double seconds, long acked, List<Long> read, Histogram acks, Histogram reads) {

    double ackMillis(double percentile) {
      return millis(acks, percentile);
    }

    double readMillis(double percentile) {
      return millis(reads, percentile);
    }

    private static double millis(Histogram of, double percentile) {
      long micros = TimeUnit.NANOSECONDS.toMicros(of.getValueAtPercentile(percentile));
      return micros / 1e3;
    }
  }

  /** Since the last look, or since the load began. */
  Interval look() {
    var reads = new Histogram(DIGITS);
    readers.forEach(reader -> reads.add(reader.times()));
    var ackTimes = acks.getIntervalHistogram();
    long nowNanos = System.nanoTime();
    long acked = acknowledged();
    var read = readers.stream().map(TailReader::read).toList();
    var since = new ArrayList<Long>();
    for (int i = 0; i < read.size(); i++) {
      since.add(read.get(i) - (readThen.isEmpty() ? 0 : readThen.get(i)));
    }
    var interval =
        new Interval(
            (nowNanos - lookedNanos) / NANOS_PER_SECOND, acked - ackedThen, since, ackTimes, reads);
    lookedNanos = nowNanos;
    ackedThen = acked;
    readThen = read;
    return interval;
  }

  /** Records that are acknowledged. */
  long acknowledged() {
    return acknowledgements.sum();
  }

  /** Records whose producer gave up, by why. */
  SortedMap<String, Long> failures() {
    synchronized (failures) {
      return new TreeMap<>(failures);
    }
  }

  /** How much later than now the reader who is the latest will have all that has been sent. */
  long lagMillis() {
    long latest = 0;
    for (var reader : readers) {
      long behind = countOf(reader.topics(), sent) - reader.read();
      double share = countOf(reader.topics(), turns.size()) / (double) turns.size();
      latest = Math.max(latest, (long) (behind * 1000.0 / (perSecond * share)));
    }
    return latest;
  }

  /** How many of the first so many records are for these topics. */
  private long countOf(Set<String> topics, long records) {
    long inATurn = turns.stream().filter(topics::contains).count();
    long whole = records / turns.size() * inATurn;
    return whole + turns.stream().limit(records % turns.size()).filter(topics::contains).count();
  }

  // ---- the end

  /** Writes no more, and waits for the last answers and the last reads. */
  void end() {
    stopSending();
    producer.flush();
    if (!Wait.comes(LAST_MAX, () -> lost() == 0)) {
      System.out.printf("after %d s %d records are missing%n", LAST_MAX.toSeconds(), lost());
    }
  }

  private void stopSending() {
    isEnding = true;
    var running = sender;
    if (running != null) {
      Threads.join(running);
    }
  }

  /** Records that are acknowledged and that a reader of their topic has not had so far. */
  long lost() {
    return readers.stream().mapToLong(this::missing).sum();
  }

  private long missing(TailReader reader) {
    BitSet missing;
    synchronized (acknowledged) {
      missing = (BitSet) acknowledged.clone();
    }
    missing.andNot(reader.seen());
    return missing.stream().filter(number -> reader.topics().contains(topicOf(number))).count();
  }

  /** Records that a reader has had more than once. */
  long duplicates() {
    return readers.stream().mapToLong(TailReader::duplicates).sum();
  }

  /** Records that a reader has had behind later ones of their partition. */
  long reordered() {
    return readers.stream().mapToLong(TailReader::reordered).sum();
  }

  @Override
  public void close() {
    stopSending();
    producer.close(Duration.ofSeconds(10));
    readers.forEach(TailReader::close);
  }
}
