package dev.naru.broker.rpc;

import dev.naru.metadata.command.MetadataCommand;
import dev.naru.metadata.image.Outcome;
import dev.naru.metadata.log.Applied;
import dev.naru.metadata.log.CommandSubmitter;
import dev.naru.metadata.log.MetadataLog;
import dev.naru.metadata.log.OutcomeUnknownException;
import dev.naru.types.ErrorCode;
import dev.naru.types.Refused;
import java.time.Duration;
import java.util.function.LongSupplier;

/** Brings a change to the active controller and waits until this node has applied it. */
public final class MetadataChanges {

  private final CommandSubmitter controller;
  private final MetadataLog log;

  /** Changes that go through this submitter and come back through this log. */
  public MetadataChanges(CommandSubmitter controller, MetadataLog log) {
    this.controller = controller;
    this.log = log;
  }

  /**
   * What this node has applied, with the change in it.
   *
   * @throws io.grpc.StatusRuntimeException if it was refused, or nothing is known of it in time
   */
  Applied make(MetadataCommand command) {
    return make(command, Deadlines::leftMillis);
  }

  /**
   * The same for a caller who wants something else and must not wait long for this: for the outcome
   * and for its being applied no more than this each.
   */
  Applied makeWithin(Duration most, MetadataCommand command) {
    return make(command, () -> Math.min(Deadlines.leftMillis(), most.toMillis()));
  }

  private Applied make(MetadataCommand command, LongSupplier leftMillis) {
    return switch (Deadlines.await(
        controller.submit(command, AccessInterceptor.callerIfAny()),
        this::explain,
        leftMillis.getAsLong())) {
      case Outcome.Accepted(long index) ->
          Deadlines.await(log.whenApplied(index), this::explain, leftMillis.getAsLong());
      case Outcome.Refusal(_, var why) -> throw ErrorStatus.of(why);
      case Outcome.NotAppended(var why, _) -> throw ErrorStatus.of(told(why));
    };
  }

  private Refused told(Refused why) {
    return StillServing.told(why, log.applied().image());
  }

  private Refused explain(Throwable fault) {
    return fault instanceof OutcomeUnknownException unknown
        ? told(unknown.why())
        : new Refused(ErrorCode.INTERNAL, "Expected the change to be made, but: " + fault);
  }
}
