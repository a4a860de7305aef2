package dev.naru.testing.history;

import dev.naru.testing.history.Anomaly.Kind;
import dev.naru.testing.history.Operation.OfMember.Assigned;
import dev.naru.testing.history.Operation.OfMember.CommitInvoked;
import dev.naru.testing.history.Operation.OfMember.Committed;
import dev.naru.testing.history.Operation.OfMember.Found;
import dev.naru.testing.history.Operation.OfMember.Joined;
import dev.naru.testing.history.Operation.Polled;
import dev.naru.testing.history.Operation.Positioned;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * What a group has committed stays. Whoever asks how far it is, or is assigned a partition and
 * begins there, is at or above every commit that had been acknowledged before, and not above what
 * anybody had begun to commit by the time of the answer. Members of a run never commit less than
 * where they began, unless their history was cut: so a commit that is below one acknowledged before
 * it began is an anomaly too.
 */
final class CommittedOffsets implements Check {

  /** Somebody is told where a group is, or says it. */
  private record Word(long beganNanos, long atNanos, long offset, String what) {}

  /** Of one partition in one group. */
  private static final class Book {
    final List<Word> acknowledged = new ArrayList<>();
    final List<Word> begun = new ArrayList<>();
    final List<Word> places = new ArrayList<>();
  }

  @Override
  public void look(Account account, Findings findings) {
    var books = new TreeMap<GroupPartition, Book>();
    account.run().histories().forEach(history -> new Member(history.name(), books).read(history));
    books.forEach((partition, book) ->
        account.partition(partition.name()).ifPresent(of -> judge(book, of, findings)));
  }

  /** What one member says. */
  private static final class Member {

    private final String name;
    private final Map<GroupPartition, Book> books; // of all members
    private final Map<PartitionName, Long> assigned = new TreeMap<>(); // and not begun
    private int group;

    Member(String name, Map<GroupPartition, Book> books) {
      this.name = name;
      this.books = books;
    }

    void read(History history) {
      history.replay(this::take);
    }

    private void take(Operation operation) {
      switch (operation) {
        case Joined(_, int number) -> group = number;
        case Assigned(long at, var partition) -> assigned.put(partition, at);
        case Positioned(_, var partition, _) -> assigned.remove(partition);
        case Polled(long at, var partition, long offset, _, _) -> began(partition, at, offset);
        case CommitInvoked(long at, var partition, long offset) ->
            book(partition).begun.add(new Word(at, at, offset, name + " commits"));
        case Committed(long invoked, long at, var partition, long offset) ->
            book(partition).acknowledged.add(new Word(invoked, at, offset, name + " commits"));
        case Found(long invoked, long at, var partition, var offset) ->
            book(partition)
                .places
                .add(new Word(invoked, at, offset.orElse(0), name + " asks and finds"));
        default -> {
          // nothing of where a group is
        }
      }
    }

    private void began(PartitionName partition, long at, long offset) {
      var since = assigned.remove(partition);
      if (since != null) {
        book(partition).places.add(new Word(since, at, offset, name + " begins at"));
      }
    }

    private Book book(PartitionName partition) {
      return books.computeIfAbsent(new GroupPartition(group, partition), _ -> new Book());
    }
  }

  private static void judge(Book book, PartitionAccount partition, Findings findings) {
    findings.count("commits.acknowledged", book.acknowledged.size());
    findings.count("commits.found", book.places.size());
    notBelow(book.acknowledged, book.acknowledged, partition, findings);
    notBelow(book.places, book.acknowledged, partition, findings);
    notAbove(book.places, book.begun, partition, findings);
  }

  /** Each against the greatest that had been acknowledged before it began. */
  private static void notBelow(
      List<Word> words, List<Word> commits, PartitionAccount partition, Findings findings) {
    var later = sorted(words, Comparator.comparingLong(Word::beganNanos));
    var earlier = sorted(commits, Comparator.comparingLong(Word::atNanos));
    long greatest = 0;
    int at = 0;
    for (var word : later) {
      for (; at < earlier.size() && earlier.get(at).atNanos() < word.beganNanos(); at++) {
        greatest = Math.max(greatest, earlier.get(at).offset());
      }
      if (word.offset() < greatest) {
        long committed = greatest;
        add(Kind.COMMIT_LOST, word, partition, findings, "but %d was committed", committed);
      }
    }
  }

  /** Each against the greatest that anybody had begun to commit before it was told. */
  private static void notAbove(
      List<Word> places, List<Word> begun, PartitionAccount partition, Findings findings) {
    var told = sorted(places, Comparator.comparingLong(Word::atNanos));
    var before = sorted(begun, Comparator.comparingLong(Word::atNanos));
    long greatest = partition.end().explainedStart();
    int at = 0;
    for (var word : told) {
      for (; at < before.size() && before.get(at).atNanos() <= word.atNanos(); at++) {
        greatest = Math.max(greatest, before.get(at).offset());
      }
      if (word.offset() > greatest) {
        long most = greatest;
        add(
            Kind.COMMIT_UNKNOWN,
            word,
            partition,
            findings,
            "but nothing above %d was committed",
            most);
      }
    }
  }

  private static List<Word> sorted(List<Word> words, Comparator<Word> order) {
    return words.stream().sorted(order).toList();
  }

  private static void add(
      Kind kind, Word word, PartitionAccount partition, Findings findings, String but, long other) {
    findings.add(
        kind,
        partition,
        OptionalLong.of(word.offset()),
        OptionalLong.of(word.atNanos()),
        () -> "%s %d, %s".formatted(word.what(), word.offset(), but.formatted(other)));
  }
}
