package dev.naru.broker.rpc;

import dev.naru.broker.loop.PartitionSeat;
import dev.naru.broker.partition.FetchKey;
import dev.naru.broker.partition.PartitionInput.FetchWaits;
import dev.naru.broker.rpc.FetchReader.Look;
import dev.naru.broker.rpc.FetchReader.Piece;
import dev.naru.proto.v1.ErrorCode;
import dev.naru.proto.v1.FetchResponse;
import dev.naru.record.BatchBytes;
import dev.naru.wire.WithBatches;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * The answer to one fetch request, from the first look to the last message. Looks at all positions;
 * waits in the partitions' loops while there is less than asked for; reads on the pool, a little at
 * a time, but what it has waited for at once; sends while the stream takes it. Owned by the event
 * loop of its stream.
 *
 * <pre>
 * LOOKING ──nothing──▶ WAITING ──wake or time──▶ LOOKING
 *    └──something──▶ READING ──too little──▶ LOOKING
 *                       └──enough──▶ SENDING ──all sent, more to read──▶ READING
 *                                       └──────────────────────────────▶ DONE
 * </pre>
 */
final class FetchAnswer {

  private enum State {
    LOOKING,
    WAITING,
    READING,
    SENDING,
    DONE
  }

  private final FetchKey key;
  private final FetchStream stream;
  private final FetchReader reader;
  private final List<FetchCursor> cursors;
  private final int bytesMin;
  private final long deadlineNanos;
  private final ArrayDeque<Piece> pieces = new ArrayDeque<>();
  private final List<PartitionSeat> waitsAt = new ArrayList<>();
  private State state = State.LOOKING;
  private int bytesLeft;
  private int bytesGathered;
  private boolean mustAnswer;
  private boolean isWoken; // by a partition, and has read nothing since

  FetchAnswer(
      FetchKey key,
      FetchStream stream,
      FetchReader reader,
      List<FetchCursor> cursors,
      int bytesMin,
      int bytesMax,
      long deadlineNanos) {
    this.key = key;
    this.stream = stream;
    this.reader = reader;
    this.cursors = cursors;
    this.bytesMin = bytesMin;
    this.bytesLeft = bytesMax;
    this.deadlineNanos = deadlineNanos;
  }

  /** The client's number for the request. */
  long requestId() {
    return key.request();
  }

  /** Looks at everything that is not read to its end. */
  void look() {
    state = State.LOOKING;
    var readable = new ArrayList<Look.Found>();
    var waiting = new ArrayList<Look.Waits>();
    for (var cursor : cursors) {
      if (!cursor.isClosed()) {
        switch (reader.look(cursor)) {
          case Look.Found found -> readable.add(found);
          case Look.Waits found -> waiting.add(found);
          case Look.Refusal(_, var answer) -> {
            cursor.close();
            pieces.add(Piece.empty(cursor, answer));
            mustAnswer = true;
          }
        }
      }
    }
    if (!readable.isEmpty() && bytesLeft > 0) {
      read(readable);
    } else if (isEnough() || waiting.isEmpty()) {
      send();
    } else {
      await(waiting);
    }
  }

  private boolean isEnough() {
    return mustAnswer
        || bytesGathered >= bytesMin
        || bytesLeft <= 0
        || stream.isPast(deadlineNanos);
  }

  /**
   * What came while this waited was written a moment ago, as a rule: its pages are in memory, and
   * two changes of threads would take longer than reading it.
   */
  private void read(List<Look.Found> readable) {
    state = State.READING;
    if (isWoken) {
      isWoken = false;
      onRead(reader.readNewest(readable, bytesLeft, bytesGathered == 0));
      return;
    }
    reader.read(readable, bytesLeft, bytesGathered == 0, stream::onEventLoop, this::onRead);
  }

  private void onRead(List<Piece> found) {
    if (state == State.DONE) {
      found.forEach(Piece::release);
      return;
    }
    for (var piece : found) {
      if (piece.partition().getError() != ErrorCode.ERROR_CODE_NONE) {
        piece.cursor().close();
        mustAnswer = true;
        pieces.add(piece);
      } else if (piece.batches().isEmpty()) {
        piece.cursor().close(); // no room for it, or cut under the reader: for the next request
        mustAnswer = true;
      } else {
        piece.cursor().advance(piece.batches());
        if (piece.isLast()) {
          piece.cursor().close();
          mustAnswer = true;
        }
        bytesGathered += piece.size();
        bytesLeft -= piece.size();
        pieces.add(piece);
      }
    }
    if (isEnough()) {
      send();
    } else {
      look();
    }
  }

  private void await(List<Look.Waits> waiting) {
    state = State.WAITING;
    for (var wait : waiting) {
      var input =
          new FetchWaits(key, wait.view().leaderEpoch(), wait.cursor().offset(), deadlineNanos);
      if (!wait.seat().remember(input)) {
        mustAnswer = true; // the loop is full: better an empty answer than one that may never come
        endWait();
        send();
        return;
      }
      waitsAt.add(wait.seat());
    }
    waiting.forEach(this::wakeIfMoved);
    stream.wakeAt(deadlineNanos, this);
  }

  /** What happened since the look may have come before the loop knew that this waits for it. */
  private void wakeIfMoved(Look.Waits wait) {
    if (reader.hasMoved(wait)) {
      wait.seat().wake();
    }
  }

  /** Something happened at a partition, which has forgotten this fetch by now. */
  void wake() {
    if (state == State.WAITING) {
      isWoken = true;
      if (waitsAt.size() == 1) {
        waitsAt.clear(); // it was that one
      }
      endWait();
      look();
    }
  }

  /** Time is up. */
  void timeUp() {
    if (state == State.WAITING) {
      endWait();
      look();
    }
  }

  private void endWait() {
    waitsAt.forEach(seat -> seat.forget(key));
    waitsAt.clear();
  }

  /** Sends what the stream takes; called again when it takes more. */
  void send() {
    state = State.SENDING;
    while (pieces.size() > 1 && stream.isReady()) {
      send(pieces.remove(), false);
    }
    if (pieces.isEmpty() || (pieces.size() == 1 && stream.isReady())) {
      sendLastOrReadMore();
    }
  }

  /** The last piece there is may be that of the answer: then nobody waits for another message. */
  private void sendLastOrReadMore() {
    var readable = readable();
    boolean isLast = readable.isEmpty();
    if (!pieces.isEmpty()) {
      send(pieces.remove(), isLast);
    } else if (isLast) {
      send(FetchResponse.newBuilder().setLast(true), BatchBytes.EMPTY);
    }
    if (isLast) {
      state = State.DONE;
      stream.done(key.request());
    } else {
      read(readable);
    }
  }

  private List<Look.Found> readable() {
    var readable = new ArrayList<Look.Found>();
    for (var cursor : cursors) {
      if (bytesLeft > 0 && !cursor.isClosed() && reader.look(cursor) instanceof Look.Found found) {
        readable.add(found);
      }
    }
    return readable;
  }

  private void send(Piece piece, boolean isLast) {
    try {
      send(
          FetchResponse.newBuilder().setPartition(piece.partition()).setLast(isLast),
          piece.batches());
    } finally {
      piece.release();
    }
  }

  private void send(FetchResponse.Builder response, BatchBytes batches) {
    stream.send(new WithBatches<>(response.setRequestId(key.request()).build(), batches));
  }

  /** The stream takes more. */
  void resume() {
    if (state == State.SENDING) {
      send();
    }
  }

  /** The stream is gone. */
  void cancel() {
    endWait();
    state = State.DONE;
    pieces.forEach(Piece::release);
    pieces.clear();
  }
}
