package dev.naru.broker.rpc;

import dev.naru.broker.loop.PartitionSeat;
import dev.naru.broker.loop.ReadPool;
import dev.naru.broker.metrics.NodeMeters;
import dev.naru.broker.partition.PartitionView;
import dev.naru.broker.partition.ReadVerdict;
import dev.naru.broker.replica.KnownLeader;
import dev.naru.log.FetchSlice;
import dev.naru.log.ReadMemory;
import dev.naru.proto.v1.FetchedPartition;
import dev.naru.record.BatchBytes;
import dev.naru.types.ErrorCode;
import dev.naru.types.PartitionId;
import dev.naru.types.Refused;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** What a fetch finds: first by a look at the partitions' views, then in their files. */
final class FetchReader {

  /** What is read in one go: few system calls, and little memory for each stream. */
  private static final int READ_BYTES_MAX = 1 << 20;

  /** What is read on an event loop: no more than copies in a few dozen microseconds. */
  private static final int NEWEST_BYTES_MAX = 256 << 10;

  private final ServingNode node;
  private final ReadPool pool;
  private final ReadMemory memory;
  private final ReadFaults faults;
  private final NodeMeters meters;
  private final RequestTimes.OfReads times;

  FetchReader(
      ServingNode node,
      ReadPool pool,
      ReadMemory memory,
      ReadFaults faults,
      NodeMeters meters,
      RequestTimes.OfReads times) {
    this.node = node;
    this.pool = pool;
    this.memory = memory;
    this.faults = faults;
    this.meters = meters;
    this.times = times;
  }

  /** What a look at a partition says. */
  sealed interface Look {
    /** There is something to read below here. */
    record Found(FetchCursor cursor, String topic, PartitionView view, long below)
        implements Look {}

    /** Nothing yet. */
    record Waits(FetchCursor cursor, PartitionSeat seat, PartitionView view) implements Look {}

    /** Nothing ever, and this is to be told. */
    record Refusal(FetchCursor cursor, FetchedPartition answer) implements Look {}
  }

  /**
   * A part of an answer: batches of one partition, or its error. Whoever has it holds the batches.
   *
   * @param isLast whether there is no room for more of the partition in this answer
   */
  record Piece(FetchCursor cursor, FetchedPartition partition, BatchBytes batches, boolean isLast) {

    /** Without batches. */
    static Piece empty(FetchCursor cursor, FetchedPartition partition) {
      return new Piece(cursor, partition, BatchBytes.EMPTY, true);
    }

    int size() {
      return batches.size();
    }

    void release() {
      batches.release();
    }
  }

  Look look(FetchCursor cursor) {
    return switch (node.find(cursor.partition(), cursor.knownEpoch().isPresent())) {
      case ServingNode.Found.Elsewhere(var why, var leader) ->
          refusal(cursor, Optional.empty(), why, leader, OptionalLong.empty());
      case ServingNode.Found.Here here -> look(cursor, here);
    };
  }

  private Look look(FetchCursor cursor, ServingNode.Found.Here here) {
    var view = here.view();
    return switch (admit(cursor, view)) {
      case ReadVerdict.Readable(long below) ->
          new Look.Found(cursor, here.topic().name(), view, below);
      case ReadVerdict.Waits _ -> new Look.Waits(cursor, here.seat(), view);
      case ReadVerdict.Denied(var why) ->
          refusal(
              cursor,
              Optional.of(view),
              why,
              why.code() == ErrorCode.NOT_LEADER ? view.leader() : Optional.empty(),
              OptionalLong.empty());
      case ReadVerdict.DataLost(long end, var why) ->
          refusal(cursor, Optional.of(view), why, Optional.empty(), OptionalLong.of(end));
    };
  }

  private static ReadVerdict admit(FetchCursor cursor, PartitionView view) {
    return view.admit(cursor.offset(), cursor.knownEpoch(), cursor.lastEpoch());
  }

  private Look refusal(
      FetchCursor cursor,
      Optional<PartitionView> view,
      Refused why,
      Optional<KnownLeader> leader,
      OptionalLong divergingEnd) {
    meters.refused("fetch", why.code());
    var answer =
        view.map(found -> describe(cursor.partition(), found))
            .orElseGet(() -> named(cursor.partition()))
            .setError(ProtoIds.code(why.code()))
            .setErrorMessage(why.reason());
    leader.flatMap(node::hint).ifPresent(answer::setLeader);
    divergingEnd.ifPresent(answer::setDivergingEnd);
    return new Look.Refusal(cursor, answer.build());
  }

  /** Whether another look would say something else by now than that there is nothing yet. */
  boolean hasMoved(Look.Waits look) {
    return look.seat()
        .view()
        .map(now -> admit(look.cursor(), now))
        .filter(ReadVerdict.Waits.class::isInstance)
        .isEmpty();
  }

  /**
   * Reads on the pool what the looks found, in their order and within the bound, and hands the
   * pieces over on the event loop. What does not fit comes as a piece without batches.
   *
   * @param isFirst whether nothing was read for this answer yet: its first batch comes whole,
   *     however large it is
   * @param eventLoop takes a task; false if it never runs it
   */
  void read(
      List<Look.Found> found,
      int bytesMax,
      boolean isFirst,
      Predicate<Runnable> eventLoop,
      Consumer<List<Piece>> then) {
    long askedNanos = times.now();
    try {
      pool.execute(() -> {
        times.began(askedNanos);
        var pieces = read(found, bytesMax, isFirst, READ_BYTES_MAX);
        if (!eventLoop.test(() -> then.accept(pieces))) {
          pieces.forEach(Piece::release);
        }
      });
    } catch (RejectedExecutionException e) {
      var why =
          new Refused(
              ErrorCode.TOO_MANY_REQUESTS, "Expected room in the queue of reads, but it is full");
      then.accept(found.stream().map(look -> failed(look, why)).toList());
    }
  }

  /** The same at once and less of it, on the caller's thread: for what the page cache still has. */
  List<Piece> readNewest(List<Look.Found> found, int bytesMax, boolean isFirst) {
    return read(found, bytesMax, isFirst, NEWEST_BYTES_MAX);
  }

  private List<Piece> read(
      List<Look.Found> found, int bytesMax, boolean isFirst, int readBytesMax) {
    var pieces = new ArrayList<Piece>();
    int allowed = bytesMax;
    int wanted = Math.min(bytesMax, readBytesMax);
    for (var look : found) {
      if (wanted <= 0) {
        break;
      }
      int room = Math.min(allowed, look.cursor().bytesLeft());
      var piece = read(look, Math.min(wanted, room), room);
      if (piece.size() > room && !(isFirst && pieces.isEmpty())) {
        piece.release();
        pieces.add(Piece.empty(look.cursor(), piece.partition()));
      } else {
        pieces.add(piece);
        allowed -= piece.size();
        wanted -= piece.size();
      }
    }
    return pieces;
  }

  private Piece read(Look.Found look, int bytesMax, int room) {
    try {
      long beganNanos = times.now();
      FetchSlice slice =
          look.view().log().read(look.cursor().offset(), bytesMax, look.below(), memory);
      times.read(beganNanos, slice.batches().size());
      meters.fetched(look.topic(), slice.batches().size());
      return new Piece(
          look.cursor(),
          describe(look.cursor().partition(), look.view())
              .setError(ProtoIds.code(ErrorCode.NONE))
              .build(),
          slice.batches(),
          slice.isFull() && bytesMax == room);
    } catch (RuntimeException e) {
      return failed(look, faults.readFailed(look.cursor().partition(), e));
    }
  }

  private static Piece failed(Look.Found look, Refused why) {
    var answer =
        describe(look.cursor().partition(), look.view())
            .setError(ProtoIds.code(why.code()))
            .setErrorMessage(why.reason());
    return Piece.empty(look.cursor(), answer.build());
  }

  private static FetchedPartition.Builder describe(PartitionId partition, PartitionView view) {
    return named(partition).setHighWatermark(view.highWatermark()).setLogStart(view.log().start());
  }

  static FetchedPartition.Builder named(PartitionId partition) {
    return FetchedPartition.newBuilder()
        .setTopicId(ProtoIds.uuid(partition.topic()))
        .setPartition(partition.partition());
  }
}
