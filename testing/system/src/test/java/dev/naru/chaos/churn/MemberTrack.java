package dev.naru.chaos.churn;

import dev.naru.testing.history.History;
import dev.naru.testing.history.Operation;
import dev.naru.testing.history.Operation.OfMember.Assigned;
import dev.naru.testing.history.Operation.OfMember.Committed;
import dev.naru.testing.history.Operation.OfMember.Leased;
import dev.naru.testing.history.Operation.Polled;
import dev.naru.testing.history.PartitionName;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.stream.LongStream;

/** What one member did, sorted by partition. */
final class MemberTrack {

  /**
   * Records that one poll gave.
   *
   * @param term the how-manieth time it is that the member has the partition
   * @param to after the last of them
   */
  record Given(MemberTrack by, int term, long atNanos, long from, long to) {}

  /** From when a member had a partition. */
  record Term(MemberTrack by, long fromNanos) {}

  /** A commit that was acknowledged. */
  record Commit(long invokedNanos, long atNanos, long offset) {}

  /** Where all members write what happened to a partition. */
  interface Book {
    void given(int partition, Given given);

    void term(int partition, Term term);

    void commit(int partition, Commit commit);
  }

  private final String name;
  private final String identity;
  private final String topic;
  private final LongStream.Builder turnsSeen = LongStream.builder();
  private final Map<Integer, Integer> terms = new TreeMap<>(); // how many, by partition
  private final Map<Integer, Given> last = new TreeMap<>(); // not yet in the book
  private long[] turns = {}; // when it polled

  private MemberTrack(String name, String identity, String topic) {
    this.name = name;
    this.identity = identity;
    this.topic = topic;
  }

  /**
   * Reads a history.
   *
   * @param identity who a member is to its group: a static one is the same when it comes again
   */
  static MemberTrack read(History history, String identity, String topic, Book book) {
    var track = new MemberTrack(history.name(), identity, topic);
    history.replay(operation -> track.take(operation, book));
    track.last.forEach(book::given);
    track.turns = track.turnsSeen.build().toArray();
    return track;
  }

  /** Of its history. */
  String name() {
    return name;
  }

  String identity() {
    return identity;
  }

  /** How often it polled between two times. */
  long turnsBetween(long fromNanos, long toNanos) {
    return LongStream.of(turns).filter(at -> at > fromNanos && at < toNanos).count();
  }

  private void take(Operation operation, Book book) {
    switch (operation) {
      case Leased(long at, _) -> turnsSeen.add(at);
      case Assigned(long at, var partition) when isOurs(partition) -> {
        terms.merge(partition.partition(), 1, Integer::sum);
        book.term(partition.partition(), new Term(this, at));
      }
      case Polled(long at, var partition, long offset, _, _) when isOurs(partition) ->
          given(partition.partition(), at, offset, book::given);
      case Committed(long invoked, long at, var partition, long offset) when isOurs(partition) ->
          book.commit(partition.partition(), new Commit(invoked, at, offset));
      default -> {
        // nothing of partitions
      }
    }
  }

  private boolean isOurs(PartitionName partition) {
    return partition.topic().equals(topic);
  }

  private void given(int partition, long at, long offset, BiConsumer<Integer, Given> to) {
    int term = terms.getOrDefault(partition, 0);
    var before = last.get(partition);
    if (before != null
        && before.atNanos() == at
        && before.term() == term
        && before.to() == offset) {
      last.put(partition, new Given(this, term, at, before.from(), offset + 1));
      return;
    }
    if (before != null) {
      to.accept(partition, before);
    }
    last.put(partition, new Given(this, term, at, offset, offset + 1));
  }
}
