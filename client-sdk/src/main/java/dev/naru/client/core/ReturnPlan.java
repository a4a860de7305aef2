package dev.naru.client.core;

import dev.naru.types.ErrorCode;
import java.util.ArrayList;
import java.util.List;

/**
 * What becomes of batches that come back, so that no record is stored twice and none is passed
 * over: a table, without a state.
 *
 * <p>As long as each of them can go again, each goes again under the stamp it has. The first one
 * that cannot leaves a gap in the numbers, behind which a leader takes nothing more of this epoch.
 * What is behind it and surely not stored gets new numbers in the next epoch. What is behind it and
 * may be stored can have neither: under its old numbers it would be refused, under new ones it
 * might be stored twice. So it fails, and its outcome is unknown.
 *
 * @param actions one for each batch, in their order
 * @param breaksChain whether the numbers of the lane begin anew in the next epoch
 * @param isFenced whether the producer's id is used by somebody else: no lane of it may go on
 */
public record ReturnPlan(List<Action> actions, boolean breaksChain, boolean isFenced) {

  /** Keeps its own list. */
  public ReturnPlan {
    actions = List.copyOf(actions);
  }

  /** The plan for these, oldest first: everything of a lane that has a stamp or had one before. */
  public static ReturnPlan of(List<ReturnedBatch> oldestFirst) {
    if (oldestFirst.stream().anyMatch(batch -> batch.ending == Ending.FENCED)) {
      return new ReturnPlan(oldestFirst.stream().map(ReturnPlan::end).toList(), true, true);
    }
    var actions = new ArrayList<Action>(oldestFirst.size());
    boolean isBroken = false;
    for (var batch : oldestFirst) {
      var action = isBroken ? behindTheGap(batch) : inTheChain(batch);
      actions.add(action);
      isBroken |= action != Action.RESEND && batch.outlook != Outlook.NEVER_SENT;
    }
    return new ReturnPlan(actions, isBroken, false);
  }

  private static Action inTheChain(ReturnedBatch batch) {
    return switch (batch.ending) {
      case NONE -> Action.RESEND;
      case OUT_OF_STEP ->
          batch.outlook == Outlook.MAY_BE_STORED ? Action.FAIL_UNKNOWN : Action.RESTAMP;
      case DOUBLED -> Action.FAIL_UNKNOWN;
      case HOPELESS, GIVEN_UP, FENCED -> end(batch);
    };
  }

  private static Action behindTheGap(ReturnedBatch batch) {
    if (batch.outlook == Outlook.MAY_BE_STORED) {
      return Action.FAIL_UNKNOWN;
    }
    return switch (batch.ending) {
      case NONE, OUT_OF_STEP -> Action.RESTAMP;
      case DOUBLED -> Action.FAIL_UNKNOWN;
      case HOPELESS, GIVEN_UP, FENCED -> Action.FAIL;
    };
  }

  private static Action end(ReturnedBatch batch) {
    return batch.outlook == Outlook.MAY_BE_STORED ? Action.FAIL_UNKNOWN : Action.FAIL;
  }

  /** What a batch does next. */
  public enum Action {
    /** Goes out again as it is; gets its numbers then, if it has none yet. */
    RESEND,
    /** Goes out again under new numbers, in the lane's next epoch. */
    RESTAMP,
    /** Fails: it is not stored. */
    FAIL,
    /** Fails: nobody knows whether it is stored. */
    FAIL_UNKNOWN
  }

  /** Why a batch cannot simply go again. */
  public enum Ending {
    /** It can. */
    NONE,
    /** It would be refused again, whatever its numbers. */
    HOPELESS,
    /** Its time is over, or its retries are used up. */
    GIVEN_UP,
    /** The leader does not know what its numbers follow. */
    OUT_OF_STEP,
    /** The leader has passed its numbers long ago and cannot say what it stored under them. */
    DOUBLED,
    /**
     * The leader knows a later epoch of this producer, which is nobody's but this one's to begin.
     */
    FENCED;

    /** By the code of a refusal that was the batch's own. */
    public static Ending of(ErrorCode code) {
      return switch (code) {
        case UNKNOWN_PRODUCER_ID, OUT_OF_ORDER_SEQUENCE -> OUT_OF_STEP;
        case DUPLICATE_SEQUENCE -> DOUBLED;
        case PRODUCER_FENCED -> FENCED;
        // A leader may not have heard of a new topic yet; the router finds out whether it exists.
        case TOPIC_NOT_FOUND, PARTITION_NOT_FOUND -> NONE;
        default -> code.isRetriable() ? NONE : HOPELESS;
      };
    }
  }

  /** A batch that comes back. */
  public record ReturnedBatch(Outlook outlook, Ending ending) {}
}
