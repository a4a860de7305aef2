package dev.naru.testing.history;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Everything that is known of a run, in a form that can be looked up: sends by value, values by
 * partition and offset. What is only walked through once stays in its file.
 */
final class Account {

  /** Sends, and offsets with a value, each: what fits a heap of 1 GiB. */
  static final int RECORDS_MAX = 20_000_000;

  private final Run run;
  private final SortedMap<Integer, Session> sessions = new TreeMap<>(); // by producer
  private final SortedMap<PartitionName, PartitionAccount> partitions = new TreeMap<>();
  private final List<PartitionAccount> byNumber = new ArrayList<>();
  private final List<String> sources = new ArrayList<>();
  private final boolean everyHistoryIsWhole;

  Account(Run run) {
    this.run = run;
    for (var end : run.finalState().partitions()) {
      var partition = new PartitionAccount(byNumber.size(), end);
      byNumber.add(partition);
      if (partitions.put(end.partition(), partition) != null) {
        throw new IllegalArgumentException("Expected one end of " + end.partition());
      }
    }
    everyHistoryIsWhole = run.histories().stream().allMatch(History::isWhole);
  }

  Run run() {
    return run;
  }

  // ---- what was sent

  /** False if the producer has begun before. */
  boolean begin(Session session) {
    return sessions.putIfAbsent(session.producer(), session) == null;
  }

  @Nullable Session session(int producer) {
    return sessions.get(producer);
  }

  Collection<Session> sessions() {
    return sessions.values();
  }

  /** The session of a value in a table, if this value was sent. */
  Optional<Session> sender(long packed) {
    if (packed < 0) {
      return Optional.empty();
    }
    var value = Value.unpacked(packed);
    return Optional.ofNullable(sessions.get(value.producer()))
        .filter(session -> value.sequence() < session.count());
  }

  /** Whether somebody may have sent it who was killed before that was taken down. */
  boolean mayHaveBeenSent(Value value) {
    var session = sessions.get(value.producer());
    return session == null
        ? !everyHistoryIsWhole
        : value.sequence() < session.count() || !session.isWhole();
  }

  // ---- what is where

  Optional<PartitionAccount> partition(PartitionName name) {
    return Optional.ofNullable(partitions.get(name));
  }

  /** By its number. */
  PartitionAccount partition(int number) {
    return byNumber.get(number);
  }

  Collection<PartitionAccount> partitions() {
    return partitions.values();
  }

  /** Number of somebody who says what is at an offset. */
  int source(String name) {
    sources.add(name);
    return sources.size() - 1;
  }

  String sourceName(int number) {
    return sources.get(number);
  }
}
