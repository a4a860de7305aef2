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
 * return from long ago, and must know what of its log may go.
 *
 * @param all at most {@link #COUNT_MAX}
 */
public record Losses(List<DeclaredLoss> all) {

  /**
   * More than a partition should ever have. If there are more, the two oldest become one, which
   * says at least what both said.
   */
  public static final int COUNT_MAX = 4;

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
          "Expected at most %d losses, but were %d".formatted(COUNT_MAX, all.size()));
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

  /** Those that whoever knew of losses up to this leader epoch has not heard of. */
  public List<DeclaredLoss> since(LeaderEpoch known) {
    return all.stream().filter(loss -> known.isBefore(loss.leaderEpoch())).toList();
  }

  /** Whether one of them waits for this replica to say how far its log reaches. */
  public boolean waitFor(NodeId node) {
    return all.stream().anyMatch(loss -> loss.unheard().contains(node));
  }

  /** With one more, which is the latest. */
  public Losses with(DeclaredLoss loss) {
    var more = new ArrayList<>(all);
    more.add(loss);
    return normal(more);
  }

  /** With each of them changed. */
  public Losses mapped(UnaryOperator<DeclaredLoss> change) {
    return normal(all.stream().map(change).toList());
  }

  private static Losses normal(List<DeclaredLoss> losses) {
    var kept = new ArrayList<DeclaredLoss>();
    for (var loss : losses) {
      var last = loss;
      while (!kept.isEmpty() && kept.getLast().from() >= last.from()) {
        last = last.inPlaceOf(kept.removeLast());
      }
      kept.add(last);
    }
    while (kept.size() > COUNT_MAX) {
      var oldest = kept.removeFirst();
      kept.set(0, kept.getFirst().mergedWith(oldest));
    }
    return new Losses(kept);
  }
}
