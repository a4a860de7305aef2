package dev.naru.chaos.churn;

import dev.naru.chaos.churn.MemberTrack.Commit;
import dev.naru.chaos.churn.MemberTrack.Given;
import dev.naru.chaos.churn.MemberTrack.Term;
import dev.naru.testing.history.History;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * Puts the histories of all members side by side, and says what moved, what stood still and why.
 */
final class ChurnJudge {

  /**
   * So often a member polls while a record is kept from it before that counts: a process that
   * stands still as a whole has not paused a partition.
   */
  private static final int TURNS_MIN = 5;

  /** Of one partition. */
  private static final class Track {
    final List<Given> given = new ArrayList<>();
    final List<Term> terms = new ArrayList<>();
    final List<Commit> commits = new ArrayList<>();
  }

  private final AckLog acks;
  private final long pauseNanos;
  private final SortedMap<Integer, Track> tracks = new TreeMap<>();
  private final Map<Phase, ChurnFigures> figures = new LinkedHashMap<>();
  private long lost;
  private long doubledCommits;

  /** A time in which one thing is done to members. */
  record Phase(String name, long fromNanos, long toNanos) {}

  private ChurnJudge(AckLog acks, List<Phase> phases, Duration pause) {
    this.acks = acks;
    this.pauseNanos = pause.toNanos();
    phases.forEach(phase -> figures.put(phase, new ChurnFigures(phase)));
  }

  /**
   * Judges.
   *
   * @param identities of the members, by the names of their histories
   * @param pause a partition that stays may keep an acknowledged record waiting for so long
   */
  static ChurnJudge of(
      Collection<History> histories,
      Map<String, String> identities,
      String topic,
      AckLog acks,
      List<Phase> phases,
      Duration pause) {
    var judge = new ChurnJudge(acks, phases, pause);
    var book = judge.book();
    for (var history : histories) {
      MemberTrack.read(
          history, identities.getOrDefault(history.name(), history.name()), topic, book);
    }
    judge.tracks.forEach(judge::judge);
    return judge;
  }

  private MemberTrack.Book book() {
    return new MemberTrack.Book() {
      @Override
      public void given(int partition, Given given) {
        track(partition).given.add(given);
      }

      @Override
      public void term(int partition, Term term) {
        track(partition).terms.add(term);
      }

      @Override
      public void commit(int partition, Commit commit) {
        track(partition).commits.add(commit);
      }
    };
  }

  private Track track(int partition) {
    return tracks.computeIfAbsent(partition, _ -> new Track());
  }

  // ---- what came out

  /** Acknowledged, and given to no member. */
  long lost() {
    return lost;
  }

  /** Commits below one that had been acknowledged before they began. */
  long doubledCommits() {
    return doubledCommits;
  }

  /** In the order of the phases. */
  List<ChurnFigures> phases() {
    return List.copyOf(figures.values());
  }

  ChurnFigures phase(String name) {
    return figures.entrySet().stream()
        .filter(each -> each.getKey().name().equals(name))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElseThrow();
  }

  // ---- how

  private void judge(int partition, Track track) {
    track.given.sort(Comparator.comparingLong(Given::atNanos));
    track.terms.sort(Comparator.comparingLong(Term::fromNanos));
    coverage(partition, track);
    doubledCommits += fallingCommits(track);
    for (int i = 1; i < track.terms.size(); i++) {
      changed(partition, track.terms.get(i - 1), track.terms.get(i));
    }
    for (int i = 1; i < track.given.size(); i++) {
      went(partition, track.given.get(i - 1), track.given.get(i));
    }
  }

  private void coverage(int partition, Track track) {
    var seen = new BitSet();
    for (var given : track.given) {
      long again = seen.get((int) given.from(), (int) given.to()).cardinality();
      at(given.atNanos()).forEach(figures -> figures.again(again));
      seen.set((int) given.from(), (int) given.to());
    }
    acks.forEach(
        partition,
        offset -> {
          if (!seen.get((int) offset)) {
            lost++;
          }
        });
  }

  private static long fallingCommits(Track track) {
    var begun = new ArrayList<>(track.commits);
    begun.sort(Comparator.comparingLong(Commit::invokedNanos));
    var through = new ArrayList<>(track.commits);
    through.sort(Comparator.comparingLong(Commit::atNanos));
    long greatest = 0;
    long falling = 0;
    int at = 0;
    for (var commit : begun) {
      for (; at < through.size() && through.get(at).atNanos() < commit.invokedNanos(); at++) {
        greatest = Math.max(greatest, through.get(at).offset());
      }
      falling += commit.offset() < greatest ? 1 : 0;
    }
    return falling;
  }

  private void changed(int partition, Term before, Term now) {
    var at = at(now.fromNanos());
    if (at.isEmpty()) {
      return;
    }
    if (!before.by().identity().equals(now.by().identity())) {
      at.getFirst().moved();
    } else if (before.by() == now.by()) {
      at.getFirst()
          .paused(
              now.fromNanos(),
              "partition %d was taken from %s and given back"
                  .formatted(partition, now.by().name()));
    }
  }

  private void went(int partition, Given before, Given now) {
    var at = at(now.atNanos());
    if (at.isEmpty()) {
      return;
    }
    long since = Math.max(before.atNanos(), acks.atNanos(partition, now.from()));
    if (before.by() != now.by()) {
      at.getFirst().gap(now.atNanos() - before.atNanos());
    } else if (before.term() == now.term() && since < now.atNanos()) {
      long waited = now.atNanos() - since;
      at.getFirst().waited(waited);
      long turns = now.by().turnsBetween(since + pauseNanos / 2, now.atNanos());
      if (waited > pauseNanos && turns >= TURNS_MIN) {
        at.getFirst()
            .paused(
                since,
                "partition %d kept a record from %s for %d ms, who polled %d times meanwhile"
                    .formatted(
                        partition, now.by().name(), TimeUnit.NANOSECONDS.toMillis(waited), turns));
      }
    }
  }

  /** The figures of the phase of this time, if it is of any. */
  private List<ChurnFigures> at(long nanos) {
    return figures.entrySet().stream()
        .filter(each -> each.getKey().fromNanos() <= nanos && nanos <= each.getKey().toNanos())
        .map(Map.Entry::getValue)
        .toList();
  }
}
