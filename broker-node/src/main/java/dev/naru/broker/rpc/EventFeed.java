package dev.naru.broker.rpc;

import dev.naru.metadata.chronicle.EventId;
import dev.naru.metadata.chronicle.Journal;
import dev.naru.types.ErrorCode;
import dev.naru.types.Refused;
import io.grpc.StatusRuntimeException;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongFunction;
import java.util.function.Supplier;

/**
 * What this node knows of the decisions in the metadata log, and the news of it. For any thread.
 *
 * @param journal as it is now
 * @param applied completes once this entry of the metadata log has been applied here
 */
public record EventFeed(
    Supplier<Journal> journal, LongFunction<? extends CompletableFuture<?>> applied) {

  /** Completes once there may be more than this journal has. */
  CompletableFuture<?> beyond(Journal known) {
    return applied.apply(known.through() + 1);
  }

  /**
   * Refuses to go on where something may be missing.
   *
   * @throws StatusRuntimeException OFFSET_OUT_OF_RANGE
   */
  static void checkKnown(Journal journal, EventId after) {
    if (!journal.knowsAllAfter(after)) {
      throw ErrorStatus.of(
          new Refused(
              ErrorCode.OFFSET_OUT_OF_RANGE,
              "Expected to go on after %s or a later event, but was %s: this node has forgotten what came between; the topic __events may have it"
                  .formatted(journal.floor().name(), after.name())));
    }
  }
}
