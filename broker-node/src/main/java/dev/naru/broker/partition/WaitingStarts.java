package dev.naru.broker.partition;

import dev.naru.broker.partition.PartitionInput.StartAsked;
import dev.naru.broker.partition.PartitionInput.StartDue;
import dev.naru.broker.replica.LeaderEpochCheck;
import dev.naru.types.ErrorCode;
import dev.naru.types.LeaderEpoch;
import dev.naru.types.Refused;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Lets a log begin later, as its leader decides, and tells who waits when no replica in sync begins
 * earlier any more.
 */
final class WaitingStarts {

  /** Calls of people and their scripts; each waits a minute at most. */
  private static final int WAITING_MAX = 1_000;

  private final HeldPartition held;
  private final LeaderEpoch epoch;
  private final List<StartAsked> waiting = new ArrayList<>();

  WaitingStarts(HeldPartition held, LeaderEpoch epoch) {
    this.held = held;
    this.epoch = epoch;
  }

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  /** Nobody waits for this. */
  void due(StartDue due) {
    if (whyNot(due).isEmpty()) {
      held.raiseStart(due.start(), due.why());
    }
  }

  /**
   * Somebody waits for this.
   *
   * @param startInSync where the logs of all in-sync replicas begin now
   */
  void asked(StartAsked asked, long startInSync) {
    whyNot(asked.due())
        .or(this::whyNoRoom)
        .ifPresentOrElse(
            why -> asked.done().accept(Optional.of(why)),
            () -> {
              due(asked.due());
              waiting.add(asked);
              complete(startInSync);
            });
  }

  private Optional<Refused> whyNot(StartDue due) {
    return LeaderEpochCheck.whyNot(due.leaderEpoch(), epoch)
        .or(() ->
            due.start() <= held.highWatermark()
                ? Optional.empty()
                : Optional.of(
                    new Refused(
                        ErrorCode.OFFSET_OUT_OF_RANGE,
                        "Expected a log start up to the high watermark %d of %s, but was %d"
                            .formatted(held.highWatermark(), held.id(), due.start()))));
  }

  private Optional<Refused> whyNoRoom() {
    return waiting.size() < WAITING_MAX
        ? Optional.empty()
        : Optional.of(
            new Refused(
                ErrorCode.TOO_MANY_REQUESTS,
                "Expected fewer than %d calls that wait for the log start of %s"
                    .formatted(WAITING_MAX, held.id())));
  }

  /** Tells those that waited for no more than this. */
  void complete(long startInSync) {
    end(asked -> asked.due().start() <= startInSync, Optional.empty());
  }

  /** Forgets those that nobody waits for any more. */
  void forgetGone() {
    waiting.removeIf(asked -> asked.isGone().getAsBoolean());
  }

  /** The reign is over: the next leader may not know of a start that not everybody has. */
  void endAll() {
    var why =
        new Refused(
            ErrorCode.NOT_LEADER,
            "Expected to lead %s until all in-sync replicas begin there, but leader epoch %s is over here"
                .formatted(held.id(), epoch));
    end(asked -> true, Optional.of(why));
  }

  private void end(Predicate<StartAsked> which, Optional<Refused> why) {
    var ended = waiting.stream().filter(which).toList();
    waiting.removeAll(ended);
    ended.forEach(asked -> asked.done().accept(why));
  }
}
