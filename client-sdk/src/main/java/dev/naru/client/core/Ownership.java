package dev.naru.client.core;

import dev.naru.types.PartitionId;
import dev.naru.types.Refused;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The partitions that a member of a group reads now, and the changes that lead to those that it was
 * told of, in their order: first what is lost goes, then what is to be given back, then the group
 * hears that, and then what was granted comes. Each change is asked for with one method and
 * confirmed with another, and may take as many polls as it needs; what stays is in none of them and
 * is never touched.
 *
 * <p>A partition that was granted anew is another one, although it has the same name: somebody else
 * may have read it in between. So it is lost first.
 *
 * <p>Owned by the thread that polls.
 */
public final class Ownership {

  private final SortedMap<PartitionId, Owned> owned = new TreeMap<>();
  private Told told = Told.nothing(0);
  private boolean isReported = true;
  private int epoch;

  /** Takes what the group says; what is older than that which is known is ignored. */
  public void told(Told news) {
    boolean isNewer =
        news.incarnation() > told.incarnation()
            || (news.incarnation() == told.incarnation() && news.epoch() > told.epoch());
    if (isNewer) {
      told = news;
      isReported = false;
    }
  }

  /** Why there is nothing to read, nor will be; empty while all is well. */
  public Optional<Refused> failure() {
    return told.failure();
  }

  /**
   * The epoch up to which all is done as the group said: what is committed is to say this one, not
   * the newest that was told. Else a partition that was given to somebody else and granted anew in
   * between, of which the application has not heard, would be set back by a commit that counts as
   * one under the new grant. Zero before the first report.
   */
  public int epoch() {
    return epoch;
  }

  /** What is read, in the order of its ids. */
  public List<Grant> owned() {
    return owned.values().stream().map(Owned::grant).toList();
  }

  /** Whether everything is as it was told, and the group has heard that. */
  public boolean isSettled() {
    return isReported && toTake().isEmpty();
  }

  /** Whether records of it may be handed out: it is read, and by all that is known stays so. */
  public boolean isReadable(PartitionId id) {
    var held = owned.get(id);
    return held != null && isKept(held);
  }

  /** What is read although somebody else may read it already. */
  public List<Grant> lost() {
    return owned.values().stream().filter(this::isLost).map(Owned::grant).toList();
  }

  /** What is to be given back; nobody else reads it before. */
  public List<Grant> toGiveBack() {
    return owned.values().stream()
        .filter(held -> !isLost(held) && !isKept(held))
        .map(Owned::grant)
        .toList();
  }

  /** These are not read any more. */
  public void dropped(List<Grant> gone) {
    gone.forEach(grant -> owned.remove(grant.id()));
  }

  /**
   * What the group is to hear now: that nothing is held any more but what it granted last. Empty if
   * it has heard that, or while something is to be lost or given back.
   */
  public Optional<Held> report() {
    if (isReported || !owned.values().stream().allMatch(this::isKept)) {
      return Optional.empty();
    }
    isReported = true;
    epoch = told.epoch();
    return Optional.of(
        new Held(told.incarnation(), told.epoch(), new TreeSet<>(told.grants().keySet())));
  }

  /** What was granted and is not read yet; empty before the group has heard the rest. */
  public List<Grant> toTake() {
    return isReported
        ? told.grants().values().stream().filter(grant -> !owned.containsKey(grant.id())).toList()
        : List.of();
  }

  /**
   * These are read from now on.
   *
   * @throws IllegalStateException if they are not granted now
   */
  public void took(List<Grant> granted) {
    for (var grant : granted) {
      var now = told.grants().get(grant.id());
      if (now == null || now.epoch() != grant.epoch()) {
        throw new IllegalStateException("Expected " + grant + " to be granted, but " + told);
      }
      owned.put(grant.id(), new Owned(grant, told.incarnation()));
    }
  }

  private boolean isLost(Owned held) {
    var now = told.grants().get(held.grant.id());
    return held.incarnation != told.incarnation()
        || (now != null && now.epoch() != held.grant.epoch());
  }

  private boolean isKept(Owned held) {
    return !isLost(held) && told.grants().containsKey(held.grant.id());
  }

  private record Owned(Grant grant, int incarnation) {}
}
