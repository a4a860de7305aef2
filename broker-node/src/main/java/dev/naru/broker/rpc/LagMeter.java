package dev.naru.broker.rpc;

import dev.naru.broker.group.LagAnswer;
import dev.naru.broker.group.LagPosition;
import dev.naru.broker.partition.PartitionView;
import dev.naru.broker.partition.ReadVerdict.DataLost;
import dev.naru.types.ErrorCode;
import dev.naru.types.PartitionId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Function;

/** Says what lies behind positions in partitions that this node leads. For any thread. */
public final class LagMeter {

  /** Positions that are looked up in one go on a thread that reads, so that fetches get between. */
  private static final int READS_MAX = 64;

  private final Function<PartitionId, Optional<PartitionView>> views;
  private final Executor reads;
  private final ReadFaults faults;

  /**
   * Looks into these.
   *
   * @param reads where files may be read
   */
  public LagMeter(
      Function<PartitionId, Optional<PartitionView>> views, Executor reads, ReadFaults faults) {
    this.views = views;
    this.reads = reads;
    this.faults = faults;
  }

  /** A position with something behind it whose age is not known yet. */
  private record Unread(int number, PartitionView view, LagAnswer.Found found, long from) {}

  /** One answer for each, in the order of the positions; never completes with a failure. */
  public CompletableFuture<List<LagAnswer>> measure(List<LagPosition> positions) {
    var answers = new AtomicReferenceArray<LagAnswer>(positions.size());
    var unread = new ArrayList<Unread>();
    for (int i = 0; i < positions.size(); i++) {
      var position = positions.get(i);
      var view = views.apply(position.partition());
      var answer = view.map(seen -> look(seen, position)).orElseGet(LagMeter::notHere);
      answers.set(i, answer);
      if (answer instanceof LagAnswer.Found found && found.records(position.offset()) > 0) {
        unread.add(new Unread(i, view.orElseThrow(), found, found.readsFrom(position.offset())));
      }
    }
    var readings = new ArrayList<CompletableFuture<Void>>();
    for (int from = 0; from < unread.size(); from += READS_MAX) {
      var some = unread.subList(from, Math.min(from + READS_MAX, unread.size()));
      readings.add(onReader(() -> some.forEach(each -> answers.set(each.number, aged(each)))));
    }
    return CompletableFuture.allOf(readings.toArray(CompletableFuture[]::new))
        .handle((_, _) -> listOf(answers));
  }

  /** What needs no file. */
  private static LagAnswer look(PartitionView view, LagPosition position) {
    if (!view.isLeader()) {
      return notHere();
    }
    if (!view.isNewestOffsetKnown()) {
      return new LagAnswer.Unknown(ErrorCode.OFFSET_NOT_AVAILABLE);
    }
    if (position.epoch().filter(view.leaderEpoch()::isBefore).isPresent()) {
      return new LagAnswer.Unknown(ErrorCode.UNKNOWN_LEADER_EPOCH); // it leads no more
    }
    return new LagAnswer.Found(
        view.highWatermark(), view.log().start(), partedAt(view, position), OptionalLong.empty());
  }

  private static LagAnswer notHere() {
    return new LagAnswer.Unknown(ErrorCode.NOT_LEADER);
  }

  private static OptionalLong partedAt(PartitionView view, LagPosition position) {
    var verdict = view.admit(position.offset(), Optional.of(view.leaderEpoch()), position.epoch());
    return verdict instanceof DataLost(long end, _) && end < position.offset()
        ? OptionalLong.of(end)
        : OptionalLong.empty();
  }

  private CompletableFuture<Void> onReader(Runnable reading) {
    try {
      return CompletableFuture.runAsync(reading, reads);
    } catch (RejectedExecutionException e) {
      return CompletableFuture.completedFuture(null); // ages stay unknown: consumers go first
    }
  }

  /** Of a log that has changed since, the age is found in the newer view that there is by then. */
  private LagAnswer aged(Unread unread) {
    try {
      var oldest = oldest(unread.view, unread);
      if (oldest.isEmpty()) {
        oldest =
            views
                .apply(unread.view.id())
                .filter(newer -> newer.isLeader() && newer.log().start() <= unread.from)
                .map(newer -> oldest(newer, unread))
                .orElse(oldest);
      }
      var found = unread.found;
      return new LagAnswer.Found(found.highWatermark(), found.logStart(), found.partedAt(), oldest);
    } catch (RuntimeException e) {
      return new LagAnswer.Unknown(faults.readFailed(unread.view.id(), e).code());
    }
  }

  private static OptionalLong oldest(PartitionView view, Unread unread) {
    return view.log().oldestTimeFrom(unread.from, unread.found.highWatermark());
  }

  private static List<LagAnswer> listOf(AtomicReferenceArray<LagAnswer> answers) {
    var list = new ArrayList<LagAnswer>(answers.length());
    for (int i = 0; i < answers.length(); i++) {
      list.add(answers.get(i));
    }
    return List.copyOf(list);
  }
}
