package dev.naru.metadata.image;

import dev.naru.types.LeaderEpoch;
import dev.naru.types.NodeId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * The declared losses of one partition, by rising leader epoch and rising offset: a later one that
 * begins no higher says all that an earlier one does. They are kept for good, because a replica may
 * return from long ago, and must know what of its log may go. A loss that turned out to be nothing
 * is kept only while there is a later one.
 *
 * @param all at most {@link #COUNT_MAX}
 */
public record Losses(List<DeclaredLoss> all) {

  /**
   * More than a partition should ever have. Of more, those that were nothing go first. Then two
   * neighbours become one, those that begin closest to each other; but not the newest, of which
   * more may be heard. From then on a replica from before both says what it would cut rather than
   * cutting it.
   */
  public static final int COUNT_MAX = 16;

  /** Nothing was ever given up. */
  public static final Losses NONE = new Losses(List.of());

  /** Refuses losses that are out of order. */
  public Losses {
    all = List.copyOf(all);
    for (int i = 1; i < all.size(); i++) {
      if (!all.get(i - 1).leaderEpoch().isBefore(all.get(i).leaderEpoch())) {
        throw new IllegalArgumentException("Expected rising leader epochs, but were " + all);
      }
    }
    if (all.size() > COUNT_MAX) {
      throw new IllegalArgumentException(
          "Expected at most %s losses, but were %s".formatted(COUNT_MAX, all.size()));
    }
  }

  /** The one with the highest leader epoch. */
  public Optional<DeclaredLoss> last() {
    return all.isEmpty() ? Optional.empty() : Optional.of(all.getLast());
  }

  /** The one with this leader epoch. */
  public Optional<DeclaredLoss> at(LeaderEpoch epoch) {
    return all.stream().filter(loss -> loss.leaderEpoch().equals(epoch)).findFirst();
  }

  /**
   * The one that a log is subject to whose last batch is of this epoch: the first after it. Those
   * that follow begin higher.
   */
  public Optional<DeclaredLoss> after(LogEnd log) {
    return all.stream().filter(loss -> log.isBefore(loss.leaderEpoch())).findFirst();
  }

  /**
   * Those that may have taken something of a log that ends so, in order. The first after its last
   * batch, unless that has kept all of it. But what the first has kept of it a later one may have
   * taken: the log may have been a part of the log of the leaders between the two. So nobody need
   * remember which leader accepted it last to know of all of them.
   */
  public List<DeclaredLoss> thatMayHaveTakenOf(LogEnd log) {
    var takers = new ArrayList<DeclaredLoss>();
    long end = log.end();
    for (var loss : all) {
      if (log.isBefore(loss.leaderEpoch()) && loss.from() < end && !loss.hasKept(log)) {
        takers.add(loss);
        end = Math.min(end, loss.kept().end());
      }
    }
    return takers;
  }

  /** Those that whoever knew of losses up to this leader epoch has not heard of. */
  public Losses since(LeaderEpoch known) {
    return new Losses(all.stream().filter(loss -> known.isBefore(loss.leaderEpoch())).toList());
  }

  /** The first of those after a log's last batch that waits for this replica to say how far. */
  public Optional<DeclaredLoss> firstWaitingFor(NodeId node, LogEnd log) {
    return all.stream()
        .filter(loss -> log.isBefore(loss.leaderEpoch()) && loss.unheard().contains(node))
        .findFirst();
  }

  /** Whether one of them waits for this replica to say how far its log reaches. */
  public boolean anyWaitsFor(NodeId node) {
    return all.stream().anyMatch(loss -> loss.unheard().contains(node));
  }

  /**
   * What these tell that the others did not: losses that are new, wider, or better known. That two
   * are no longer told apart is none; nor is that nothing was lost ({@link #disprovedSince}).
   */
  public List<DeclaredLoss> newsSince(Losses known) {
    return all.stream()
        .filter(loss -> !loss.isNothing())
        .filter(loss -> known.at(loss.leaderEpoch()).filter(loss::saysNoMoreThan).isEmpty())
        .toList();
  }

  /** Those that the others did not have, and for which somebody was passed over who had more. */
  public List<DeclaredLoss> passedOverSince(Losses known) {
    return all.stream()
        .filter(loss -> !loss.passedOver().isEmpty())
        .filter(loss -> known.at(loss.leaderEpoch()).isEmpty())
        .toList();
  }

  /**
   * Those of the others of which it has turned out since that nothing was lost, whether they still
   * have a place or not.
   */
  public List<DeclaredLoss> disprovedSince(Losses known) {
    return known.all.stream()
        .filter(old -> !old.isNothing())
        .filter(old ->
            at(old.leaderEpoch())
                .map(DeclaredLoss::isNothing)
                .orElseGet(() -> all.stream().noneMatch(loss -> loss.hasTaken(old))))
        .toList();
  }

  /** How many offsets of this loss, one of these, the others have declared already. */
  public long declaredBefore(DeclaredLoss loss, Losses known) {
    return known.all.stream()
        .filter(old ->
            at(old.leaderEpoch())
                .map(kept -> kept.equals(loss))
                .orElseGet(() -> loss.hasTaken(old)))
        .mapToLong(DeclaredLoss::offsets)
        .sum();
  }

  /** With one more, which is the latest. */
  public Losses with(DeclaredLoss loss) {
    var more = new ArrayList<>(all);
    more.add(loss);
    return normal(more);
  }

  /**
   * After one more recovery, which gave this up, if it is anything. The choice had nothing to cut
   * and leads: so earlier losses need not wait for it any longer.
   */
  public Losses recovered(NodeId choice, DeclaredLoss loss) {
    var more = new ArrayList<>(all.stream().map(old -> old.joinedBy(choice)).toList());
    if (!loss.isNothing()) {
      more.add(loss);
    }
    return normal(more);
  }

  /** With each of them changed. */
  public Losses mapped(UnaryOperator<DeclaredLoss> change) {
    return normal(all.stream().map(change).toList());
  }

  private static Losses normal(List<DeclaredLoss> losses) {
    return new Losses(withinCount(withoutNothingAtTheEnd(rising(losses))));
  }

  /** A later one that begins no higher stands for the earlier one as well. */
  private static List<DeclaredLoss> rising(List<DeclaredLoss> losses) {
    var kept = new ArrayList<DeclaredLoss>();
    for (var loss : losses) {
      var last = loss;
      while (!kept.isEmpty() && kept.getLast().from() >= last.from()) {
        var earlier = kept.removeLast();
        last = earlier.isNothing() ? last : last.inPlaceOf(earlier);
      }
      kept.add(last);
    }
    return kept;
  }

  /**
   * One that was nothing counts only below a later one: logs from before it may be cut there.
   * Subject to the later one, they would announce all that lies between as lost.
   */
  private static List<DeclaredLoss> withoutNothingAtTheEnd(List<DeclaredLoss> losses) {
    var kept = new ArrayList<>(losses);
    while (!kept.isEmpty() && kept.getLast().isNothing()) {
      kept.removeLast();
    }
    return kept;
  }

  private static List<DeclaredLoss> withinCount(List<DeclaredLoss> losses) {
    var kept = new ArrayList<>(losses);
    while (kept.size() > COUNT_MAX && kept.stream().anyMatch(DeclaredLoss::isNothing)) {
      kept.remove(kept.stream().filter(DeclaredLoss::isNothing).findFirst().orElseThrow());
    }
    while (kept.size() > COUNT_MAX) {
      int earlier = closestToItsNext(kept);
      kept.set(earlier + 1, kept.get(earlier + 1).withoutTellingApart(kept.get(earlier)));
      kept.remove(earlier);
    }
    return kept;
  }

  /** The oldest of several; the newest loss is nobody's next. */
  private static int closestToItsNext(List<DeclaredLoss> losses) {
    int closest = 0;
    for (int i = 1; i < losses.size() - 2; i++) {
      if (distance(losses, i) < distance(losses, closest)) {
        closest = i;
      }
    }
    return closest;
  }

  private static long distance(List<DeclaredLoss> losses, int earlier) {
    return losses.get(earlier + 1).declared().from() - losses.get(earlier).from();
  }
}
