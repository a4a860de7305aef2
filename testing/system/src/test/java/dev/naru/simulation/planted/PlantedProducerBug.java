package dev.naru.simulation.planted;

import dev.naru.broker.replica.SafetyRules;
import dev.naru.broker.replica.ToFollower;
import dev.naru.broker.replica.ToFollower.AcceptOrder;
import dev.naru.log.PartitionLog;
import dev.naru.log.producer.ProducerLedger;
import dev.naru.log.producer.Run;
import dev.naru.log.producer.Verdict;
import dev.naru.log.producer.Verdict.Duplicate;
import dev.naru.log.producer.Verdict.Fresh;
import dev.naru.log.producer.Verdict.Refusal;
import dev.naru.record.BatchHeader;
import dev.naru.types.ErrorCode;
import dev.naru.types.PartitionId;
import dev.naru.types.Refused;
import java.util.List;
import java.util.SortedMap;

/** What systems of this kind have got wrong about batches that are sent again. */
public enum PlantedProducerBug implements Planted {

  /** I17: nobody asks whether a batch is there. */
  STORES_WHAT_COMES_AGAIN(1, "ExactlyOnce", World.PLAIN) {
    @Override
    public SafetyRules safety() {
      return new Wrong() {
        @Override
        public Verdict judge(ProducerLedger ledger, BatchHeader header) {
          return new Fresh();
        }
      };
    }
  },

  /** I18: a duplicate is answered for although its first copy may yet be cut. */
  ANSWERS_A_DUPLICATE_TOO_EARLY(1, "NoCommittedLoss", World.PLAIN) {
    @Override
    public SafetyRules safety() {
      return new Wrong() {
        @Override
        public boolean mayAnswerAgain(long end, long highWatermark) {
          return true;
        }
      };
    }
  },

  /** I18: of each producer only the last batch is known, though five may be under way. */
  KNOWS_THE_LAST_BATCH_ONLY(1, "ExactlyOnce", World.PLAIN) {
    @Override
    public SafetyRules safety() {
      return new Wrong() {
        @Override
        public Verdict judge(ProducerLedger ledger, BatchHeader header) {
          var verdict = super.judge(ledger, header);
          boolean isBeforeTheLast =
              verdict instanceof Duplicate(_, long end)
                  && ledger
                      .state(header.producerId())
                      .map(state -> state.runs().getLast())
                      .map(Run::firstOffset)
                      .filter(last -> end <= last)
                      .isPresent();
          return isBeforeTheLast
              ? new Refusal(new Refused(ErrorCode.DUPLICATE_SEQUENCE, "Expected the last batch"))
              : verdict;
        }
      };
    }
  },

  /** I18: what is known of producers does not survive a restart. */
  FORGETS_PRODUCERS_AT_RESTART(1, "ExactlyOnce LedgerEquality", World.PLAIN) {
    @Override
    public void beforeRoles(SortedMap<PartitionId, PartitionLog> logs) {
      logs.values().forEach(log -> log.producers().age(-1));
    }
  },

  /** I18: a copy that begins anew is not told of producers whose batches it will not be given. */
  COPIES_BATCHES_ONLY(400, "ExactlyOnce LedgerEquality", World.RETAINING) {
    @Override
    public ToFollower heard(ToFollower message) {
      return message instanceof AcceptOrder order
          ? order.telling(List.of(), order.hasMore())
          : message;
    }
  };

  private final long pinnedSeed;
  private final String convictedBy;
  private final World world;

  PlantedProducerBug(long pinnedSeed, String convictedBy, World world) {
    this.pinnedSeed = pinnedSeed;
    this.convictedBy = convictedBy;
    this.world = world;
  }

  @Override
  public World world() {
    return world;
  }

  @Override
  public long pinnedSeed() {
    return pinnedSeed;
  }

  @Override
  public List<String> convictedBy() {
    return List.of(convictedBy.split(" "));
  }

  private static class Wrong extends SafetyRules {}
}
