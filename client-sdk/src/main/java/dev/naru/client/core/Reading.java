package dev.naru.client.core;

import dev.naru.client.NaruException;
import dev.naru.client.Position;
import dev.naru.client.TopicPartition;
import dev.naru.record.BatchBytes;
import dev.naru.record.BatchRefusedException;
import dev.naru.record.RecordReader;
import dev.naru.types.ErrorCode;
import dev.naru.types.LeaderEpoch;
import dev.naru.types.Refused;
import dev.naru.types.TopicId;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Where a consumer stands in one partition: the position, what is fetched ahead of it, and where to
 * stop.
 *
 * <p>The position moves when records are handed out, and never otherwise but by a seek. A seek also
 * makes everything void that was fetched or asked for before: {@link #generation} tells old answers
 * from new ones.
 *
 * <p>Owned by the consumer's thread.
 */
public final class Reading {

  private final TopicPartition partition;
  private final ArrayDeque<FetchedBatches> fetched = new ArrayDeque<>();
  private Optional<Position> target; // sought, and not known as an offset yet
  private long position; // only where nothing is sought
  private Optional<LeaderEpoch> epoch = Optional.empty(); // of the last record handed out
  private long fetchedBytes;
  private int generation;
  private boolean isFetching;
  private boolean isPaused;
  private OptionalLong stopOffset = OptionalLong.empty();
  private OptionalLong stopMillis = OptionalLong.empty();
  private OptionalLong highWatermark = OptionalLong.empty();
  private Optional<NaruException> failure = Optional.empty();
  private Optional<TopicId> topic = Optional.empty(); // to which the position belongs
  private final Optional<TopicId> granted;
  private final boolean checksCrcs;
  private boolean isHeldBack;
  private Optional<HistoryCut> cut = Optional.empty();

  /** Begins at a place that is not known as an offset yet. */
  public Reading(TopicPartition partition, Position target) {
    this(partition, target, Optional.empty(), true);
  }

  /**
   * The same, of a certain topic.
   *
   * @param granted the topic of which a group granted the partition: another one of its name is
   *     never read instead
   * @param checksCrcs whether checksums are compared before records are read
   */
  public Reading(
      TopicPartition partition, Position target, Optional<TopicId> granted, boolean checksCrcs) {
    this.partition = partition;
    this.target = Optional.of(target);
    this.granted = granted;
    this.topic = granted;
    this.checksCrcs = checksCrcs;
  }

  /** Which partition. */
  public TopicPartition partition() {
    return partition;
  }

  /** Goes on elsewhere: forgets what was fetched, and what went wrong. */
  public void seek(Position to) {
    abandonFetch();
    fetched.clear();
    fetchedBytes = 0;
    epoch = Optional.empty();
    failure = Optional.empty();
    cut = Optional.empty();
    topic = granted;
    target = Optional.of(to);
  }

  /**
   * Goes on at an offset of this topic.
   *
   * @param after the leader epoch of the record before it, if that is known: then the first fetch
   *     notices when that record is not part of the log any more
   */
  public void resume(Optional<TopicId> of, long offset, Optional<LeaderEpoch> after) {
    seek(Position.offset(offset));
    settle(offset);
    epoch = after;
    topic = granted.or(() -> of);
  }

  /**
   * Goes back to an offset whose record was handed out, or to the position itself.
   *
   * @param after as for {@link #resume}
   * @throws IllegalArgumentException if it is beyond the position, or that is not known
   */
  public void putBack(long offset, Optional<LeaderEpoch> after) {
    if (target.isPresent() || offset > position) {
      throw new IllegalArgumentException(
          "Expected to put back records of "
              + partition
              + " that were returned, before its position "
              + target.map(String::valueOf).orElse(String.valueOf(position))
              + ", but they begin at "
              + offset);
    }
    resume(topic, offset, after);
  }

  /** The topic of which a group granted the partition; empty outside of a group's grants. */
  public Optional<TopicId> granted() {
    return granted;
  }

  /** Whether a group says of which topic the partition is. */
  public boolean isGranted() {
    return granted.isPresent();
  }

  /**
   * Takes the topic of this id for the one that is read, if none was since the last seek. False if
   * another one was.
   */
  public boolean adopts(TopicId id) {
    if (topic.isEmpty()) {
      topic = Optional.of(id);
    }
    return topic.get().equals(id);
  }

  /** What is sought, if its offset is not known yet. */
  public Optional<Position> target() {
    return target;
  }

  /** The offset of what was sought. */
  public void settle(long offset) {
    target = Optional.empty();
    position = offset;
  }

  /** Offset of the next record to hand out; empty while it is not known. */
  public OptionalLong position() {
    return target.isPresent() ? OptionalLong.empty() : OptionalLong.of(position);
  }

  /** Leader epoch of the record before the position, if one was handed out or it is known. */
  public Optional<LeaderEpoch> lastEpoch() {
    return epoch;
  }

  /**
   * Distinguishes the fetches of one position from those after a seek or a change of the leader.
   */
  public int generation() {
    return generation;
  }

  /** Whether an answer is awaited. */
  public boolean isFetching() {
    return isFetching;
  }

  /** A fetch is on its way. */
  public void beginFetch() {
    isFetching = true;
  }

  /** The answer to the fetch of this generation is complete. */
  public void endFetch(int ofGeneration) {
    if (ofGeneration == generation) {
      isFetching = false;
    }
  }

  /** The answer is no longer wanted, should it still come. */
  public void abandonFetch() {
    generation++;
    isFetching = false;
  }

  /** Where to fetch next: after everything that was fetched. */
  public long fetchOffset() {
    return fetched.isEmpty() ? position : fetched.getLast().end();
  }

  /** Leader epoch of the record before {@link #fetchOffset}; empty after a seek. */
  public Optional<LeaderEpoch> fetchEpoch() {
    return fetched.isEmpty() ? epoch : Optional.of(fetched.getLast().lastEpoch());
  }

  /** Bytes fetched and not handed out. */
  public long fetchedBytes() {
    return fetchedBytes;
  }

  /** Whether a fetch would be of use now, as far as this partition is concerned. */
  public boolean wantsFetch(long aheadBytesMax) {
    return target.isEmpty()
        && failure.isEmpty()
        && !isFetching
        && !isPaused
        && !isHeldBack
        && !isAtStop()
        && fetchedBytes < aheadBytesMax;
  }

  /** Bytes that stay until the application resumes, or wants to read on beyond its stop. */
  public long idleBytes() {
    return isPaused || isHeldBack || isAtStop() ? fetchedBytes : 0;
  }

  /**
   * Gives up what was fetched and not handed out: it is fetched again when it is wanted. Not where
   * something failed behind it, which is known by having been fetched only.
   */
  public void dropIdle() {
    if (idleBytes() > 0 && failure.isEmpty()) {
      abandonFetch(); // an answer would leave a gap to the position
      fetched.clear();
      fetchedBytes = 0;
    }
  }

  /** Batches came that follow what was fetched before. */
  public void fetched(BatchBytes batches) {
    if (batches.isEmpty()) {
      return;
    }
    try {
      var add = FetchedBatches.of(batches, checksCrcs);
      if (add.end() > fetchOffset()) {
        fetched.addLast(add);
        fetchedBytes += add.sizeInBytes();
      }
    } catch (BatchRefusedException e) {
      fail(unreadable(e.refused(), fetchOffset(), OptionalLong.empty()));
    }
  }

  /** Hands out up to so many records and moves past them. Returns how many. */
  public int drain(int most, RecordSink sink) {
    int count = 0;
    while (count < most && !fetched.isEmpty() && !isPaused && !isHeldBack && !isAtStop()) {
      var batches = fetched.getFirst();
      try {
        var record = batches.next(position);
        if (record == null) {
          leave(batches);
        } else if (!stopsBefore(record)) {
          sink.accept(record);
          passed(record);
          count++;
        }
      } catch (BatchRefusedException e) {
        long next = batches.header().nextOffset();
        failHere(unreadable(e.refused(), position, OptionalLong.of(next)));
      } catch (NaruException e) { // of the sink
        failHere(e);
      }
    }
    return count;
  }

  private void passed(RecordReader record) {
    position = record.offset() + 1;
    int leaderEpoch = record.header().leaderEpoch();
    if (epoch.isEmpty() || epoch.get().value() != leaderEpoch) {
      epoch = Optional.of(new LeaderEpoch(leaderEpoch));
    }
  }

  /** What was fetched beyond is of no use before a seek. */
  private void failHere(NaruException why) {
    fetched.clear();
    fetchedBytes = 0;
    fail(why);
  }

  private void leave(FetchedBatches batches) {
    position = Math.max(position, batches.readEnd());
    epoch = Optional.of(batches.lastEpoch());
    fetched.removeFirst();
    fetchedBytes -= batches.sizeInBytes();
  }

  private boolean stopsBefore(RecordReader record) {
    if (stopMillis.isPresent() && record.timestamp() >= stopMillis.getAsLong()) {
      stopOffset = OptionalLong.of(record.offset());
    }
    if (stopOffset.isPresent() && record.offset() >= stopOffset.getAsLong()) {
      position = Math.max(position, stopOffset.getAsLong());
      return true;
    }
    return false;
  }

  private NaruException unreadable(Refused why, long offset, OptionalLong next) {
    SortedMap<String, String> details = new TreeMap<>();
    details.put("topic", partition.topic());
    details.put("partition", Integer.toString(partition.partition()));
    details.put("offset", Long.toString(offset));
    next.ifPresent(end -> details.put("next.offset", Long.toString(end)));
    String stepOver =
        next.isPresent() ? "; seek to " + next.getAsLong() + " to step over the batch" : "";
    return new NaruException(
        why.code() == ErrorCode.UNSUPPORTED_COMPRESSION ? why.code() : ErrorCode.CORRUPT_RECORD,
        partition + " cannot be read at offset " + offset + ": " + why.reason() + stepOver,
        details);
  }

  /** Nothing can be read after what was fetched, until a seek. */
  public void fail(NaruException why) {
    failure = Optional.of(why);
  }

  /** Why nothing can be read from the position on, once everything before it was handed out. */
  public Optional<NaruException> failure() {
    return fetched.isEmpty() && !isPaused && !isHeldBack ? failure : Optional.empty();
  }

  /** Why there is no position; empty if there is one, or it is being looked up. */
  public Optional<NaruException> whyNowhere() {
    return target.isPresent() ? failure : Optional.empty();
  }

  /** Records that were read or committed as read are not part of the log any more. */
  public void cut(HistoryCut lost) {
    cut = Optional.of(lost);
  }

  /** What was lost of what lies before the position, until a seek. */
  public Optional<HistoryCut> historyCut() {
    return cut;
  }

  /**
   * Hands out nothing, fetches nothing and looks up no place for now: for the sake of the group,
   * whatever the application pauses or resumes.
   */
  public void holdBack(boolean held) {
    isHeldBack = held;
  }

  /** Whether nothing is done for the sake of the group. */
  public boolean isHeldBack() {
    return isHeldBack;
  }

  /** Hands out nothing until resumed. What was fetched is kept. */
  public void pause(boolean paused) {
    isPaused = paused;
  }

  /** Whether nothing is handed out. */
  public boolean isPaused() {
    return isPaused;
  }

  /** Hands out nothing from this offset on. */
  public void stopAt(long offset) {
    stopOffset = OptionalLong.of(offset);
    stopMillis = OptionalLong.empty();
  }

  /** Hands out nothing from the first record on that is this young. */
  public void stopAtTime(long timestampMillis) {
    stopOffset = OptionalLong.empty();
    stopMillis = OptionalLong.of(timestampMillis);
  }

  /** Whether the position has reached the stop. */
  public boolean isAtStop() {
    return target.isEmpty() && stopOffset.isPresent() && position >= stopOffset.getAsLong();
  }

  /** Notes what the leader said last. */
  public void highWatermark(long offset) {
    highWatermark = OptionalLong.of(offset);
  }

  /** What the leader said last; empty before it has answered. */
  public OptionalLong highWatermark() {
    return highWatermark;
  }

  /** How far the position is behind the last high watermark. */
  public OptionalLong lag() {
    return target.isPresent() || highWatermark.isEmpty()
        ? OptionalLong.empty()
        : OptionalLong.of(Math.max(highWatermark.getAsLong() - position, 0));
  }
}
